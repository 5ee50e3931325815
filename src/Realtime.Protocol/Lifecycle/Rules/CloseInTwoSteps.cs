namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A translation lags behind the speech, so a connection that is merely closed loses its end. Therefore two steps: our <c>session.close</c>, after which nothing more goes in, and the server's
/// <c>session.closed</c>, before which the rest comes out.
/// </summary>
internal static class CloseInTwoSteps
{
    private const string Rule = "SE-10";

    /// <summary>Null when it may be asked for; otherwise which rule forbids it and why.</summary>
    [LifecycleRule("SE-10")]
    public static (string Rule, string Message)? Refusal(TranslationPhase phase, TranslationIntentKind intent) => (phase, intent) switch
    {
        (TranslationPhase.Over, _) => ("SE-09", "You submitted an intent after the translation had ended; a new connection needs a new session."),
        (TranslationPhase.Closing, TranslationIntentKind.AudioAppended) => (Rule, "You sent more audio after you had asked the translation to end; the server takes none after session.close."),
        (TranslationPhase.Closing, TranslationIntentKind.Configure) => (Rule, "You changed a translation after you had asked it to end; the server takes no changes after session.close."),
        _ => null,
    };
}
