namespace Realtime.Protocol;

/// <summary>How much of a turn's audio was heard, as far as anybody knows.</summary>
/// <param name="Bytes">Bytes since the beginning of the turn's audio.</param>
/// <param name="Basis">How that is known.</param>
public readonly record struct HeardAudio(long Bytes, HeardBasis Basis);

/// <summary>The best evidence of what was heard.</summary>
public enum HeardBasis
{
    /// <summary>Nothing was reported, and nothing was taken from the stream: nobody knows. Nothing is cut and nothing is deleted.</summary>
    Unknown = 0,

    /// <summary>So much was taken from the stream: what was heard is that or less. The conversation is cut there; nothing is deleted.</summary>
    Read = 1,

    /// <summary>The application reported it. The conversation is cut there, and what was reported as unheard is deleted (TR-07).</summary>
    Reported = 2,
}
