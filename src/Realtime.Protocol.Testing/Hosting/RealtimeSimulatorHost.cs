using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// A simulated realtime server on a real WebSocket, for clients in any language: Kestrel on <c>/v1/realtime</c> and, for translations, on
/// <c>/v1/realtime/translations</c>, one simulator for each connection. It listens on loopback unless told otherwise, and reads no configuration files and no environment.
/// </summary>
public sealed class RealtimeSimulatorHost : IAsyncDisposable
{
    /// <summary>The path that answers.</summary>
    public const string Path = "/v1/realtime";

    /// <summary>The path that answers with sessions that translate.</summary>
    public const string TranslationPath = "/v1/realtime/translations";

    // How long clients have to answer a goodbye when the host stops.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;

    private RealtimeSimulatorHost(WebApplication application, Uri endpoint)
    {
        _application = application;
        Endpoint = endpoint;
    }

    /// <summary>Where clients connect to, such as <c>ws://127.0.0.1:5005/v1/realtime</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where translations connect to, such as <c>ws://127.0.0.1:5005/v1/realtime/translations</c>.</summary>
    public Uri TranslationEndpoint => new UriBuilder(Endpoint) { Path = TranslationPath }.Uri;

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where and for whom; any free port on loopback when null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="PortInUseException">Someone else listens on that port.</exception>
    public static async Task<RealtimeSimulatorHost> StartAsync(RealtimeSimulatorHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RealtimeSimulatorHostOptions();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = GoodbyeTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });

        WebApplication application = builder.Build();
        var gate = new ConnectionGate(options, application.Lifetime.ApplicationStopping);
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
        application.Run(gate.ServeAsync);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new PortInUseException(options.Port, failure);
        }

        return new(application, EndpointOf(application, options.Address));
    }

    /// <summary>Says goodbye to every client (1001), waits at most two seconds for their answers, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static Uri EndpointOf(WebApplication application, IPAddress address)
    {
        int port = new Uri(application.Urls.First()).Port;
        bool everywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        string host = everywhere ? IPAddress.Loopback.ToString() : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return new UriBuilder("ws", host, port, Path).Uri;
    }
}
