namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Output of a response that nobody announced shows that its <c>response.created</c> was lost or could not be read, so the response is taken in as if it had been announced, and neither its
/// audio nor its turn is lost. While another response holds the place, it waits for that one's end: two responses at once are a server's mistake, and one event of a stranger is no reason to
/// give up a response that is alive. What has ended is remembered by id and never begins again.
/// </summary>
internal static class AdoptUnannounced
{
    /// <param name="kind">What the event says.</param>
    /// <param name="holder">The response that holds the place.</param>
    /// <param name="isAsideExpected">A response beside the conversation may be about to begin, and this may be it: only its announcement or its end, which repeat its token, can say so (RC-22).</param>
    [LifecycleRule("RC-26")]
    public static bool Allows(SessionFactKind kind, TrackedResponse? holder, bool isAsideExpected) => holder is null && !isAsideExpected && kind is
        SessionFactKind.OutputItemAdded or SessionFactKind.OutputItemDone
        or SessionFactKind.OutputAudioDelta or SessionFactKind.OutputAudioDone
        or SessionFactKind.OutputTextDelta or SessionFactKind.McpArgumentsDone or SessionFactKind.ResponseProgress;
}
