namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Says of a server event what the session's rules ask about, and leaves everything else where it is. The fact borrows the event's bytes. Only text that holds JSON escapes is copied
/// (ids never do; a tool call's arguments always do, once a call).
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
                    ContentIndex = Index(delta.ContentIndex),
                    AudioBytes = delta.Delta.DecodedLength,
                };
            case ServerEventKind.ResponseOutputAudioTranscriptDelta when e.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView delta):
                return Progress(delta.ResponseId, delta.ItemId);
            case ServerEventKind.ResponseOutputTextDelta when e.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView delta):
                return new() { Kind = SessionFactKind.OutputTextDelta, ResponseId = Utf8(delta.ResponseId), ItemId = Utf8(delta.ItemId) };
            case ServerEventKind.ResponseFunctionCallArgumentsDelta when e.TryGetResponseFunctionCallArgumentsDelta(out ResponseFunctionCallArgumentsDeltaView delta):
                return Progress(delta.ResponseId, delta.ItemId);
            case ServerEventKind.ResponseOutputAudioDone when e.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView done):
                return new() { Kind = SessionFactKind.OutputAudioDone, ResponseId = Utf8(done.ResponseId), ItemId = Utf8(done.ItemId), ContentIndex = Index(done.ContentIndex) };
            case ServerEventKind.ResponseOutputAudioTranscriptDone when e.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView done):
                return Progress(done.ResponseId, done.ItemId);
            case ServerEventKind.ResponseOutputTextDone when e.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView done):
                return Progress(done.ResponseId, done.ItemId);
            case ServerEventKind.ResponseFunctionCallArgumentsDone when e.TryGetResponseFunctionCallArgumentsDone(out ResponseFunctionCallArgumentsDoneView done):
                return new()
                {
                    Kind = SessionFactKind.CallArgumentsDone,
                    ResponseId = Utf8(done.ResponseId),
                    ItemId = Utf8(done.ItemId),
                    ItemKind = ItemFactKind.FunctionCall,
                    CallId = Utf8(done.CallId),
                    Name = Utf8(done.Name),
                    Arguments = Utf8(done.Arguments),
                };
            case ServerEventKind.ResponseContentPartAdded when e.TryGetResponseContentPartAdded(out ResponseContentPartAddedView part):
                return Progress(part.ResponseId, part.ItemId);
            case ServerEventKind.ResponseContentPartDone when e.TryGetResponseContentPartDone(out ResponseContentPartDoneView part):
                return Progress(part.ResponseId, part.ItemId);
            case ServerEventKind.ResponseCreated when e.TryGetResponseCreated(out ResponseCreatedView created):
                return OfResponse(SessionFactKind.ResponseCreated, created.Response);
            case ServerEventKind.ResponseDone when e.TryGetResponseDone(out ResponseDoneView done):
                return OfResponse(SessionFactKind.ResponseDone, done.Response);
            case ServerEventKind.ResponseOutputItemAdded when e.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView added):
                return ItemFacts.Of(SessionFactKind.OutputItemAdded, added.Item, Utf8(added.ResponseId));
            case ServerEventKind.ResponseOutputItemDone when e.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView done):
                return ItemFacts.Of(SessionFactKind.OutputItemDone, done.Item, Utf8(done.ResponseId));
            case ServerEventKind.ConversationItemAdded when e.TryGetConversationItemAdded(out ConversationItemAddedView added):
                return ItemFacts.Of(SessionFactKind.ItemAdded, added.Item, default);
            case ServerEventKind.ConversationItemDone when e.TryGetConversationItemDone(out ConversationItemDoneView done):
                return ItemFacts.Of(SessionFactKind.ItemDone, done.Item, default);
            case ServerEventKind.ConversationItemTruncated when e.TryGetConversationItemTruncated(out ConversationItemTruncatedView cut):
                return new() { Kind = SessionFactKind.ItemTruncated, ItemId = Utf8(cut.ItemId), ContentIndex = Index(cut.ContentIndex), AudioEndMilliseconds = cut.AudioEndMs };
            case ServerEventKind.ConversationItemDeleted when e.TryGetConversationItemDeleted(out ConversationItemDeletedView deleted):
                return new() { Kind = SessionFactKind.ItemDeleted, ItemId = Utf8(deleted.ItemId) };
            case ServerEventKind.InputAudioBufferSpeechStarted when e.TryGetInputAudioBufferSpeechStarted(out InputAudioBufferSpeechStartedView started):
                return new() { Kind = SessionFactKind.SpeechStarted, ItemId = Utf8(started.ItemId) };
            case ServerEventKind.InputAudioBufferSpeechStopped when e.TryGetInputAudioBufferSpeechStopped(out InputAudioBufferSpeechStoppedView stopped):
                return new() { Kind = SessionFactKind.SpeechStopped, ItemId = Utf8(stopped.ItemId) };
            case ServerEventKind.InputAudioBufferCommitted when e.TryGetInputAudioBufferCommitted(out InputAudioBufferCommittedView committed):
                return new() { Kind = SessionFactKind.InputCommitted, ItemId = Utf8(committed.ItemId) };
            case ServerEventKind.InputAudioBufferCleared:
                return new() { Kind = SessionFactKind.InputCleared };
            case ServerEventKind.SessionCreated when e.TryGetSessionCreated(out SessionCreatedView created):
                return OfSession(SessionFactKind.SessionCreated, created.Session);
            case ServerEventKind.SessionUpdated when e.TryGetSessionUpdated(out SessionUpdatedView updated):
                return OfSession(SessionFactKind.SessionUpdated, updated.Session);
            case ServerEventKind.Error when e.TryGetError(out ErrorView error):
                return OfError(error.Details);
            default:
                return default;
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

    private static SessionFact Progress(TextView responseId, TextView itemId) =>
        new() { Kind = SessionFactKind.ResponseProgress, ResponseId = Utf8(responseId), ItemId = Utf8(itemId) };

    private static SessionFact OfResponse(SessionFactKind kind, ResponseView response)
    {
        ReadOnlySpan<byte> reason = Utf8(response.StatusDetails.Text); // some services send a bare string (CX-06)
        ReadOnlySpan<byte> code = default;
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> message = default;
        if (response.StatusDetails.TryGetStatusDetails(out StatusDetailsView details))
        {
            reason = Utf8(details.Reason.Raw);
            code = Utf8(details.Error.Code);
            type = Utf8(details.Error.Type);
            message = Utf8(details.Error.Message);
        }

        bool isDone = kind is SessionFactKind.ResponseDone;
        return new()
        {
            Kind = kind,
            Output = isDone ? response.Output : default,
            Usage = isDone ? UsageOf(response.Usage) : null,
            ResponseId = Utf8(response.Id),
            Token = response.Metadata.TryGet(ResponseToken.Utf8MetadataKey, out TextView token) ? Utf8(token) : default,
            IsOutOfBand = response.ConversationId.Presence is Presence.Null,
            IsTextOnly = IsTextOnly(response),
            Status = StatusOf(response.Status.Value),
            StatusReason = reason,
            OutputEncoding = EncodingOf(response.Audio.Output.Format),
            ErrorCode = code,
            ErrorType = type,
            ErrorMessage = message,
        };
    }

    private static TurnUsage? UsageOf(UsageView usage) => usage.HasValue
        ? new(
            usage.TotalTokens.GetValueOrDefault(),
            usage.InputTokens.GetValueOrDefault(),
            usage.OutputTokens.GetValueOrDefault(),
            usage.InputTokenDetails.CachedTokens.GetValueOrDefault(),
            usage.InputTokenDetails.AudioTokens.GetValueOrDefault(),
            usage.OutputTokenDetails.AudioTokens.GetValueOrDefault())
        : null;

    private static SessionFact OfSession(SessionFactKind kind, SessionView session) => new()
    {
        Kind = kind,
        InputEncoding = EncodingOf(session.Audio.Input.Format),
        OutputEncoding = EncodingOf(session.Audio.Output.Format),
        ServerTurns = TurnsOf(session.Audio.Input.TurnDetection),
    };

    private static SessionFact OfError(ErrorDetailsView error) => new()
    {
        Kind = SessionFactKind.Error,
        ErrorCode = Utf8(error.Code),
        ErrorType = Utf8(error.Type),
        ErrorMessage = Utf8(error.Message),
        ErrorParameter = Utf8(error.Param),
        ErrorEventId = Utf8(error.EventId),
    };

    private static ServerTurns TurnsOf(TurnDetectionView detection)
    {
        if (detection.TryGetServerVad(out ServerVadView server))
        {
            return ServerTurns.Server(OrTrue(server.CreateResponse), OrTrue(server.InterruptResponse));
        }

        if (detection.TryGetSemanticVad(out SemanticVadView semantic))
        {
            return ServerTurns.Server(OrTrue(semantic.CreateResponse), OrTrue(semantic.InterruptResponse));
        }

        return detection.Presence switch
        {
            Presence.Null => ServerTurns.None,
            Presence.Value => ServerTurns.Server(), // a detector of a later day: it does what detectors do by default
            _ => default,
        };
    }

    private static bool OrTrue(Field<bool> flag) => !flag.HasValue || flag.Value;

    private static bool IsTextOnly(ResponseView response)
    {
        bool isText = false;
        foreach (EnumView<Modality> modality in response.OutputModalities)
        {
            if (modality.Value is Modality.Audio)
            {
                return false;
            }

            isText |= modality.Value is Modality.Text;
        }

        return isText;
    }

    private static SampleFormat EncodingOf(AudioFormatView format) => format.Type.Value switch
    {
        AudioFormatType.AudioPcm => SampleFormat.Pcm16,
        AudioFormatType.AudioPcmu or AudioFormatType.AudioPcma => SampleFormat.G711,
        _ => SampleFormat.Unknown,
    };

    private static FactStatus StatusOf(ResponseStatus status) => status switch
    {
        ResponseStatus.InProgress => FactStatus.InProgress,
        ResponseStatus.Completed => FactStatus.Completed,
        ResponseStatus.Incomplete => FactStatus.Incomplete,
        ResponseStatus.Cancelled => FactStatus.Cancelled,
        ResponseStatus.Failed => FactStatus.Failed,
        _ => FactStatus.Unknown,
    };

    // A number that no array can have stands for itself being wrong; the machine ignores parts beyond its limit.
    private static int Index(long value) => value is >= 0 and <= int.MaxValue ? (int)value : -1;
}
