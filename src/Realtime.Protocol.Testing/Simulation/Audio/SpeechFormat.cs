namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>How audio is encoded on the wire; always one channel.</summary>
public enum SpeechFormat
{
    /// <summary><c>audio/pcm</c>: 16-bit little-endian samples at 24,000 Hz, 48 bytes a millisecond.</summary>
    Pcm16,

    /// <summary><c>audio/pcmu</c>: G.711 µ-law at 8,000 Hz, 8 bytes a millisecond.</summary>
    MuLaw,

    /// <summary><c>audio/pcma</c>: G.711 A-law at 8,000 Hz, 8 bytes a millisecond.</summary>
    ALaw,
}

/// <summary>Times and names of the formats.</summary>
public static class SpeechFormats
{
    /// <summary>Bytes in one millisecond.</summary>
    public static int BytesPerMillisecond(this SpeechFormat format) => format == SpeechFormat.Pcm16 ? 48 : 8;

    /// <summary>How long these bytes last, in whole milliseconds, rounded down.</summary>
    public static long Milliseconds(this SpeechFormat format, long bytes) => bytes / format.BytesPerMillisecond();

    internal static AudioFormatType WireType(this SpeechFormat format) => format switch
    {
        SpeechFormat.MuLaw => AudioFormatType.AudioPcmu,
        SpeechFormat.ALaw => AudioFormatType.AudioPcma,
        _ => AudioFormatType.AudioPcm,
    };

    internal static SpeechFormat FromWire(string? type) => type switch
    {
        "audio/pcmu" => SpeechFormat.MuLaw,
        "audio/pcma" => SpeechFormat.ALaw,
        _ => SpeechFormat.Pcm16,
    };
}
