using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Realtime.Protocol;
using Realtime.Protocol.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds voice sessions to a host: options read strictly from configuration, a <see cref="VoiceSessionFactory"/>, and an end of every call when the host stops.</summary>
public static class VoiceSessionServiceCollectionExtensions
{
    /// <summary>Adds voice sessions of one kind. More kinds have names of their own.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configuration">A section, for instance <c>Configuration.GetSection("Voice")</c>; see <see cref="VoiceSessionOptionsBinder.Bind"/>.</param>
    /// <returns>For what is set in code, on top of what was read: <c>Configure</c>, <c>Validate</c>. The options are checked when the host starts, asked for or not.</returns>
    /// <exception cref="InvalidOperationException">Such sessions were added before.</exception>
    public static OptionsBuilder<VoiceSessionOptions> AddVoiceSessions(this IServiceCollection services, IConfiguration configuration) =>
        services.AddVoiceSessions(Options.Options.DefaultName, configuration);

    /// <summary>Adds voice sessions of one of several kinds, for instance one for each department or service.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="name">What <see cref="VoiceSessionFactory.ConnectAsync(string, Action{VoiceSessionOptions}?, CancellationToken)"/> is asked for. Case counts.</param>
    /// <param name="configuration">A section of its own; see <see cref="VoiceSessionOptionsBinder.Bind"/>.</param>
    /// <returns>For what is set in code, on top of what was read. The options are checked when the host starts, asked for or not.</returns>
    /// <exception cref="InvalidOperationException">Sessions of this name were added before.</exception>
    public static OptionsBuilder<VoiceSessionOptions> AddVoiceSessions(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        RegisteredNames.Of(services).Add(name);
        services.TryAddSingleton<OpenSessions>();
        services.TryAddSingleton(static provider => new ConnectRecord(Clock(provider)));
        services.TryAddSingleton(static provider => new VoiceSessionFactory(
            provider.GetRequiredService<IOptionsMonitor<VoiceSessionOptions>>(), provider.GetRequiredService<RegisteredNames>(), provider.GetRequiredService<OpenSessions>(), provider.GetRequiredService<ConnectRecord>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DrainAtStop>(static provider => new(
            provider.GetRequiredService<OpenSessions>(), provider.GetRequiredService<IOptions<HostOptions>>(), Clock(provider), Logger(provider))));

        services.AddSingleton<IOptionsChangeTokenSource<VoiceSessionOptions>>(provider => new VettedReload(name, configuration, provider, provider.GetRequiredService<ConnectRecord>(), Logger(provider)));
        services.AddSingleton<IValidateOptions<VoiceSessionOptions>>(new ValidateBeforeConnecting(name, configuration));
        return services.AddOptions<VoiceSessionOptions>(name)
            .Configure<IServiceProvider>(static (options, provider) =>
            {
                options.TimeProvider = Clock(provider);
                options.LoggerFactory = provider.GetService<ILoggerFactory>() ?? options.LoggerFactory;
            })
            .Configure(options => VoiceSessionOptionsBinder.Read(options, configuration, name))
            .ValidateOnStart();
    }

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger<VoiceSessionFactory> Logger(IServiceProvider provider) => provider.GetService<ILogger<VoiceSessionFactory>>() ?? Logging.Abstractions.NullLogger<VoiceSessionFactory>.Instance;
}
