using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>Cancels tokens that the application holds: what is registered on them is its code, so it runs on the pool, and what it throws is logged.</summary>
internal static class Callbacks
{
    /// <param name="source">Cancelled before the call returns; the callbacks run afterwards.</param>
    /// <param name="token">What the application calls it.</param>
    /// <param name="logger">Learns what a callback throws.</param>
    public static void Cancel(CancellationTokenSource source, string token, ILogger logger) => source.CancelAsync().ContinueWith(
        failed => LogMessages.CallbackFailed(logger, token, failed.Exception!.GetBaseException()),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
