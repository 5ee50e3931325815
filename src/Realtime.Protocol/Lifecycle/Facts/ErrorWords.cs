namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The words of an <c>error</c>, whatever their shape: an object as the service sends it, a text, members at the top of the event, a code that is a number, a type or a message that is missing. Reads, never judges.
/// </summary>
internal static class ErrorWords
{
    public static SessionFact Of(scoped in ServerEvent e)
    {
        e.TryGetError(out ErrorView error);
        Originals originals = Originals.Of(e);
        if (error.Details.TryGetErrorDetails(out ErrorDetailsView details))
        {
            return new()
            {
                Kind = SessionFactKind.Error,
                ErrorCode = originals.WordsOf(details.Code, details.Json, "code"u8),
                ErrorType = originals.WordsOf(details.Type, details.Json, "type"u8),
                ErrorMessage = originals.WordsOf(details.Message, details.Json, "message"u8),
                ErrorParameter = originals.WordsOf(details.Param, details.Json, "param"u8),
                ErrorEventId = originals.WordsOf(details.EventId, details.Json, "event_id"u8),
            };
        }

        return AtTheTop(e.Json);
    }

    /// <summary>An error that stands in the event itself, or is a text in it. The event's own type and id are not the error's.</summary>
    public static SessionFact AtTheTop(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> text = At(json, "error"u8);
        return new()
        {
            Kind = SessionFactKind.Error,
            ErrorCode = At(json, "code"u8),
            ErrorMessage = text.IsEmpty ? At(json, "message"u8) : text,
            ErrorParameter = At(json, "param"u8),
        };
    }

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        Originals.TryFindIn(json, name, out ReadOnlySpan<byte> value) ? Originals.Words(value) : default;
}
