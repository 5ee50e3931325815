namespace Realtime.Protocol.Lifecycle;

/// <summary>What the rules ask about a response, at its beginning and at its end. A status that is not stated is judged by the items; the details of a status may be an object or a text (CX-06), and so may the error in them.</summary>
internal static class ResponseWords
{
    public static SessionFact Of(SessionFactKind kind, ResponseView response, Originals originals)
    {
        ReadOnlySpan<byte> id = FactOf.Utf8(response.Id);
        ReadOnlySpan<byte> reason = FactOf.Utf8(response.StatusDetails.Text);
        ReadOnlySpan<byte> code = default;
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> message = default;
        if (response.StatusDetails.TryGetStatusDetails(out StatusDetailsView details))
        {
            reason = FactOf.Utf8(details.Reason.Raw);
            details.Error.TryGetResponseError(out ResponseErrorView error);
            code = originals.WordsOf(error.Code, error.Json, "code"u8);
            type = originals.WordsOf(error.Type, error.Json, "type"u8);
            message = error.HasValue ? originals.WordsOf(error.Message, error.Json, "message"u8) : FactOf.Utf8(details.Error.Text);
        }

        FactStatus status = StatusOf(response.Status.Value);
        if (kind is SessionFactKind.ResponseDone && !response.Status.HasValue && AnyIncomplete(response))
        {
            status = FactStatus.Incomplete;
            reason = reason.IsEmpty ? "unstated"u8 : reason;
        }

        bool isDone = kind is SessionFactKind.ResponseDone;
        return new()
        {
            Kind = kind,
            ResponseId = id,
            Token = response.Metadata.TryGet(ResponseToken.Utf8MetadataKey, out TextView token) ? FactOf.Utf8(token) : default,
            Conversation = response.ConversationId.Presence,
            IsTextOnly = IsTextOnly(response),
            Output = isDone ? new(response.Output, id, originals) : default,
            Usage = isDone ? UsageWords.Of(response.Usage) : null,
            Status = status,
            IsStatusStated = response.Status.HasValue,
            StatusReason = reason,
            OutputFormat = FactOf.FormatOf(response.Audio.Output.Format),
            ErrorCode = code,
            ErrorType = type,
            ErrorMessage = message,
            IsMended = originals.Any,
        };
    }

    private static bool AnyIncomplete(ResponseView response)
    {
        foreach (ItemView item in response.Output)
        {
            if (ItemWords.StatusOf(item) is FactStatus.Incomplete)
            {
                return true;
            }
        }

        return false;
    }

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

    private static FactStatus StatusOf(ResponseStatus status) => status switch
    {
        ResponseStatus.InProgress => FactStatus.InProgress,
        ResponseStatus.Completed => FactStatus.Completed,
        ResponseStatus.Incomplete => FactStatus.Incomplete,
        ResponseStatus.Cancelled => FactStatus.Cancelled,
        ResponseStatus.Failed => FactStatus.Failed,
        _ => FactStatus.Unknown,
    };
}
