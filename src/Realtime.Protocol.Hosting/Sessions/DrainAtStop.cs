using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// The end of every call when the host stops: no new ones, those that run are heard out, and what is not done in time is interrupted and then broken off. It happens in <see cref="StoppingAsync"/>, before any
/// service stops, so that the web server still carries the calls of browsers and telephones meanwhile. A fifth of the host's timeout, at most five seconds, is left: half of it for goodbyes, half for the
/// services that stop afterwards.
/// </summary>
internal sealed class DrainAtStop(OpenSessions open, IOptions<HostOptions> host, TimeProvider time, ILogger logger) : IHostedLifecycleService
{
    private static readonly TimeSpan LongestReserve = TimeSpan.FromSeconds(5);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        VoiceSession[] sessions = open.Stop();
        if (sessions.Length == 0)
        {
            return;
        }

        TimeSpan reserve = Reserve(host.Value.ShutdownTimeout);
        TimeSpan allowed = host.Value.ShutdownTimeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : host.Value.ShutdownTimeout - reserve;
        HostLog.Draining(logger, sessions.Length, allowed.TotalSeconds);
        using var patience = new CancellationTokenSource();
        Task draining = Task.WhenAll(sessions.Select(session => DrainAsync(session, patience.Token)));
        if (await IsInTimeAsync(draining, allowed, cancellationToken).ConfigureAwait(false))
        {
            HostLog.Drained(logger, sessions.Length);
            return;
        }

        // Counted before they are interrupted, which ends most of them.
        HostLog.BrokenOff(logger, sessions.Count(static session => !session.Ended.IsCompleted), sessions.Length);
        await patience.CancelAsync().ConfigureAwait(false);
        if (!await IsInTimeAsync(draining, reserve / 2, cancellationToken).ConfigureAwait(false))
        {
            Task broken = Task.WhenAll(sessions.Select(static session => session.CloseAsync(new CancellationToken(canceled: true))));
            await IsInTimeAsync(broken, reserve / 2, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What draining leaves of the host's time.</summary>
    internal static TimeSpan Reserve(TimeSpan shutdown)
    {
        TimeSpan fifth = shutdown / 5;
        return shutdown == Timeout.InfiniteTimeSpan || fifth > LongestReserve ? LongestReserve : fifth;
    }

    // A transport of the application's own that lets nobody go does not keep the host.
    private async Task<bool> IsInTimeAsync(Task work, TimeSpan allowed, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(allowed, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task DrainAsync(VoiceSession session, CancellationToken patience)
    {
        try
        {
            await session.DrainAsync(patience).ConfigureAwait(false);
        }
        catch (RealtimeClosedException)
        {
            // Its owner was first, who closes it or has closed it.
        }

        await session.Ended.ConfigureAwait(false);
    }
}
