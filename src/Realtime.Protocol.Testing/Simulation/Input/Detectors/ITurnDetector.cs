using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;

namespace Realtime.Protocol.Testing.Simulation.Input.Detectors;

/// <summary>
/// Finds where speech begins and ends. Everything is counted in bytes from the beginning of the session, which is the clock of the audio:
/// no detector knows another one. Which of the user's words are a turn's is told here too, because only who finds a turn knows which one it is.
/// </summary>
internal interface ITurnDetector
{
    /// <summary>True between the beginning of speech and its end.</summary>
    bool IsSpeaking { get; }

    /// <summary>How far it has heard.</summary>
    long Heard { get; }

    /// <summary>Which of the options' transcripts the turn under way is, or else the next one; it may lie behind the last of them.</summary>
    int Turn { get; }

    /// <summary>Takes audio until something changes; <see cref="Heard"/> then says how far it came.</summary>
    /// <param name="audio">What follows <see cref="Heard"/>.</param>
    /// <param name="format">How it is encoded.</param>
    /// <param name="listening">The settings of the session.</param>
    /// <param name="pauseMs">How long it has to be quiet for speech to have ended, where quiet ends it.</param>
    SpeechChange Hear(ReadOnlySpan<byte> audio, SpeechFormat format, ListeningSettings listening, int pauseMs);

    /// <summary>A turn is committed, and is over with it.</summary>
    /// <param name="from">Where its audio begins.</param>
    /// <param name="to">Where its audio ends.</param>
    /// <param name="format">How it is encoded.</param>
    /// <returns>Which of the options' transcripts it is; null when nobody spoke in it.</returns>
    int? Commit(long from, long to, SpeechFormat format);

    /// <summary>Starts over at this place: the buffer was cleared or committed, or detection was switched.</summary>
    void Reset(long place);
}

/// <summary>What a detector heard.</summary>
/// <param name="Kind">Whether speech began or ended.</param>
/// <param name="At">Where it began or ended, in bytes from the beginning of the session.</param>
internal readonly record struct SpeechChange(SpeechChangeKind Kind, long At);

/// <summary>Whether speech began or ended.</summary>
internal enum SpeechChangeKind
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>It began.</summary>
    Started,

    /// <summary>It ended.</summary>
    Stopped,
}
