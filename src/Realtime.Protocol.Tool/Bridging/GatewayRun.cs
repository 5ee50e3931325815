using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Realtime.Protocol.CommandLine.Serving;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>
/// <c>realtime gateway</c>: callers on a model until it is asked to end, and then until those who speak were heard out. Whatever cannot be used is told before anything listens; what may come later, the model and the store, is waited for, and
/// <c>/ready</c> says so.
/// </summary>
internal sealed class GatewayRun(GatewaySettings settings, Surroundings world)
{
    private const string Section = "Voice";

    private readonly GatewayLines _lines = new(world.Output, world.Time);
    private int _calls;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        settings.ThrowIfContradictory();
        string? key = settings.Service.Url is null ? null : TalkEndpoint.FindKey(settings.Service, world.GetVariable);
        byte[]? ticketKey = TicketKey();
        string? twilioToken = Variable("--twilio-token-variable", settings.TwilioTokenVariable);
        JournalPlace place = Place();
        foreach (string? secret in (string?[])[key, twilioToken, .. place.Secrets])
        {
            _lines.Hide(secret);
        }

        if (settings.Service.Url is not null)
        {
            TalkEndpoint.Apply(new(), settings.Service, key);
        }

        using X509Certificate2? certificate = settings.Certificate is { } file ? OwnCertificate.Load(file) : null;
        using var collector = Collector.Open(settings.Otlp, "realtime gateway");
        await using JournalStore? journal = JournalStore.Open(place, _lines.Tell, world.Time);
        await using RealtimeSimulatorHost? simulator = settings.Service.Url is null ? await StartSimulatorAsync(cancellationToken) : null;
        await using WebApplication app = Build(options => Apply(options, simulator, key, journal), certificate, ticketKey);
        GatewayDoors.Map(app, settings, ticketKey, twilioToken, _ => Interlocked.Increment(ref _calls));
        await StartAsync(app, cancellationToken);
        await AnnounceAsync(new(app.Urls.First()), place, simulator is not null, cancellationToken);
        await WaitAsync(cancellationToken);

        // Callers who speak are heard out; the host itself bounds it.
        await app.StopAsync(CancellationToken.None);
        _lines.Tell($"{_calls} {(_calls == 1 ? "call" : "calls")}");
        if (collector is not null && await collector.EndAsync() is { } warning)
        {
            world.Error.WriteLine(warning);
        }

