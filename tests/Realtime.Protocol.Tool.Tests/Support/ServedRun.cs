using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary><c>realtime serve</c> in this process while a test is its client: started once clients may come, ended as Ctrl-C ends it.</summary>
internal sealed class ServedRun : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Task<ToolRun> _run;

    private ServedRun(string[] args, ToolRun.Setting setting) => _run = ToolRun.OfAsync(["serve", "--port", "0", "--ready", _folder.File("ready.json"), .. args], setting with { Ending = _ending.Token });

    public Uri Url { get; private set; } = null!;

    public static async Task<ServedRun> StartAsync(string[] args, ToolRun.Setting? setting = null)
    {
        var served = new ServedRun(args, setting ?? new());
        while (!File.Exists(served._folder.File("ready.json")))
        {
            // It never gets there when it has ended.
            Assert.False(served._run.IsCompleted, served._run.IsCompleted ? (await served._run).Error : "");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        served.Url = new Uri((string)JsonNode.Parse(await File.ReadAllTextAsync(served._folder.File("ready.json"), TestContext.Current.CancellationToken))!["url"]!);
        return served;
    }

    public async Task<ClientWebSocket> ConnectAsync(string query = "", Action<ClientWebSocketOptions>? options = null)
    {
        var client = new ClientWebSocket();
        options?.Invoke(client.Options);
        await client.ConnectAsync(new Uri(Url + query), TestContext.Current.CancellationToken);
        return client;
    }

    public static Task SayAsync(ClientWebSocket client, string json) => client.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message; null at the goodbye.</summary>
    public static async Task<JsonElement?> HearAsync(ClientWebSocket client)
    {
        using var message = new MemoryStream();
        byte[] block = new byte[64 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(block, TestContext.Current.CancellationToken);
            message.Write(block, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Close ? null : JsonDocument.Parse(message.ToArray()).RootElement;
    }

    public static Task LeaveAsync(ClientWebSocket client) => client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);

    /// <summary>Presses Ctrl-C.</summary>
    public async Task<ToolRun> EndAsync()
    {
        await _ending.CancelAsync();
        return await _run;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
        _folder.Dispose();
    }
}
