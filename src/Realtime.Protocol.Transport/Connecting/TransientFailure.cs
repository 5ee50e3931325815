using System.Net;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Which failed attempts are worth repeating unchanged: one table. What nobody can know from here, such as why a credential callback
/// failed, counts as not worth it.
/// </summary>
internal static class TransientFailure
{
    // Errors that stay until somebody pays, is let in or writes another model's name, under whatever status they come.
    private static readonly string[] LastingCodes =
        ["insufficient_quota", "billing_hard_limit_reached", "account_deactivated", "invalid_api_key", "model_not_found", "beta_api_shape_disabled"];

    public static bool Is(RealtimeConnectFailure failure, HttpStatusCode? status, ServerError? error) => failure switch
    {
        _ when LastingCodes.Contains(error?.Code) => false,
        RealtimeConnectFailure.Refused or RealtimeConnectFailure.HostNotFound or RealtimeConnectFailure.Unreachable or RealtimeConnectFailure.Timeout => true,
        RealtimeConnectFailure.TooManyRequests => true,

        // A connection that ends without a word may be a restart; a request that was called invalid stays invalid.
        RealtimeConnectFailure.ClosedEarly => error?.Type is not ("invalid_request_error" or "authentication_error" or "permission_error"),
        RealtimeConnectFailure.ServerError or RealtimeConnectFailure.ProxyRefused or RealtimeConnectFailure.HandshakeRefused => status is not null && IsTransient(status.Value),
        _ => false,
    };

    // 408, 425 and 429 ask to come again; of the 5xx, 501 and 505 say "never", 511 asks for a login.
    private static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 425 or 429 or (>= 500 and not (501 or 505 or 511));
}
