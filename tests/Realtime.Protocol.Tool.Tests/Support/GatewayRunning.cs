using System.Text.Json.Nodes;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary><c>realtime gateway</c> in this process while a test calls it: started once callers may come, ended as SIGTERM ends it.</summary>
internal sealed class GatewayRunning : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Task<ToolRun> _run;

    private GatewayRunning(string[] args, ToolRun.Setting setting) =>
        _run = ToolRun.OfAsync(["gateway", "--port", "0", "--ready", _folder.File("ready.json"), "--journal", _folder.File("calls"), .. args], setting with { Ending = _ending.Token });

    public Uri Http { get; private set; } = null!;

    /// <summary>Where calls are taken, up to the id.</summary>
    public string Calls { get; private set; } = "";

    public HttpClient Client { get; } = new();

    public static async Task<GatewayRunning> StartAsync(string[] args, Dictionary<string, string>? variables = null)
    {
        var gateway = new GatewayRunning(args, new() { Variables = variables ?? [] });
        while (!File.Exists(gateway._folder.File("ready.json")))
        {
            Assert.False(gateway._run.IsCompleted, gateway._run.IsCompleted ? (await gateway._run).Error : "");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        JsonNode ready = JsonNode.Parse(await File.ReadAllTextAsync(gateway._folder.File("ready.json"), TestContext.Current.CancellationToken))!;
        (gateway.Http, gateway.Calls) = (new((string)ready["url"]!), (string)ready["calls"]!);
        return gateway;
    }

    /// <summary>Asks it to end.</summary>
    public async Task<ToolRun> EndAsync()
    {
        await _ending.CancelAsync();
        return await _run;
    }

    public void Dispose()
    {
        _ending.Cancel();
        Client.Dispose();
        _ending.Dispose();
    }
}
