using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// The end of every call when the host stops: no new ones, those that run are heard out, and what is not done in time is broken off. It happens in <see cref="StoppingAsync"/>, before any service stops, so
/// that the web server still carries the calls of browsers and telephones meanwhile. A fifth of the host's timeout, at most five seconds, is left for breaking off and for the services that stop afterwards.
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

        TimeSpan allowed = Allowed(host.Value.ShutdownTimeout);
        HostLog.Draining(logger, sessions.Length, allowed.TotalSeconds);
        using var breakOff = new CancellationTokenSource();
        Task draining = Task.WhenAll(sessions.Select(session => DrainAsync(session, breakOff.Token)));
        if (await IsInTimeAsync(draining, allowed, cancellationToken).ConfigureAwait(false))
        {
            HostLog.Drained(logger, sessions.Length);
            return;
        }

        // Counted before anything is broken off, which ends them as well.
        HostLog.BrokenOff(logger, sessions.Count(static session => !session.Ended.IsCompleted), sessions.Length);
        await breakOff.CancelAsync().ConfigureAwait(false);
        await IsInTimeAsync(draining, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How long draining may take of the time that the host has.</summary>
    internal static TimeSpan Allowed(TimeSpan shutdown)
    {
        if (shutdown == Timeout.InfiniteTimeSpan)
        {
            return shutdown;
        }

        TimeSpan reserve = shutdown / 5;
        return shutdown - (reserve < LongestReserve ? reserve : LongestReserve);
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

    private static async Task DrainAsync(VoiceSession session, CancellationToken breakOff)
    {
        try
        {
            await session.CloseAsync(breakOff).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or RealtimeException)
        {
            await session.CloseAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
    }
}
