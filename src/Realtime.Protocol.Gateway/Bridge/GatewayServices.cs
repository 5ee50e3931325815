using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Hosting;

namespace Realtime.Protocol.Gateway;

/// <summary>What calls of every protocol stand on, one for a process.</summary>
internal sealed class GatewayServices(VoiceSessionFactory sessions, TimeProvider time, ILogger<VoiceCall> logger)
{
    public VoiceSessionFactory Sessions { get; } = sessions;

    public LiveCalls Calls { get; } = new();

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    public static GatewayServices Of(IServiceProvider provider) => provider.GetService<GatewayServices>()
        ?? throw new InvalidOperationException("The services of the gateway are missing. Call builder.Services.AddVoiceGateway(), and AddVoiceSessions for the sessions that answer.");
}
