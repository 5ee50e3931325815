namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// What the transcription of one spoken turn gives, and when: transcription runs beside the responses, so its events may come before,
/// between or after theirs, fail for this one turn, or never come.
/// </summary>
/// <param name="Text">The whole transcript.</param>
public sealed record SimulatedTranscript(string Text)
{
    /// <summary>
    /// When its first event comes, counted from the commit of the turn; null for <see cref="Responses.ResponsePace.Transcription"/>.
    /// <c>Moment.After("response.done")</c> holds everything back until the next response is done.
    /// </summary>
    public Moment? After { get; init; }

    /// <summary>How the text is cut into deltas, which together are the text; null for words. An empty list sends no delta, only the end.</summary>
    public IReadOnlyList<string>? Pieces { get; init; }

    /// <summary>From one delta to the next; null for <see cref="Responses.ResponsePace.TextDelta"/>.</summary>
    public Delay? Every { get; init; }

    /// <summary>The code of the language that was heard, such as <c>en</c>; null says nothing about it.</summary>
    public string? Language { get; init; }

    /// <summary>It comes whole with the commit of the turn, before its item is in the conversation: the service was seen to do so. <see cref="After"/> and <see cref="Every"/> mean nothing then.</summary>
    public bool Early { get; init; }

    /// <summary>No event ever comes.</summary>
    public bool Never { get; init; }

    /// <summary>Set when the transcription fails: <c>failed</c> comes in place of <c>completed</c>, behind the deltas of <see cref="Text"/>.</summary>
    public ModelFailure? Failure { get; init; }

    /// <summary>
    /// Who said what, in order, where several speak: together the text. Each comes as a <c>segment</c> when the deltas have said it, at a time that its
    /// length has in the sound. Null, the default, for none; a model that tells speakers apart then says that one spoke.
    /// </summary>
    public IReadOnlyList<SimulatedSegment>? Segments { get; init; }

    /// <summary>Where the turn is spoken, on the clock of the audio, in a session whose detection is <see cref="SimulatedTurnDetection.Scripted"/>; null where it is heard.</summary>
    public SpokenSpan? Spoken { get; init; }

    /// <summary>No word of what was said, or it would end up in the output of a test.</summary>
    public override string ToString() => $"transcript of {Text.Length} characters";
}

/// <summary>What one speaker said.</summary>
/// <param name="Speaker">The label of the speaker, such as <c>A</c>.</param>
/// <param name="Text">The words.</param>
public sealed record SimulatedSegment(string Speaker, string Text)
{
    /// <summary>No word of what was said, or it would end up in the output of a test.</summary>
    public override string ToString() => $"segment of {Text.Length} characters";
}

/// <summary>A stretch of the audio that a client sends, in milliseconds of sound from the beginning of the session, however fast it comes.</summary>
/// <param name="FromMs">Where it begins.</param>
/// <param name="ToMs">Where it ends, behind <paramref name="FromMs"/>.</param>
public readonly record struct SpokenSpan(long FromMs, long ToMs);
