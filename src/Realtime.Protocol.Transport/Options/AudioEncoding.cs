namespace Realtime.Protocol;

/// <summary>How raw audio is encoded, on one side of a session.</summary>
public enum AudioEncoding
{
    /// <summary>16-bit little-endian PCM, mono, 24,000 Hz: 48 bytes a millisecond.</summary>
    Pcm16,

    /// <summary>G.711 µ-law, mono, 8,000 Hz: 8 bytes a millisecond.</summary>
    G711MuLaw,

    /// <summary>G.711 A-law, mono, 8,000 Hz: 8 bytes a millisecond.</summary>
    G711ALaw,
}
