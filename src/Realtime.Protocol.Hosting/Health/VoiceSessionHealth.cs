using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Realtime.Protocol.Hosting;

/// <summary>From what is known of this process to its health: one table, the first row that fits decides. Values in, a value out.</summary>
internal sealed class VoiceSessionHealth
{
    // Fewer may be one caller's bad luck.
    private const int FailuresThatTell = 3;

    // A caller waits for it in silence.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private static readonly (Func<VoiceSessionHealth, bool> Fits, HealthStatus Status, string Description)[] Rows =
    [
        (static health => health.IsDraining, HealthStatus.Unhealthy, "The host stops: no new voice sessions."),
        (static health => health.FailedInARow >= FailuresThatTell, HealthStatus.Unhealthy, "The last connects have all failed."),
        (static health => health.FailedInARow > 0, HealthStatus.Degraded, "The last connect failed."),
        (static health => health.MedianConnect >= Slow, HealthStatus.Degraded, "Connecting is slow."),
        (static health => health.RefusedReloads > 0, HealthStatus.Degraded, "The configuration changed to what can't be connected with; new sessions keep the last good one."),
        (static _ => true, HealthStatus.Healthy, "Voice sessions can be opened."),
    ];

    public VoiceSessionHealth(int active, bool isDraining, ConnectOutcome[] connects, int refusedReloads)
    {
        (Active, IsDraining, RefusedReloads, Connects) = (active, isDraining, refusedReloads, connects.Length);
        FailedInARow = connects.Reverse().TakeWhile(static connect => connect.Failure is not null).Count();
        LastFailure = connects.LastOrDefault(static connect => connect.Failure is not null).Failure;
        TimeSpan[] took = [.. connects.Where(static connect => connect.Failure is null).Select(static connect => connect.Took).Order()];
        MedianConnect = took.Length == 0 ? null : took[took.Length / 2];
        (_, Status, Description) = Rows.First(row => row.Fits(this));
    }

    public int Active { get; }

    public bool IsDraining { get; }

    public int RefusedReloads { get; }

    /// <summary>How many attempts of the last minute are known, at most 16.</summary>
    public int Connects { get; }

    public int FailedInARow { get; }

    public RealtimeConnectFailure? LastFailure { get; }

    /// <summary>How long the median of the successful ones took; null for none.</summary>
    public TimeSpan? MedianConnect { get; }

    public HealthStatus Status { get; }

    public string Description { get; }

    /// <summary>What goes along with the status: numbers, and a kind of failure.</summary>
    public Dictionary<string, object> Data()
    {
        var data = new Dictionary<string, object>
        {
            ["active"] = Active,
            ["draining"] = IsDraining,
            ["connects"] = Connects,
            ["failedInARow"] = FailedInARow,
            ["refusedReloads"] = RefusedReloads,
        };
        if (MedianConnect is { } median)
        {
            data["medianConnectMs"] = (long)median.TotalMilliseconds;
        }

        if (LastFailure is { } failure)
        {
            data["lastFailure"] = failure.ToString();
        }

        return data;
    }
}
