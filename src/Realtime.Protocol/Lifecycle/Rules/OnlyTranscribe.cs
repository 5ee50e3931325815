namespace Realtime.Protocol.Lifecycle;

/// <summary>A session that only transcribes has no responses: nothing may ask for one, and the server owes none after a turn that it detected, whatever its detection says of answers.</summary>
internal static class OnlyTranscribe
{
    /// <summary>Null when it may be asked for; otherwise why not.</summary>
    [LifecycleRule("RC-24")]
    public static string? Refusal(SessionPurpose purpose, SessionIntentKind intent) => (purpose, intent) switch
    {
        (SessionPurpose.Transcription, SessionIntentKind.EndTurn or SessionIntentKind.TextTurn or SessionIntentKind.CreateResponse or SessionIntentKind.ToolOutput) =>
            "You asked for a response in a session that only transcribes; it has none.",
        _ => null,
    };

    /// <summary>Who takes the turns, of which none is answered in such a session.</summary>
    public static ServerTurns Of(SessionPurpose purpose, ServerTurns stated) =>
        purpose is SessionPurpose.Transcription && stated.IsEnabled ? ServerTurns.Server(createsResponse: false, interruptsResponse: false) : stated;
}
