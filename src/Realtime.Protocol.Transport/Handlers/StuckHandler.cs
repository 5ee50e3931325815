namespace Realtime.Protocol.Transport;

/// <summary>
/// Whose fault an end is while a handler holds a loop. Answers and pongs are read by receives, and answers follow what was sent, so that nothing came meanwhile
/// says nothing about the peer.
/// </summary>
internal static class StuckHandler
{
    public static RealtimeCloseReason Reason(string handler, TimeSpan running) => Because($"{handler} did not return within {running.TotalSeconds:0.###} s.");

    /// <summary>The reason itself, or the handler where it is one that a running handler causes. Pongs are read on the receiving loop, and by nobody else.</summary>
    /// <param name="reason">What the end looks like.</param>
    /// <param name="receiving">The handler that held the receiving loop meanwhile; null when none did.</param>
    /// <param name="sending">The same of the sending loop.</param>
    public static RealtimeCloseReason Judge(RealtimeCloseReason reason, HandlerWatch? receiving, HandlerWatch? sending) => (reason.Kind, receiving, sending) switch
    {
        (RealtimeCloseKind.KeepAliveTimeout, not null, _) => Because($"The connection's keep-alive gave up while {receiving.Name} held the receiving loop, where pongs are read."),
        (RealtimeCloseKind.Unresponsive, not null, _) => Because($"{receiving.Name} held the receiving loop, so that no answer of the server was read."),
        (RealtimeCloseKind.Unresponsive, _, not null) => Because($"{sending.Name} held the sending loop, so that nothing was sent that the server could answer."),
        _ => reason,
    };

    private static RealtimeCloseReason Because(string description) => new(RealtimeCloseKind.HandlerStuck, null, description);
}
