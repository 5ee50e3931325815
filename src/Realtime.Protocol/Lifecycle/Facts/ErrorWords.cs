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

        // The event's own type and id are not the error's.
        ReadOnlySpan<byte> text = At(e, "error"u8);
        return new()
        {
            Kind = SessionFactKind.Error,
            ErrorCode = At(e, "code"u8),
            ErrorMessage = text.IsEmpty ? At(e, "message"u8) : text,
            ErrorParameter = At(e, "param"u8),
        };
    }

    private static ReadOnlySpan<byte> At(scoped in ServerEvent e, ReadOnlySpan<byte> name) =>
        Originals.TryFindIn(e.Json, name, out ReadOnlySpan<byte> value) ? Originals.Words(value) : default;
}
