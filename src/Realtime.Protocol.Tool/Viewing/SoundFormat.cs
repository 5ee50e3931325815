using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>How sound is written in one direction of a session: how many bytes are a millisecond, and whether they are samples that can be measured.</summary>
/// <param name="BytesPerMs">How many bytes are a millisecond.</param>
/// <param name="IsPcm">Whether they are 16-bit samples.</param>
internal readonly record struct SoundFormat(double BytesPerMs, bool IsPcm)
{
    // What a session has that says nothing: PCM of 24,000 Hz.
    public static SoundFormat Usual { get; } = new(48, true);

    /// <summary>The format that a session states; null when it states none.</summary>
    /// <param name="session">The session object.</param>
    /// <param name="direction"><c>input</c> or <c>output</c>.</param>
    public static SoundFormat? In(JsonElement session, string direction)
    {
        string? name = session.Text($"audio.{direction}.format.type") ?? session.Text($"{direction}_audio_format");
        long rate = session.Number($"audio.{direction}.format.rate") ?? session.Number($"{direction}_audio_sampling_rate") ?? 24_000;
        return name switch
        {
            "audio/pcm" or "pcm16" => new(Math.Clamp(rate, 1_000, 192_000) * 2 / 1000.0, true),
            "audio/pcmu" or "audio/pcma" or "g711_ulaw" or "g711_alaw" => new(8, false),
            _ => null,
        };
    }
}
