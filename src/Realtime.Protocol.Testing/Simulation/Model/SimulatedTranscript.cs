namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// What the transcription of one spoken turn gives, and when: transcription runs beside the responses, so its events may come before,
/// between or after theirs, fail for this one turn, or never come.
/// </summary>
/// <param name="Text">The whole transcript.</param>
public sealed record SimulatedTranscript(string Text)
{
    /// <summary>From the commit of the turn to its first event; null for <see cref="Responses.ResponsePace.Transcription"/>.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Holds everything back until the next response of the conversation is done; <see cref="After"/> counts from there.</summary>
    public bool AfterResponse { get; init; }

    /// <summary>No event ever comes.</summary>
    public bool Never { get; init; }

    /// <summary>Set when the transcription fails: <c>failed</c> comes in place of <c>completed</c>, behind the deltas of <see cref="Text"/>.</summary>
    public ModelFailure? Failure { get; init; }

    /// <summary>No word of what was said, or it would end up in the output of a test.</summary>
    public override string ToString() => $"transcript of {Text.Length} characters";
}
