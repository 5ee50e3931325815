namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Which ends no new connection mends. Of errors it is their code (ER-01, <see cref="ErrorReach"/>), of a refused upgrade its HTTP status, of an end its kind: who closed by himself wants no other connection, and a peer
/// that breaks the transport would break the next one too.
/// </summary>
public static class FatalCauses
{
    // 408, 425 and 429 pass by themselves; so does everything from 500 on. 409 is a session that is still being closed.
    private static readonly int[] PassingStatuses = [408, 409, 425, 429];

    private static readonly RealtimeCloseKind[] Passing =
    [
        RealtimeCloseKind.ByPeer,
        RealtimeCloseKind.ConnectionLost,
        RealtimeCloseKind.KeepAliveTimeout,
        RealtimeCloseKind.Unresponsive,
        RealtimeCloseKind.Expired,
    ];

    // The status of a WebSocket's goodbye by which the server says that it does not want this client: broken rules, and the codes of its own for keys and quotas.
    private static readonly int[] FatalGoodbyes = [1002, 1003, 1007, 1008, 1010];

    /// <summary>Whether a connection that was refused with this HTTP status is refused the next time as well: 401, 403, 404 and every other mistake of the client's that time does not mend.</summary>
    /// <param name="status">The status of the answer.</param>
    public static bool IsStatus(int status) => status is >= 400 and < 500 && !PassingStatuses.Contains(status);

    /// <summary>Whether the next connection would fail by the same error: <c>insufficient_quota</c>, <c>invalid_api_key</c>, <c>account_deactivated</c>, <c>billing_hard_limit_reached</c>, <c>model_not_found</c>, <c>beta_api_shape_disabled</c>.</summary>
    /// <param name="code">The error's code; null when it has none.</param>
    public static bool IsError(string? code) => ErrorReach.Severity(code) is ErrorSeverity.Fatal;

    /// <summary>Whether an end is one that no new connection mends.</summary>
    /// <param name="reason">Why the connection ended.</param>
    public static bool IsEnd(RealtimeCloseReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return IsError(reason.Error?.Code) || !Passing.Contains(reason.Kind) || (reason is { Kind: RealtimeCloseKind.ByPeer, StatusCode: { } status } && FatalGoodbyes.Contains(status));
    }
}
