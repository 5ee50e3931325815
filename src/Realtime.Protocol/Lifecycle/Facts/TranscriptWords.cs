namespace Realtime.Protocol.Lifecycle;

/// <summary>What an event says of a transcript of the user's speech. Borrows the message, as the fact does that it is in; text is copied only where it is kept.</summary>
public readonly ref struct TranscriptWords
{
    /// <summary>A piece, the whole, or the text of a segment.</summary>
    public TextView Text { get; init; }

    /// <summary>The first language that was heard; absent where none is stated.</summary>
    public TextView Language { get; init; }

    /// <summary>Who speaks in a segment.</summary>
    public TextView Speaker { get; init; }

    /// <summary>Where a segment begins, in seconds.</summary>
    public double Start { get; init; }

    /// <summary>Where a segment ends, in seconds.</summary>
    public double End { get; init; }

    /// <summary>What the transcription took, in tokens; null where that is not stated.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>What the transcription took, in seconds of audio; null where that is not stated.</summary>
    public double? BilledSeconds { get; init; }

    internal static SessionFact Of(scoped in ConversationItemInputAudioTranscriptionDeltaView delta) => new()
    {
        Kind = SessionFactKind.InputTranscriptDelta,
        ItemId = FactOf.Utf8(delta.ItemId),
        ContentIndex = FactOf.Index(delta.ContentIndex.HasValue ? delta.ContentIndex.Value : 0),
        Transcript = new() { Text = delta.Delta },
    };

    internal static SessionFact Of(scoped in ConversationItemInputAudioTranscriptionSegmentView segment) => new()
    {
        Kind = SessionFactKind.InputTranscriptSegment,
        ItemId = FactOf.Utf8(segment.ItemId),
        ContentIndex = FactOf.Index(segment.ContentIndex),
        Transcript = new() { Text = segment.Text, Speaker = segment.Speaker, Start = segment.Start, End = segment.End },
    };

    internal static SessionFact Of(scoped in ConversationItemInputAudioTranscriptionCompletedView completed) => new()
    {
        Kind = SessionFactKind.InputTranscriptCompleted,
        ItemId = FactOf.Utf8(completed.ItemId),
        ContentIndex = FactOf.Index(completed.ContentIndex.HasValue ? completed.ContentIndex.Value : 0),
        Transcript = new()
        {
            Text = completed.Transcript,
            Language = FirstOf(completed.Languages),
            Usage = completed.Usage.TryGetTokens(out TranscriptionTokenUsageView tokens) ? UsageWords.Of(tokens) : null,
            BilledSeconds = completed.Usage.TryGetDuration(out TranscriptionDurationUsageView duration) ? duration.Seconds : null,
        },
    };

    internal static SessionFact Of(scoped in ConversationItemInputAudioTranscriptionFailedView failed) => new()
    {
        Kind = SessionFactKind.InputTranscriptFailed,
        ItemId = FactOf.Utf8(failed.ItemId),
        ContentIndex = FactOf.Index(failed.ContentIndex),
        ErrorCode = FactOf.Utf8(failed.Error.Code),
        ErrorType = FactOf.Utf8(failed.Error.Type),
        ErrorMessage = FactOf.Utf8(failed.Error.Message),
        ErrorParameter = FactOf.Utf8(failed.Error.Param),
    };

    private static TextView FirstOf(ListView<DetectedLanguageView> languages)
    {
        foreach (DetectedLanguageView language in languages)
        {
            return language.Code;
        }

        return default;
    }
}
