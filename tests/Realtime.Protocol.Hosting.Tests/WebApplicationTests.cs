using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Hosting.Tests;

/// <summary>A small web application as a stranger writes it, on loopback, against the simulator: its files, its environment, its routes, its stop.</summary>
public sealed class WebApplicationTests : IAsyncLifetime
{
    private const int HangsAfterMs = 120_000;

    private const string Key = "sk-canary-4242";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voice-app-");
    private readonly LogLines _log = new();
    private RealtimeSimulatorHost _simulator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = Key }, Stop);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Files_Environment_AndSecrets_AreReadInTheirOrder()
    {
        // Of a name that nobody else reads: the environment is the whole process's.
        string prefix = $"V{Guid.NewGuid():N}_";
        Environment.SetEnvironmentVariable($"{prefix}Voice__Session__Voice", "cedar");
        Environment.SetEnvironmentVariable($"{prefix}Voice__Session__TurnTaking__Eagerness", "low");
        await using WebApplication app = Build(
            $$"""
            {
              // as people write them
              "Voice": { "Endpoint": "{{_simulator.Endpoint}}", "Credential": "not the real one", "Session": { "Voice": "marin", "TurnTaking": "semantic_vad", "Instructions": "Be brief." } },
              "Night": { "Endpoint": "{{_simulator.Endpoint}}", "Credential": "{{Key}}", "Session": { "Voice": "ash", "TurnTaking": "manual" } }
            }
            """,
            static builder => builder.Services.AddVoiceSessions("night", builder.Configuration.GetSection("Night")),
            configuration => configuration.AddEnvironmentVariables(prefix).AddInMemoryCollection([new("voice:credential", Key)]));
        app.MapGet("/voice", static async (VoiceSessionFactory calls, CancellationToken ct) =>
        {
            await using VoiceSession call = await calls.ConnectAsync(cancellationToken: ct);
            await using VoiceSession night = await calls.ConnectAsync("night", cancellationToken: ct);
            return $"{call.Configuration.Voice} {(call.Configuration.TurnTaking as TurnTaking.SemanticVad)?.Eagerness} {call.Configuration.Instructions} {night.Configuration.Voice} {calls.Active}";
        });
        using HttpClient http = await StartAsync(app);

        Assert.Equal("cedar low Be brief. ash 2", await http.GetStringAsync("/voice", Stop));
        Assert.DoesNotContain(_log.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("""{ "Voice": { "Session": { "TurnTakng": "manual" } } }""", "Voice:Session:TurnTakng is unknown: did you mean TurnTaking?")]
    [InlineData("""{ "Voice": { "Credential": { "Key": "sk-canary-4242" } } }""", "Voice:Credential takes a key or token, not keys of its own.")]
    [InlineData("""{ "Voice": { "ConnectTimeout": 15 } }""", "Voice:ConnectTimeout is not what it takes: a time such as 00:00:15, 15s or 400ms, more than zero, or infinite.")]
    [InlineData("""{ "Voice": { "Model": "m" } }""", "Voice:Credential is missing.")]
    [InlineData("""{ "Vioce": { "Model": "m" } }""", "The section Voice is not there, or has no key.")]
    public async Task AMistake_KeepsTheApplicationFromStarting(string settings, string wrong)
    {
        await using WebApplication app = Build(settings);

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Stop));

        Assert.Equal([wrong], refused.Failures);
        Assert.DoesNotContain(_log.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public void AKeyTwiceInOneFile_IsToldWithItsPath()
    {
        Exception refused = Assert.ThrowsAny<Exception>(() => Build($$"""{ "Voice": { "Credential": "{{Key}}", "credential": "{{Key}}" } }"""));

        Assert.Contains("Voice:credential", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ABrowsersKey_OpensTheSessionOfTheConfiguration()
    {
        await using WebApplication app = Build(Settings);
        app.MapPost("/token", static (VoiceSessionFactory calls, CancellationToken ct) => calls.CreateClientSecretAsync("", static o => o.Session = o.Session with { Instructions = "For Anna." }, TimeSpan.FromMinutes(1), ct));
        using HttpClient http = await StartAsync(app);

        using HttpResponseMessage answer = await http.PostAsync("/token", content: null, Stop);
        JsonNode key = (await answer.Content.ReadFromJsonAsync<JsonNode>(Stop))!;

        await using VoiceSession browser = await VoiceSession.ConnectAsync(new() { Endpoint = _simulator.Endpoint, Credential = (string)key["value"]! }, Stop);
        Assert.Equal(("marin", "For Anna."), (browser.Configuration.Voice!.Value.Name, browser.Configuration.Instructions));
        Assert.Equal(0, app.Services.GetRequiredService<VoiceSessionFactory>().Active); // not ours to drain
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("canary", StringComparison.Ordinal) || line.Text.Contains((string)key["value"]!, StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AtTheStop_CallsEnd_WhileTheWebServerStillCarriesThem()
    {
        await using WebApplication app = Build(Settings, static builder => builder.Services.AddHealthChecks().AddVoiceSessions());
        var isOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.MapHealthChecks("/ready");
        app.MapGet("/call", async (VoiceSessionFactory calls, HttpContext context) =>
        {
            await using VoiceSession call = await calls.ConnectAsync(cancellationToken: context.RequestAborted);
            isOpen.TrySetResult();
            RealtimeCloseReason reason = await call.Ended;
            RealtimeConnectException refused = await Assert.ThrowsAsync<RealtimeConnectException>(() => calls.ConnectAsync(cancellationToken: Stop));
            return $"{reason.Kind}, then {refused.Failure}";
        });
        using HttpClient http = await StartAsync(app);
        Assert.Equal("Healthy", await http.GetStringAsync("/ready", Stop));
        Task<string> call = http.GetStringAsync("/call", Stop);
        await isOpen.Task;

        await app.StopAsync(Stop);

        Assert.Equal("Drained, then HostStopping", await call);
        Assert.Contains(_log.Lines, static line => line.Text.StartsWith("All 1 voice sessions have ended.", StringComparison.Ordinal));
    }

    private string Settings => $$"""{ "Voice": { "Endpoint": "{{_simulator.Endpoint}}", "Credential": "{{Key}}", "Session": { "Voice": "marin" } } }""";

    private WebApplication Build(string settings, Action<WebApplicationBuilder>? more = null, Action<IConfigurationManager>? sources = null)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), settings);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = _folder.FullName });
        builder.Configuration.SetBasePath(_folder.FullName).AddJsonFile("appsettings.json", optional: false, reloadOnChange: false);
        sources?.Invoke(builder.Configuration);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Validate(static o => o.Credential is not null, "Voice:Credential is missing.");
        more?.Invoke(builder);
        return builder.Build();
    }

    private static async Task<HttpClient> StartAsync(WebApplication app)
    {
        await app.StartAsync(Stop);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new HttpClient { BaseAddress = new(address) };
    }
}
