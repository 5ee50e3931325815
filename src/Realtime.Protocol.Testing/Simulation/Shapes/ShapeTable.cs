using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>
/// The events that one kind of session takes. Every message of a client passes here before anything acts on it; whether the moment is right for
/// it is for others to say.
/// </summary>
internal sealed class ShapeTable
{
    private readonly ShapeSessions _session;
    private readonly List<ShapeNode> _events = [];
    private readonly string[] _types;

    private ShapeTable(EventShape[] events, ShapeSessions session)
    {
        _session = session;
        EventShape[] taken = [.. events.Where(one => one.Sessions.HasFlag(session))];
        _events = [.. taken.Select(one => ShapeNode.Of(one, session))];
        _types = [.. taken.Select(static one => one.Type)];
    }

    public static ShapeTable Realtime { get; } = new(ClientShapes.Realtime, ShapeSessions.Realtime);

    public static ShapeTable Transcription { get; } = new(ClientShapes.Realtime, ShapeSessions.Transcription);

    public static ShapeTable Translation { get; } = new(ClientShapes.Translation, ShapeSessions.Translation);

    // What a switch lets through as well, the null, the voice, or both.
    private static readonly ShapeTable[] Lenient = [.. Enumerable.Range(1, 3).Select(static which => new ShapeTable(ClientShapes.Lenient((which & 1) != 0, (which & 2) != 0), ShapeSessions.Realtime))];

    /// <summary>What such a session of such a service takes.</summary>
    public static ShapeTable Of(SimulatedSessionKind kind, ServiceSwitches service) => (kind, service.ResponseNull, service.UnknownVoice) switch
    {
        (SimulatedSessionKind.Transcription, _, _) => Transcription,
        (SimulatedSessionKind.Translation, _, _) => Translation,
        (_, Verdict.Refuse, Verdict.Refuse) => Realtime,
        var (_, ofNull, ofVoice) => Lenient[(ofNull == Verdict.Accept ? 1 : 0) + (ofVoice == Verdict.Accept ? 2 : 0) - 1],
    };

    /// <summary>The rows of an event that is taken; null for others.</summary>
    public ShapeNode? Event(string type) => System.Array.IndexOf(_types, type) is >= 0 and int index ? _events[index] : null;

    /// <summary>Checks one whole message.</summary>
    /// <param name="mistake">What is wrong with it, and the id of the event as far as it has one.</param>
    public bool TryCheck(ReadOnlySpan<byte> message, out ClientMistake mistake)
    {
        mistake = default;
        Refusal refusal = Check(message);
        if (refusal.Code is null)
        {
            return true;
        }

        mistake = new ClientMistake(refusal, ClientMistake.FindEventId(message));
        return false;
    }

    private Refusal Check(ReadOnlySpan<byte> message)
    {
        var json = new JsonCursor(message);
        if (json.Peek() is not ((byte)'{' or 0))
        {
            return Refusal.Malformed(string.Create(CultureInfo.InvariantCulture, $"not a JSON object at byte {json.Position}"));
        }

        if (!json.Skip() || !json.End())
        {
            return Refusal.Malformed(json.ErrorNaming<EveryMemberName>().ToString());
        }

        JsonCursor checkedJson = JsonCursor.OfChecked(message, 0);
        if (!ShapeCheck.TryFind(checkedJson, "type"u8, out int at))
        {
            return Refusal.NoType;
        }

        if (message[at] != (byte)'"')
        {
            return Refusal.WrongType("type", "a string", ShapeCheck.Found(message[at]));
        }

        string type = ShapeCheck.TextAt(message, at);
        return System.Array.IndexOf(_types, type) is >= 0 and int index ? ShapeCheck.Of(message, _events[index])

            // A session that only transcribes says why it does not answer.
            : type == "response.create" && _session == ShapeSessions.Transcription ? Refusal.NoResponses
            : Refusal.NotOneOf("type", type, _types);
    }

    /// <summary>A name that nobody knows is content, which a reader's error leaves out; here it is told to the one who sent it.</summary>
    private readonly struct EveryMemberName : IMemberNames
    {
        public static bool Contains(ReadOnlySpan<byte> name) => true;
    }
}
