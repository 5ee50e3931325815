namespace Realtime.Protocol.Transport;

/// <summary>
/// Whose fault an end is while a handler holds the receiving loop. Answers and pongs are read by receives, so that nothing was read meanwhile
/// says nothing about the peer.
/// </summary>
internal static class StuckHandler
{
    public static RealtimeCloseReason Reason(TimeSpan running) => Because($"OnServerEvent did not return within {running.TotalSeconds:0.###} s.");

    /// <summary>The reason itself, or the handler where it is one that a running handler causes.</summary>
    public static RealtimeCloseReason Judge(RealtimeCloseReason reason, bool handlerRan) => reason.Kind switch
    {
        RealtimeCloseKind.KeepAliveTimeout when handlerRan => Because("The connection's keep-alive gave up while OnServerEvent held the receiving loop, where pongs are read."),
        RealtimeCloseKind.Unresponsive when handlerRan => Because("OnServerEvent held the receiving loop, so that no answer of the server was read."),
        _ => reason,
    };

    private static RealtimeCloseReason Because(string description) => new(RealtimeCloseKind.HandlerStuck, null, description);
}
