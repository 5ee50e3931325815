using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Realtime.Protocol.Hosting;

/// <summary>Gives the health of this process's voice sessions to the host. It opens no connection.</summary>
internal sealed class VoiceSessionHealthCheck(OpenSessions open, ConnectRecord record) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        (ConnectOutcome[] connects, int refusedReloads) = record.Read();
        var health = new VoiceSessionHealth(open.Count, open.Stopping.IsCancellationRequested, connects, refusedReloads);
        HealthStatus status = health.Status is HealthStatus.Unhealthy ? context.Registration.FailureStatus : health.Status;
        return Task.FromResult(new HealthCheckResult(status, health.Description, data: health.Data()));
    }
}
