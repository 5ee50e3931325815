using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting.Logs;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// A simulated realtime server on a real WebSocket, for clients in any language: Kestrel for HTTP and TLS, frames of its own, one simulator for each session.
/// It listens on loopback unless told otherwise, and reads no configuration files and no environment.
/// </summary>
public sealed class RealtimeSimulatorHost : IAsyncDisposable
{
    /// <summary>The path that answers.</summary>
    public const string Path = Routes.Realtime;

    /// <summary>The path that answers with sessions that translate.</summary>
    public const string TranslationPath = Routes.Translation;

    // How long clients have to answer a goodbye when the host stops.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    // What a client may send before somebody reads it.
    private const int MaxUnreadBytes = 256 * 1024;

    private readonly WebApplication _application;
    private readonly Registry _registry;
    private readonly ViolationList _violations;
    private readonly HostLogs? _logs;
    private readonly X509Certificate2? _ownCertificate;

    private RealtimeSimulatorHost(WebApplication application, Registry registry, ViolationList violations, HostLogs? logs, RealtimeSimulatorHostOptions options, X509Certificate2? certificate)
    {
        _logs = logs;
        _violations = violations;
        _application = application;
        _registry = registry;
        _ownCertificate = options.Certificate is null ? certificate : null;
        CertificatePem = certificate?.ExportCertificatePem();
        Endpoint = EndpointOf(application, options);
    }

    /// <summary>Where clients connect to, such as <c>ws://127.0.0.1:5005/v1/realtime</c>; <c>wss://</c> with TLS.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where translations connect to, such as <c>ws://127.0.0.1:5005/v1/realtime/translations</c>.</summary>
    public Uri TranslationEndpoint => new UriBuilder(Endpoint) { Path = TranslationPath }.Uri;

    /// <summary>Where HTTP requests go to, such as <c>http://127.0.0.1:5005/</c>: client secrets, <c>/healthz</c>, <c>/violations</c>.</summary>
    public Uri HttpEndpoint => new UriBuilder(Endpoint) { Scheme = Endpoint.Scheme == "wss" ? "https" : "http", Path = "/" }.Uri;

    /// <summary>The certificate without its key, as PEM text, for clients that have to be told to trust it; null without TLS.</summary>
    public string? CertificatePem { get; }

    /// <summary>Every rule that a client broke so far, on any connection: one entry for each rule and connection, in the order in which they were first broken. A copy.</summary>
    public IReadOnlyList<Violation> Violations => _violations.Read();

    /// <summary>What kept a log from being written to its end, the first time that it happened; null while all goes well, or without <see cref="RealtimeSimulatorHostOptions.LogFolder"/>. Known for certain once the host is disposed.</summary>
    public Exception? LogFailure => _logs?.Failure;

    /// <summary>The connections that came, ended ones too, in order; of more than 1,000 the last.</summary>
    public IReadOnlyList<HostedConnection> Connections => _registry.Seen;

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where and for whom; any free port on loopback when null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="PortInUseException">Someone else listens on that port.</exception>
    /// <exception cref="ArgumentException">The session that the simulated servers begin with would be refused by the service, or the certificate has no private key.</exception>
    /// <exception cref="IOException">The folder for logs cannot be written to; the message is one line.</exception>
    public static async Task<RealtimeSimulatorHost> StartAsync(RealtimeSimulatorHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RealtimeSimulatorHostOptions();
        if (options is { Tls: true, Certificate.HasPrivateKey: false })
        {
            throw new ArgumentException("The certificate has no private key, so nobody can be served with it.", nameof(options));
        }

        // Whatever is wrong with the simulator is told here, and not to every client.
        _ = new Simulation.RealtimeServerSimulator(options.Simulator);
        X509Certificate2? certificate = !options.Tls ? null : options.Certificate ?? ThrowAwayCertificate.Make(options.Address);
        HostLogs? logs = null;
        if (options.LogFolder is { } folder)
        {
            LogWriter.Prepare(folder);
            logs = new HostLogs(folder, options.LogsAudio);
        }

        var registry = new Registry(options.Limits, options.Connections, options.FirstConnection);
        var violations = new ViolationList { Found = logs is null ? options.OnViolation : violation => Tell(violation, logs, options) };
        WebApplication application = Build(options, certificate);
        Routes routes = RoutesOf(options, registry, violations, logs);
        application.Run(logs is null ? routes.ServeAsync : context => ServeAsync(context, routes, registry, logs));
        application.Lifetime.ApplicationStopping.Register(registry.Stop);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new(application, registry, violations, logs, options, certificate);
        }
        catch (Exception failure)
        {
            registry.Dispose();
            if (options.Certificate is null)
            {
                certificate?.Dispose();
            }

            await application.DisposeAsync().ConfigureAwait(false);
            if (logs is not null)
            {
                await logs.DisposeAsync().ConfigureAwait(false);
            }

            if (failure is IOException { InnerException: AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } })
            {
                throw new PortInUseException(options.Port, failure);
            }

