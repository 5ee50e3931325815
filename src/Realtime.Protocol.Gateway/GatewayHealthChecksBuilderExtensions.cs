using Microsoft.Extensions.Diagnostics.HealthChecks;
using Realtime.Protocol.Gateway;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the readiness of the gateway to the checks of a host.</summary>
public static class GatewayHealthChecksBuilderExtensions
{
    /// <summary>Says whether the gateway is warm (<see cref="VoiceGatewayOptions.WarmUp"/>). Whether the process drains, and how its connects go, is said by <c>AddVoiceSessions</c> beside it.</summary>
    /// <param name="builder">As <c>AddHealthChecks()</c> gives it. <c>AddVoiceGateway</c> is called on the services as well.</param>
    /// <param name="name">Of the check.</param>
    /// <param name="failureStatus">What is reported until it is warm; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">To select it by.</param>
    public static IHealthChecksBuilder AddVoiceGateway(this IHealthChecksBuilder builder, string name = "voice_gateway", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, static provider => new GatewayHealthCheck(provider.GetRequiredService<WarmUpAtStart>()), failureStatus, tags));
    }
}
