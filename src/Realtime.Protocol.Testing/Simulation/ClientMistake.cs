using System.Text;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the service would say about a message that could not be read: which rule it broke, where, and the id of the event as far as it can
/// be found in what is broken.
/// </summary>
internal readonly record struct ClientMistake(Refusal Refusal, string? EventId)
{
    public static ClientMistake From(ReadOnlySpan<byte> message, ReadError error) => new(Explain(message, error), FindEventId(message));

    private static Refusal Explain(ReadOnlySpan<byte> message, ReadError error) => error.Reason switch
    {
        ReadErrorReason.MissingMember when error is { Member: "type", Path: "" } => Refusal.NoType,
        ReadErrorReason.MissingMember => Refusal.Missing(error.Path.Length == 0 ? error.Member! : $"{error.Path}.{error.Member}"),
        ReadErrorReason.WrongType => Refusal.WrongType(PathOf(message, error), Parameters.Expected(error.Path), Found(message, error.Offset)),
        ReadErrorReason.NumberOutOfRange => Refusal.WrongType(error.Path, Parameters.Expected(error.Path), "a number that is none or too large"),
        ReadErrorReason.InvalidBase64 => Refusal.NotBase64(error.Path),
        _ => Refusal.Malformed(error.ToString()),
    };

    /// <summary>A key of a map is content, which a reader's error leaves out; the service names it to the one who sent it.</summary>
    private static string PathOf(ReadOnlySpan<byte> message, ReadError error)
    {
        if (!error.Path.EndsWith('*'))
        {
            return error.Path;
        }

        int close = message[..error.Offset].LastIndexOf((byte)'"');
        int open = message[..close].LastIndexOf((byte)'"');
        return error.Path[..^1] + Encoding.UTF8.GetString(message[(open + 1)..close]);
    }

    private static string Found(ReadOnlySpan<byte> message, int offset) => offset >= message.Length ? "nothing" : message[offset] switch
    {
        (byte)'"' => "a string",
        (byte)'{' => "an object",
        (byte)'[' => "an array",
        (byte)'t' or (byte)'f' => "a boolean",
        (byte)'n' => "null",
        _ => "a number",
    };

    private static string? FindEventId(ReadOnlySpan<byte> message)
    {
        var json = new JsonCursor(message);
        bool more = json.Peek() == (byte)'{' && json.BeginObject(out bool any) && any;
        while (more && json.ReadName(out Slot name))
        {
            if (name.In(message).SequenceEqual("event_id"u8))
            {
                Slot text = default;
                return json.ReadText(ref text, nullable: true) && text.HasValue ? new TextView(message, text).ToString() : null;
            }

            more = json.Skip() && json.NextMember(out bool next) && next;
        }

        return null;
    }
}