            throw;
        }
    }

    /// <summary>Ends when nobody is connected, and all that they said was judged.</summary>
    internal Task WhenEverybodyHasGoneAsync() => _registry.WhenEverybodyHasGoneAsync();

    /// <summary>Says goodbye to every client (1001), waits two seconds at most for their answers, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _registry.Dispose();
        _ownCertificate?.Dispose();
        if (_logs is not null)
        {
            await _logs.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The line of the log stands before whoever is told may look for it.
    private static void Tell(Violation violation, HostLogs logs, RealtimeSimulatorHostOptions options)
    {
        logs.Tell(violation);
        options.OnViolation?.Invoke(violation);
    }

    // Who is refused at the door has no session, and so no log of its own.
    private static async Task ServeAsync(HttpContext context, Routes routes, Registry registry, HostLogs logs)
    {
        try
        {
            await routes.ServeAsync(context).ConfigureAwait(false);
        }
        finally
        {
            if (DoorAnswer.RefusalOf(context) is { } refusal)
            {
                logs.Tell(refusal, context.Request.Path, registry.Now);
            }
        }
    }

    private static WebApplication Build(RealtimeSimulatorHostOptions options, X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = GoodbyeTimeout);

        builder.Services.Configure<SocketTransportOptions>(static sockets =>
        {
            // A write is done when the system has it: what is said after it is exact.
            sockets.MaxWriteBufferSize = 1;

            // A message is answered on the thread that received it: another thread for each piece of sound is a tenth of what it costs. Nothing here waits while it reads.
            sockets.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = options.Limits.HandshakeTimeout;
            kestrel.Limits.KeepAliveTimeout = options.Limits.HandshakeTimeout;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBufferSize = MaxUnreadBytes;
            kestrel.Limits.MaxResponseBufferSize = 1;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate, https => https.HandshakeTimeout = options.Limits.HandshakeTimeout);
                }
            });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private static Routes RoutesOf(RealtimeSimulatorHostOptions options, Registry registry, ViolationList violations, HostLogs? logs)
    {
        var secrets = new ClientSecrets(options.Time);
        var admission = new Admission(options.ApiKey, secrets);
        var gate = new ConnectionGate(options, admission, registry, violations, logs);
        var desk = new SecretDesk(options, admission, secrets);
        var report = new ViolationReport(violations);
        var connections = new ConnectionDesk(registry, logs);
        Func<HttpContext, Task> Guarded(Func<HttpContext, Task> answer) => context => admission.MayRead(context.Request, out string why) ? answer(context) : DoorAnswer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_api_key", why);
        return new(
        [
            new("GET", Routes.Realtime, context => gate.ServeAsync(context, isTranslation: false)),
            new("GET", Routes.Azure, context => gate.ServeAsync(context, isTranslation: false)),
            new("GET", Routes.Translation, context => gate.ServeAsync(context, isTranslation: true)),
            new("POST", Routes.Secrets, context => desk.MintAsync(context, isTranslation: false)),
            new("POST", Routes.TranslationSecrets, context => desk.MintAsync(context, isTranslation: true)),
            new("GET", Routes.Health, context => HealthAsync(context, registry)),
            new("GET", Routes.Connections, Guarded(connections.ListAsync)),
            new("GET", Routes.Connections + "/", Guarded(connections.LogAsync)),
            new("GET", Routes.Violations, Guarded(report.TellAsync)),
            new("DELETE", Routes.Violations, Guarded(report.ClearAsync)),
        ]);
    }

    private static Task HealthAsync(HttpContext context, Registry registry)
    {
        var health = new JsonObject { ["status"] = registry.IsStopping ? "stopping" : "ok", ["sessions"] = registry.Count, ["version"] = Recipe.OwnVersion };
        return DoorAnswer.SayAsync(context, registry.IsStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, health);
    }

    private static Uri EndpointOf(WebApplication application, RealtimeSimulatorHostOptions options)
    {
        int port = new Uri(application.Urls.First()).Port;
        IPAddress address = options.Address;
        bool everywhere = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        string host = everywhere ? IPAddress.Loopback.ToString() : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return new UriBuilder(options.Tls ? "wss" : "ws", host, port, Path).Uri;
    }
}
