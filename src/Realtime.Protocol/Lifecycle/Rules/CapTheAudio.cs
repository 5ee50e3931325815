namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Audio of a response is taken up to a limit of time: a server, or a model that speaks on without end, must not fill an application's memory. The byte that goes beyond it ends the response's turn.
/// </summary>
internal static class CapTheAudio
{
    /// <summary>More came than a response may have; asked before what came is counted as heard.</summary>
    [LifecycleRule("BP-01")]
    public static bool IsBeyond(TrackedResponse response, long maxMilliseconds) => response.Format.Milliseconds(response.AudioBytes) > maxMilliseconds;
}
