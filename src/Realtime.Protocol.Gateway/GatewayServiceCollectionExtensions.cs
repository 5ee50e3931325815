using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Gateway;
using Realtime.Protocol.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what calls of telephones and browsers stand on.</summary>
public static class GatewayServiceCollectionExtensions
{
    /// <summary>Adds the gateway: the calls that run and their limits, the tickets of browsers, and the dry run at the start. The sessions that answer are added by <c>AddVoiceSessions</c>.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configure">Of the gateway as a whole; null leaves it as it comes.</param>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static IServiceCollection AddVoiceGateway(this IServiceCollection services, Action<VoiceGatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(GatewayServices)))
        {
            throw new InvalidOperationException("The gateway was added before.");
        }

        var options = new VoiceGatewayOptions();
        configure?.Invoke(options);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new GatewayServices(provider.GetRequiredService<VoiceSessionFactory>(), Clock(provider), Logger(provider)));
        services.AddSingleton(provider => new CallTickets(options.TicketKey, Clock(provider)));
        services.AddSingleton(provider => new WarmUpAtStart(options, provider.GetRequiredService<VoiceSessionFactory>(), Clock(provider), Logger(provider)));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<WarmUpAtStart>());
        return services;
    }

    /// <summary>Listens for calls of Asterisk's AudioSocket while the host runs. The gateway is added as well, by <see cref="AddVoiceGateway"/>.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configure">Where to listen, and what holds for the calls; null leaves it as it comes.</param>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static IServiceCollection AddAudioSocketListener(this IServiceCollection services, Action<AudioSocketOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(AudioSocketListener)))
        {
            throw new InvalidOperationException("The listener of AudioSocket was added before.");
        }

        var options = new AudioSocketOptions();
        configure?.Invoke(options);
        services.AddSingleton(provider => new AudioSocketListener(options, GatewayServices.Of(provider)));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<AudioSocketListener>());
        return services;
    }

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger<VoiceCall> Logger(IServiceProvider provider) => provider.GetRequiredService<ILogger<VoiceCall>>();
}
