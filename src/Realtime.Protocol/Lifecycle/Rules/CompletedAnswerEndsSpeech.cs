namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A server that lets speech interrupt its answers completes an answer of its own only when the user has stopped speaking: it would have cancelled it otherwise. So where one began under speech
/// whose end was never announced, and was completed, the speech is over, although the microphone still sends.
/// </summary>
internal static class CompletedAnswerEndsSpeech
{
    [LifecycleRule("TD-11")]
    public static bool Shows(SessionCore session, TrackedResponse answer, FactStatus status) =>
        session is { UserSpeaks: true, Detection.InterruptsResponse: true }
        && status is FactStatus.Completed
        && answer is { Origin: not TurnOrigin.Application, Turn: not null, IsSilenced: false };
}
