using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Realtime.Protocol.Gateway;

/// <summary>Whether the first caller would be served as fast as the second.</summary>
internal sealed class GatewayHealthCheck(WarmUpAtStart warmUp) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(warmUp.Missing is { } missing ? new HealthCheckResult(context.Registration.FailureStatus, missing) : HealthCheckResult.Healthy("The gateway is warm."));
}
