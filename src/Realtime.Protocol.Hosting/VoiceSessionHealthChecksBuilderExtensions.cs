using Microsoft.Extensions.Diagnostics.HealthChecks;
using Realtime.Protocol.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of voice sessions to the checks of a host.</summary>
public static class VoiceSessionHealthChecksBuilderExtensions
{
    /// <summary>
    /// Says whether this process can take a further call: whether it drains, how the connects of the last minute went and how long they took. It opens no connection of its own and its data are numbers and
    /// kinds, never content. Ask it for readiness, not for liveness: a process that drains is to get no more calls, and is not to be killed.
    /// </summary>
    /// <param name="builder">As <c>AddHealthChecks()</c> gives it. <c>AddVoiceSessions</c> is called on the services as well.</param>
    /// <param name="name">Of the check.</param>
    /// <param name="failureStatus">What is reported where no call can be taken; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">To select it by.</param>
    public static IHealthChecksBuilder AddVoiceSessions(this IHealthChecksBuilder builder, string name = "voice_sessions", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(
            name, static provider => new VoiceSessionHealthCheck(provider.GetRequiredService<OpenSessions>(), provider.GetRequiredService<ConnectRecord>()), failureStatus, tags));
    }
}
