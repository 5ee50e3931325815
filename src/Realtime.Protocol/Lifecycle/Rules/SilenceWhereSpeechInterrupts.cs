namespace Realtime.Protocol.Lifecycle;

/// <summary>The user's speech silences what is heard only where the server ends the response as well. A server that lets the model speak on is set so on purpose, and what it sends is meant to be heard.</summary>
internal static class SilenceWhereSpeechInterrupts
{
    [LifecycleRule("TD-08")]
    public static bool Silences(ServerTurns detection) => detection.InterruptsResponse;
}
