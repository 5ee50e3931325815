namespace Realtime.Protocol.Lifecycle;

/// <summary>How one side's audio is encoded; it fixes how many bytes a millisecond is, and every duration in the core is a count of bytes divided by that.</summary>
public enum SampleFormat
{
    /// <summary>Not told by the event; the session's own encoding stands.</summary>
    Unknown = 0,

    /// <summary>16-bit little-endian PCM, mono, 24,000 Hz: 48 bytes a millisecond.</summary>
    Pcm16 = 1,

    /// <summary>G.711 µ-law or A-law, mono, 8,000 Hz: 8 bytes a millisecond.</summary>
    G711 = 2,
}

/// <summary>The arithmetic of audio time: whole bytes in, whole milliseconds out, always rounded down, so that no computed duration is longer than the audio.</summary>
public static class SampleFormatExtensions
{
    /// <summary>Bytes in one millisecond of audio: 48 for PCM16 at 24 kHz, 8 for G.711. <see cref="SampleFormat.Unknown"/> counts as PCM16, the service's default.</summary>
    public static int BytesPerMillisecond(this SampleFormat encoding) => encoding is SampleFormat.G711 ? 8 : 48;

    /// <summary>The whole milliseconds that <paramref name="bytes"/> bytes last, rounded down.</summary>
    public static long Milliseconds(this SampleFormat encoding, long bytes) => bytes / encoding.BytesPerMillisecond();
}
