using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>The sound of both sides: how it is encoded, as the session stated it last, how loud it was, and when it sounded. Sound that is no samples is drawn by how much of it there was.</summary>
internal sealed class LaneSound(LaneClock clock, TurnBook turns)
{
    private SoundFormat _input = SoundFormat.Usual;
    private SoundFormat _output = SoundFormat.Usual;

    public UserSound User { get; } = new();

    public ModelSound Model { get; } = new();

    public SoundStrip UserStrip { get; } = new();

    public SoundStrip ModelStrip { get; } = new();

    /// <summary>Whether the session translates, and so has no turns.</summary>
    public bool IsTranslation { get; set; }

    /// <summary>The server states the session.</summary>
    public void Configure(JsonElement session)
    {
        _input = SoundFormat.In(session, "input") ?? _input;
        _output = SoundFormat.In(session, "output") ?? _output;
        JsonElement? detection = session.At("audio.input.turn_detection") ?? session.At("turn_detection");
        User.ServerListens = detection is { } stated ? stated.ValueKind == JsonValueKind.Object : User.ServerListens;
    }

    /// <summary>The client sends sound of the user.</summary>
    public void Append(JsonElement append)
    {
        long? bytes = SoundSize.Of(append, "audio");
        double? milliseconds = bytes / _input.BytesPerMs;
        User.Append(clock.Now, milliseconds);
        if (User.ServerListens == false && !IsTranslation)
        {
            turns.BeginUser(clock.Now, "speech");
        }

        if (_input.IsPcm && Samples(append, "audio") is { Length: > 0 } samples)
        {
            UserStrip.AddSamples(Math.Max(0, clock.Now - (milliseconds ?? 0)), samples, _input.BytesPerMs);
        }
        else
        {
            UserStrip.AddBytes(clock.Now, bytes ?? 0);
        }
    }

    /// <summary>The server sends sound of the model.</summary>
    /// <param name="delta">The event.</param>
    /// <param name="response">Its response; null in a session that has none.</param>
    public void Hear(JsonElement delta, PicturedResponse? response)
    {
        long? bytes = SoundSize.Of(delta, "delta");
        double? milliseconds = clock.HasTimes ? bytes / _output.BytesPerMs : null;
        double begin = Model.Add(delta.Text("item_id"), response, clock.Now, milliseconds);
        if (response is not null && bytes > 0)
        {
            response.Turn.FirstSound ??= clock.Now;
        }

        if (_output.IsPcm && Samples(delta, "delta") is { Length: > 0 } samples)
        {
            ModelStrip.AddSamples(begin, samples, _output.BytesPerMs);
        }
        else
        {
            ModelStrip.AddBytes(clock.Now, bytes ?? 0);
        }
    }

    private static byte[]? Samples(JsonElement json, string member)
    {
        try
        {
            return json.At(member) is { ValueKind: JsonValueKind.String } sound && sound.TryGetBytesFromBase64(out byte[]? samples) ? samples : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is no base64.
            return null;
        }
    }
}
