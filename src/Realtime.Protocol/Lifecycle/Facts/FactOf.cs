namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Says of a server event what the session's rules ask about, and leaves everything else where it is. An event is one of three things: a fact with words of its own, the life of a response, or no concern
/// (<see cref="NoConcern"/>); never by default. The fact borrows the event's bytes. Only text that holds JSON escapes is copied (ids never do; a tool call's arguments always do, once a call).
/// </summary>
public static class FactOf
{
    /// <summary>The fact in an event; one of kind <see cref="SessionFactKind.None"/> when no rule asks about such events.</summary>
    [LifecycleRule("RL-01")]
    [LifecycleRule("UNK-01")]
    public static SessionFact Of(scoped in ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.ResponseOutputAudioDelta when e.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta):
                return new()
                {
                    Kind = SessionFactKind.OutputAudioDelta,
                    ResponseId = Utf8(delta.ResponseId),
                    ItemId = Utf8(delta.ItemId),
                    OutputIndex = PlaceOf(delta.OutputIndex, e),
                    ContentIndex = Index(delta.ContentIndex),
                    AudioBytes = delta.Delta.DecodedLength,
                    IsMended = Originals.IsOdd(e),
                };
            case ServerEventKind.ResponseOutputAudioTranscriptDelta when e.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView delta):
                return Words(SessionFactKind.ResponseProgress, delta.ResponseId, delta.ItemId, PlaceOf(delta.OutputIndex, e), delta.ContentIndex, new() { Text = delta.Delta, IsTranscript = true }, e);
            case ServerEventKind.ResponseOutputTextDelta when e.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView delta):
                return Words(SessionFactKind.OutputTextDelta, delta.ResponseId, delta.ItemId, PlaceOf(delta.OutputIndex, e), delta.ContentIndex, new() { Text = delta.Delta }, e);
            case ServerEventKind.ResponseFunctionCallArgumentsDelta when e.TryGetResponseFunctionCallArgumentsDelta(out ResponseFunctionCallArgumentsDeltaView delta):
                return Progress(delta.ResponseId, delta.ItemId, null, e);
            case ServerEventKind.ResponseMcpCallArgumentsDelta when e.TryGetResponseMcpCallArgumentsDelta(out ResponseMcpCallArgumentsDeltaView delta):
                return Progress(delta.ResponseId, delta.ItemId, PlaceOf(delta.OutputIndex, e), e);
            default:
                return OfResponse(e);
        }
    }

    /// <summary>The text itself: where it lies when it holds no escapes, a copy otherwise; empty when absent or null.</summary>
    internal static ReadOnlySpan<byte> Utf8(TextView text)
    {
        if (!text.IsEscaped)
        {
            return text.Raw;
        }

        byte[] decoded = new byte[text.MaxLength];
        return text.TryCopyTo(decoded, out int written) ? decoded.AsSpan(0, written) : default;
    }

    /// <summary>What a stated format is.</summary>
    internal static StatedFormat FormatOf(AudioFormatView format) => format.Type.Value switch
    {
        AudioFormatType.AudioPcm => StatedFormat.Pcm(format.Rate.HasValue ? format.Rate.Value : null),
        AudioFormatType.AudioPcmu => AudioEncoding.G711MuLaw,
        AudioFormatType.AudioPcma => AudioEncoding.G711ALaw,
        _ => default,
    };

    /// <summary>The other events of a response. A method of its own: the deltas should not carry its size.</summary>
    private static SessionFact OfResponse(scoped in ServerEvent e)
    {
        Originals originals = Originals.Of(e);
        switch (e.Kind)
        {
            case ServerEventKind.ResponseCreated when e.TryGetResponseCreated(out ResponseCreatedView created):
                return ResponseWords.Of(SessionFactKind.ResponseCreated, created.Response, originals);
            case ServerEventKind.ResponseDone when e.TryGetResponseDone(out ResponseDoneView done):
                return ResponseWords.Of(SessionFactKind.ResponseDone, done.Response, originals);
            case ServerEventKind.ResponseOutputItemAdded when e.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView added):
                return ItemWords.OfOutput(SessionFactKind.OutputItemAdded, added.Item, Utf8(added.ResponseId), Stated(added.OutputIndex, e), originals);
            case ServerEventKind.ResponseOutputItemDone when e.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView done):
                return ItemWords.OfOutput(SessionFactKind.OutputItemDone, done.Item, Utf8(done.ResponseId), Stated(done.OutputIndex, e), originals);
            case ServerEventKind.ResponseOutputAudioDone when e.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView done):
                return new()
                {
                    Kind = SessionFactKind.OutputAudioDone,
                    ResponseId = Utf8(done.ResponseId),
                    ItemId = Utf8(done.ItemId),
                    OutputIndex = Stated(done.OutputIndex, e),
                    ContentIndex = Index(done.ContentIndex),
                    IsMended = originals.Any,
                };
            case ServerEventKind.ResponseFunctionCallArgumentsDone when e.TryGetResponseFunctionCallArgumentsDone(out ResponseFunctionCallArgumentsDoneView done):
                return new()
                {
                    Kind = SessionFactKind.CallArgumentsDone,
                    ResponseId = Utf8(done.ResponseId),
                    ItemId = Utf8(done.ItemId),
                    OutputIndex = Stated(done.OutputIndex, e),
                    ItemKind = ItemFactKind.FunctionCall,
                    CallId = Utf8(done.CallId),
                    Name = Utf8(done.Name),
                    Arguments = ItemWords.Arguments(done.Arguments, done.Json, originals),
                    IsMended = originals.Any,
                };
            case ServerEventKind.ResponseOutputAudioTranscriptDone when e.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView done):
                return Words(SessionFactKind.ResponseProgress, done.ResponseId, done.ItemId, Stated(done.OutputIndex, e), done.ContentIndex, new() { Text = done.Transcript, IsTranscript = true, IsWhole = true }, e);
            case ServerEventKind.ResponseOutputTextDone when e.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView done):
                return Words(SessionFactKind.ResponseProgress, done.ResponseId, done.ItemId, Stated(done.OutputIndex, e), done.ContentIndex, new() { Text = done.Text, IsWhole = true }, e);
            case ServerEventKind.ResponseContentPartAdded when e.TryGetResponseContentPartAdded(out ResponseContentPartAddedView part):
                return Progress(part.ResponseId, part.ItemId, Stated(part.OutputIndex, e), e);
            case ServerEventKind.ResponseContentPartDone when e.TryGetResponseContentPartDone(out ResponseContentPartDoneView part):
                return Progress(part.ResponseId, part.ItemId, Stated(part.OutputIndex, e), e);
            case ServerEventKind.ResponseMcpCallArgumentsDone when e.TryGetResponseMcpCallArgumentsDone(out ResponseMcpCallArgumentsDoneView done):
                return new()
                {
                    Kind = SessionFactKind.McpArgumentsDone,
                    ResponseId = Utf8(done.ResponseId),
                    ItemId = Utf8(done.ItemId),
                    OutputIndex = Stated(done.OutputIndex, e),
                    ItemKind = ItemFactKind.McpCall,
                    Arguments = ItemWords.Arguments(done.Arguments, done.Json, originals),
                    IsMended = originals.Any,
                };
            case ServerEventKind.ResponseMcpCallInProgress when e.TryGetResponseMcpCallInProgress(out ResponseMcpCallInProgressView call):
                return McpWords.Changed(SessionFactKind.McpCallChanged, FactStatus.InProgress, call.ItemId, Stated(call.OutputIndex, e), e);
            case ServerEventKind.ResponseMcpCallCompleted when e.TryGetResponseMcpCallCompleted(out ResponseMcpCallCompletedView call):
                return McpWords.Changed(SessionFactKind.McpCallChanged, FactStatus.Completed, call.ItemId, Stated(call.OutputIndex, e), e);
            case ServerEventKind.ResponseMcpCallFailed when e.TryGetResponseMcpCallFailed(out ResponseMcpCallFailedView call):
                return McpWords.Changed(SessionFactKind.McpCallChanged, FactStatus.Failed, call.ItemId, Stated(call.OutputIndex, e), e);
            default:
                return OfConversation(e, originals);
        }
    }

    /// <summary>The events of the conversation, the input, the session and MCP servers.</summary>
    private static SessionFact OfConversation(scoped in ServerEvent e, Originals originals)
    {
        switch (e.Kind)
        {
            case ServerEventKind.ConversationItemAdded when e.TryGetConversationItemAdded(out ConversationItemAddedView added):
                return ItemWords.OfConversation(SessionFactKind.ItemAdded, added.Item, added.PreviousItemId, originals);
            case ServerEventKind.ConversationItemCreated when e.TryGetConversationItemCreated(out ConversationItemCreatedView created):
                return ItemWords.OfConversation(SessionFactKind.ItemAdded, created.Item, created.PreviousItemId, originals);
            case ServerEventKind.ConversationItemDone when e.TryGetConversationItemDone(out ConversationItemDoneView done):
                return ItemWords.OfConversation(SessionFactKind.ItemDone, done.Item, done.PreviousItemId, originals);
            case ServerEventKind.ConversationItemRetrieved when e.TryGetConversationItemRetrieved(out ConversationItemRetrievedView retrieved):
                return ItemWords.OfConversation(SessionFactKind.ItemRetrieved, retrieved.Item, default, originals);
            case ServerEventKind.ConversationItemTruncated when e.TryGetConversationItemTruncated(out ConversationItemTruncatedView cut):
                return new()
                {
                    Kind = SessionFactKind.ItemTruncated,
                    ItemId = Utf8(cut.ItemId),
                    ContentIndex = Index(cut.ContentIndex),
                    AudioEndMilliseconds = cut.AudioEndMs,
                    IsMended = originals.Any,
                };
            case ServerEventKind.ConversationItemDeleted when e.TryGetConversationItemDeleted(out ConversationItemDeletedView deleted):
                return new() { Kind = SessionFactKind.ItemDeleted, ItemId = Utf8(deleted.ItemId), IsMended = originals.Any };
            case ServerEventKind.InputAudioBufferSpeechStarted when e.TryGetInputAudioBufferSpeechStarted(out InputAudioBufferSpeechStartedView started):
                return new() { Kind = SessionFactKind.SpeechStarted, ItemId = Utf8(started.ItemId), SpeechMilliseconds = Position(started.AudioStartMs, originals) };
            case ServerEventKind.InputAudioBufferSpeechStopped when e.TryGetInputAudioBufferSpeechStopped(out InputAudioBufferSpeechStoppedView stopped):
                return new() { Kind = SessionFactKind.SpeechStopped, ItemId = Utf8(stopped.ItemId), SpeechMilliseconds = Position(stopped.AudioEndMs, originals) };
            case ServerEventKind.InputAudioBufferTimeoutTriggered when e.TryGetInputAudioBufferTimeoutTriggered(out InputAudioBufferTimeoutTriggeredView silent):
                return new() { Kind = SessionFactKind.InputTimeoutTriggered, ItemId = Utf8(silent.ItemId) };
            case ServerEventKind.InputAudioBufferCommitted when e.TryGetInputAudioBufferCommitted(out InputAudioBufferCommittedView committed):
                return new()
                {
                    Kind = SessionFactKind.InputCommitted,
                    ItemId = Utf8(committed.ItemId),
                    PreviousItemId = Utf8(committed.PreviousItemId),
                    PreviousItem = committed.PreviousItemId.Presence,
                };
            case ServerEventKind.InputAudioBufferCleared:
                return new() { Kind = SessionFactKind.InputCleared };
            case ServerEventKind.SessionCreated when e.TryGetSessionCreated(out SessionCreatedView created):
                return SessionWords.Of(SessionFactKind.SessionCreated, created.Session);
            case ServerEventKind.SessionUpdated when e.TryGetSessionUpdated(out SessionUpdatedView updated):
                return SessionWords.Of(SessionFactKind.SessionUpdated, updated.Session);
            case ServerEventKind.Error:
                return ErrorWords.Of(e);
            case ServerEventKind.ConversationItemInputAudioTranscriptionDelta when e.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView delta):
                return TranscriptWords.Of(delta);
            case ServerEventKind.ConversationItemInputAudioTranscriptionSegment when e.TryGetConversationItemInputAudioTranscriptionSegment(out ConversationItemInputAudioTranscriptionSegmentView segment):
                return TranscriptWords.Of(segment);
            case ServerEventKind.ConversationItemInputAudioTranscriptionCompleted when e.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView whole):
                return TranscriptWords.Of(whole);
            case ServerEventKind.ConversationItemInputAudioTranscriptionFailed when e.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed):
                return TranscriptWords.Of(failed);
            case ServerEventKind.McpListToolsInProgress when e.TryGetMcpListToolsInProgress(out McpListToolsInProgressView list):
                return McpWords.Changed(SessionFactKind.McpListChanged, FactStatus.InProgress, list.ItemId, null, e);
            case ServerEventKind.McpListToolsCompleted when e.TryGetMcpListToolsCompleted(out McpListToolsCompletedView list):
                return McpWords.Changed(SessionFactKind.McpListChanged, FactStatus.Completed, list.ItemId, null, e);
            case ServerEventKind.McpListToolsFailed when e.TryGetMcpListToolsFailed(out McpListToolsFailedView list):
                return McpWords.Changed(SessionFactKind.McpListChanged, FactStatus.Failed, list.ItemId, null, e);
            default:
                return default;
        }
    }

    // A getter says 0 for what is missing, which only an odd event lacks; no sound ends before it began.
    private static long? Position(long milliseconds, Originals originals) => milliseconds < 0 || (milliseconds == 0 && originals.Any) ? null : milliseconds;

    private static SessionFact Progress(TextView responseId, TextView itemId, int? outputIndex, scoped in ServerEvent e) =>
        new() { Kind = SessionFactKind.ResponseProgress, ResponseId = Utf8(responseId), ItemId = Utf8(itemId), OutputIndex = outputIndex, IsMended = Originals.IsOdd(e) };

    private static SessionFact Words(SessionFactKind kind, TextView responseId, TextView itemId, int? outputIndex, long contentIndex, PartWords words, scoped in ServerEvent e) => new()
    {
        Kind = kind,
        ResponseId = Utf8(responseId),
        ItemId = Utf8(itemId),
        OutputIndex = outputIndex,
        ContentIndex = Index(contentIndex),
        Words = words,
        IsMended = Originals.IsOdd(e),
    };

    // A number that no array can have stays one: the machine ignores parts beyond its limit.
    internal static int Index(long value) => (int)Math.Clamp(value, -1, int.MaxValue);

    // A delta that names its item needs no place, and deltas are many.
    private static int? PlaceOf(long value, scoped in ServerEvent e) => value != 0 && Originals.IsOdd(e) ? Index(value) : null;

    // A getter says 0 for what is missing, which only a mended event may lack.
    private static int? Stated(long value, scoped in ServerEvent e) => value == 0 && Originals.IsOdd(e) ? null : Index(value);
}
