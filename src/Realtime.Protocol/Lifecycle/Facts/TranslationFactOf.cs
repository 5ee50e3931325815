namespace Realtime.Protocol.Lifecycle;

/// <summary>Says of an event of a translation what its rules ask about, in the words of <see cref="SessionFact"/>. Sound and text are content: no rule asks about them. The fact borrows the event's bytes.</summary>
public static class TranslationFactOf
{
    /// <summary>The fact in an event; one of kind <see cref="SessionFactKind.None"/> when no rule asks about such events.</summary>
    public static SessionFact Of(scoped in Events.Translation.ServerEvent e)
    {
        switch (e.Kind)
        {
            case Events.Translation.ServerEventKind.SessionCreated when e.TryGetSessionCreated(out Events.Translation.SessionCreatedView created):
                return new() { Kind = SessionFactKind.SessionCreated, SessionType = FactOf.Utf8(created.Session.Type.Raw) };
            case Events.Translation.ServerEventKind.SessionUpdated when e.TryGetSessionUpdated(out Events.Translation.SessionUpdatedView updated):
                return new() { Kind = SessionFactKind.SessionUpdated, SessionType = FactOf.Utf8(updated.Session.Type.Raw) };
            case Events.Translation.ServerEventKind.SessionClosed:
                return new() { Kind = SessionFactKind.SessionClosed };
            case Events.Translation.ServerEventKind.Error when e.TryGetError(out Events.Translation.ErrorView error):
                return OfError(e, error.Details);
            default:
                return new() { Kind = SessionFactKind.None };
        }
    }

    private static SessionFact OfError(scoped in Events.Translation.ServerEvent e, Events.Translation.ErrorDetailsView details)
    {
        Originals originals = Originals.Of(e);
        return details.HasValue
            ? new()
            {
                Kind = SessionFactKind.Error,
                ErrorCode = originals.WordsOf(details.Code, details.Json, "code"u8),
                ErrorType = originals.WordsOf(details.Type, details.Json, "type"u8),
                ErrorMessage = originals.WordsOf(details.Message, details.Json, "message"u8),
                ErrorParameter = originals.WordsOf(details.Param, details.Json, "param"u8),
                ErrorEventId = originals.WordsOf(details.EventId, details.Json, "event_id"u8),
            }
            : ErrorWords.AtTheTop(e.Json);
    }
}
