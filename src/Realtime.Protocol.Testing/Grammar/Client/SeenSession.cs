using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>How the session is: what the server said last, and which updates have no answer yet.</summary>
internal sealed class SeenSession
{
    private const int MostUpdates = 64;

    private readonly List<Asked> _updates = [];

    /// <summary><c>realtime</c> or <c>transcription</c>; null before the server has said so.</summary>
    public string? Type { get; private set; }

    /// <summary>The session as the server describes it; null before it did.</summary>
    public JsonElement? Effective { get; private set; }

    public SoundFormat InputFormat { get; private set; } = SoundFormat.Pcm;

    public SoundFormat OutputFormat { get; private set; } = SoundFormat.Pcm;

    /// <summary>Updates that the server has not answered, the oldest first.</summary>
    public IReadOnlyList<Asked> Updates => _updates;

    /// <summary>The update that the server answered last.</summary>
    public Asked? LastAnswered { get; private set; }

    /// <summary>The server finds the user's turns, or will as soon as it has taken what was asked.</summary>
    public bool DetectsTurns => _updates.LastOrDefault(static update => update.TurnDetection is not null)?.TurnDetection ?? IsDetecting;

    /// <summary>The server finds the user's turns, as far as it has said.</summary>
    public bool IsDetecting { get; private set; }

    /// <summary>The server answers a turn that it found.</summary>
    public bool CreatesResponses { get; private set; } = true;

    /// <summary>The server ends its answer when the user begins to speak.</summary>
    public bool Interrupts { get; private set; } = true;

    public bool OnlyTranscribes => Type == "transcription";

    /// <summary>The format of the user's sound that an update asks for, from whichever place a service keeps it; null when it asks for none.</summary>
    public static SoundFormat? InputFormatIn(JsonElement session)
    {
        if (session.At("audio.input.format") is { ValueKind: JsonValueKind.Object } format)
        {
            return SoundFormat.Of(format.Text("type"), format.Number("rate"));
        }

        return session.Text("input_audio_format") is { } beta ? SoundFormat.Of(beta, 24_000) : null;
    }

    /// <summary>Turn detection in a session; null when it says nothing of it.</summary>
    public static JsonElement? TurnDetectionIn(JsonElement session) => session.At("audio.input.turn_detection") ?? session.At("turn_detection");

    public void Asked(Asked update)
    {
        _updates.Add(update);
        if (_updates.Count > MostUpdates)
        {
            _updates.RemoveAt(0);
        }
    }

    public void Refused(Asked update) => _updates.Remove(update);

    public void Took(JsonElement json, bool isAnswer)
    {
        if (isAnswer && _updates.Count > 0)
        {
            _updates[0].IsAnswered = true;
            LastAnswered = _updates[0];
            _updates.RemoveAt(0);
        }

        if (json.At("session") is not { ValueKind: JsonValueKind.Object } session)
        {
            return;
        }

        Effective = session.Clone();
        Type = session.Text("type") ?? Type;
        InputFormat = InputFormatIn(session) ?? InputFormat;
        OutputFormat = session.At("audio.output.format") is { ValueKind: JsonValueKind.Object } output ? SoundFormat.Of(output.Text("type"), output.Number("rate"))
            : session.Text("output_audio_format") is { } beta ? SoundFormat.Of(beta, 24_000)
            : OutputFormat;
        if (TurnDetectionIn(session) is { } detection)
        {
            IsDetecting = detection.ValueKind == JsonValueKind.Object;
            CreatesResponses = detection.At("create_response") is not { ValueKind: JsonValueKind.False };
            Interrupts = detection.At("interrupt_response") is not { ValueKind: JsonValueKind.False };
        }
    }
}