        return ExitCode.Done;
    }

    private JournalPlace Place() => settings switch
    {
        { JournalVariable: { } name } => JournalPlace.Read(Variable("--journal-variable", name)!, variable: true),
        { Journal: { } text } => JournalPlace.Read(text, variable: false),
        _ => new JournalPlace.Folder(JournalStore.UsualFolder(world.GetVariable)),
    };

    private byte[]? TicketKey() => Variable("--ticket-key-variable", settings.TicketKeyVariable) switch
    {
        null => null,
        { Length: < GatewaySettings.LeastKeyCharacters } => throw new ToolException(ExitCode.UnusableInput, $"The key of tickets has fewer than {GatewaySettings.LeastKeyCharacters} characters. Make one with: openssl rand -hex 32"),
        var key => Encoding.UTF8.GetBytes(key),
    };

    // The name is not repeated: it may be the secret itself, given by mistake.
    private string? Variable(string option, string? name) => name is null ? null
        : world.GetVariable(name) is { Length: > 0 } value ? value
        : throw new ToolException(ExitCode.UnusableInput, $"The environment variable that {option} names is not set, or empty.");

    private Task<RealtimeSimulatorHost> StartSimulatorAsync(CancellationToken cancellationToken) =>
        RealtimeSimulatorHost.StartAsync(new() { Simulator = new() { UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds() }, Time = world.Time }, cancellationToken);

    private void Apply(VoiceSessionOptions options, RealtimeSimulatorHost? simulator, string? key, JournalStore? journal)
    {
        options.Session = options.Session with
        {
            Instructions = settings.Instructions,
            Voice = settings.Voice is { } voice ? (VoiceName?)voice : null,
            Transcription = settings.Transcription == "off" ? InputTranscription.Off : settings.Transcription,
        };
        options.Journal = journal;
        options.Reconnect = ReconnectPolicy.Standard with { HandOverBeforeExpiry = TimeSpan.FromMinutes(5) };
        if (simulator is not null)
        {
            (options.Endpoint, options.Model) = (simulator.Endpoint, settings.Service.Model);
        }
        else
        {
            TalkEndpoint.Apply(options, settings.Service, key);
        }
    }

    private WebApplication Build(Action<VoiceSessionOptions> session, X509Certificate2? certificate, byte[]? ticketKey)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        IServiceCollection services = builder.Services;

        // The signals that end the program are the program's.
        services.AddSingleton<IHostLifetime, ToldLifetime>();
        services.AddSingleton(world.Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_lines));
        builder.Configuration.AddInMemoryCollection([new($"{Section}:Session:TurnTaking", settings.SemanticTurns ? "semantic_vad" : "server_vad")]);
        services.AddVoiceSessions(builder.Configuration.GetSection(Section)).Configure(session);
        services.AddVoiceGateway(options => options.TicketKey = ticketKey);
        services.AddHealthChecks().AddVoiceSessions().AddVoiceGateway();
        GatewayDoors.AddServices(services, settings);
        if (settings.AudioSocket is { } endPoint)
        {
            services.AddAudioSocketListener(options =>
            {
                options.EndPoint = endPoint;
                options.OnEnded = (_, _) =>
                {
                    Interlocked.Increment(ref _calls);
                    return Task.CompletedTask;
                };
            });
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen, settings.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (OptionsValidationException wrong)
        {
            throw new ToolException(ExitCode.UnusableInput, string.Join(' ', wrong.Failures), wrong);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new ToolException(ExitCode.NotConnected, $"Port {settings.Port} is in use by another program: choose another --port, or 0 for any that is free.", taken);
        }
        catch (Exception failure) when (failure is SocketException or IOException { InnerException: SocketException })
        {
            throw new ToolException(ExitCode.NotConnected, $"gateway can't listen there: {failure.Message.TrimEnd('.')}. Name an address of this machine and ports that you may use, with --listen, --port and --audiosocket.", failure);
        }
    }

    private async Task AnnounceAsync(Uri bound, JournalPlace place, bool isSimulated, CancellationToken cancellationToken)
    {
        // Who listens on every address is reached on this machine's own, too.
        var url = new UriBuilder(bound) { Path = "" };
        url.Host = url.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host;
        string http = url.Uri.GetLeftPart(UriPartial.Authority);
        if (settings.Ready is { } ready)
        {
            string calls = (url.Scheme == "https" ? "wss" : "ws") + http[url.Scheme.Length..] + GatewayDoors.Calls;
            await WholeFile.WriteAsync(ready, new JsonObject { ["url"] = http, ["calls"] = calls, ["ready"] = http + GatewayDoors.Ready }.ToJsonString() + "\n", cancellationToken);
        }

        if (url.Scheme == "http" && !IPAddress.IsLoopback(settings.Listen) && settings.PublicAddress?.Scheme != "https")
        {
            world.Error.WriteLine("warning: without --certificate, or a proxy that --public names, sound and keys travel unencrypted, and no browser gives the page of another machine its microphone.");
        }

        // Scripts wait for this line: it says that callers may come, and where.
        world.Output.WriteLine($"listening on {http} · open it in a browser · {(isSimulated ? "a simulator is the model" : "the model is at " + new Uri(settings.Service.Url!).Host)} · {place.Shown}");
        world.Output.Flush();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (world.Output.Failure is not null)
        {
            // Nobody will ever learn where it listens.
            return;
        }

        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(() => ending.TrySetResult()))
        {
            await ending.Task;
        }
    }

    private sealed class ToldLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
