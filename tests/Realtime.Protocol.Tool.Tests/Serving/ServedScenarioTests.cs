using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

/// <summary>What serve does with scenarios: one of a folder for each connection, files that change, and sounds that cannot be had.</summary>
public sealed class ServedScenarioTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = HangsAfterMs)]
    public async Task Watched_TheNextConnectionGetsTheNewFile_AndABrokenOneLeavesTheOneBefore()
    {
        string file = Write("shop.json", Says("one"));
        using ServedRun served = await ServedRun.StartAsync(["--fast", "--scenario", file, "--watch"]);
        using ClientWebSocket first = await served.ConnectAsync();
        await HearGreetingAsync(first);

        Write("shop.json", Says("number two"));
        Assert.Equal("number two", await AnswerAsync(served));
        Assert.Equal("one", await AnswerAsync(first));
        Write("shop.json", "{ \"turns\": [\n  { \"do\": [ { \"sya\": \"number three\" } ] } ] }");
        Assert.Equal("number two", await AnswerAsync(served));
        Write("shop.json", Says("the fourth"));
        Assert.Equal("the fourth", await AnswerAsync(served));

        ToolRun run = await served.EndAsync();
        string[] lines = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        Assert.EndsWith(" · scenario shop (1 turn)", lines[0], StringComparison.Ordinal);
        string again = $"{file} was read again: scenario shop: 1 turn, 0 heard";
        Assert.Equal([again, $"{file}:2:15: There is no member \"sya\" in a step. Did you mean \"say\"? The scenario before stays in use.", again], lines.Where(line => line.StartsWith(file, StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(static line => line.EndsWith(" ← turns[0]", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Done, run.ExitCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WithoutWatching_AChangedFileChangesNothing()
    {
        string file = Write("shop.json", Says("one"));
        using ServedRun served = await ServedRun.StartAsync(["--fast", "--scenario", file]);

        Write("shop.json", Says("number two"));

        Assert.Equal("one", await AnswerAsync(served));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfAFolder_AConnectionPicks_AndTheLinesSayWhichTurnAnswered()
    {
        Write("shop.json", """{ "name": "shop", "turns": [ { "when": { "toolOutput": "stock" }, "do": [] }, { "when": { "cause": "client" }, "do": [ { "write": "shoes" } ] } ] }""");
        Write("bakery.json", Says("bread"));
        using ServedRun served = await ServedRun.StartAsync(["--fast", "--scenario", _folder.File("."), "--seed", "7"]);

        Assert.Equal("shoes", await AnswerAsync(served, "?scenario=shop"));
        Assert.Equal("bread", await AnswerAsync(served, "?model=bakery"));
        WebSocketException refused = await Assert.ThrowsAsync<WebSocketException>(() => served.ConnectAsync("?scenario=shpo"));
        Assert.Contains("404", refused.Message, StringComparison.Ordinal);

        ToolRun run = await served.EndAsync();
        Assert.Contains(" · 2 scenarios: bakery, shop\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"#1 connected \(shop\)\n[0-9.]+ #1 resp_[A-Za-z0-9]+ ← turns\[1\] \(cause client\)\n", run.Output);
        Assert.Matches(@"#2 resp_[A-Za-z0-9]+ ← turns\[0\]\n", run.Output);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("shop", "shop")]
    [InlineData("My shop (2)", "My-shop--2-")]
    public async Task AScenarioWithoutAName_HasThatOfItsFile_InTheLinesAndInTheLog(string name, string inTheLog)
    {
        string file = Write($"{name}.json", """{ "turns": [ { "do": [ { "write": "shoes" } ] } ] }""");
        using ServedRun served = await ServedRun.StartAsync(["--fast", "--scenario", file, "--log", _folder.File("logs")]);

        Assert.Equal("shoes", await AnswerAsync(served));

        ToolRun run = await served.EndAsync();
        Assert.Contains($"#1 connected ({name})\n", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File($"logs/0001-{inTheLog}.jsonl")));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AFolderWithOneBrokenFile_IsRefusedAtItsPlace()
    {
        Write("shop.json", Says("one"));
        string broken = Write("bakery.json", "{ \"turn\": [] }");

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--scenario", _folder.File("."));

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, run.Output));
        Assert.Equal($"{_folder.File(".")}{Path.DirectorySeparatorChar}{Path.GetFileName(broken)}:1:3: There is no member \"turn\" in a scenario. Did you mean \"turns\"?", Assert.Single(run.ErrorLines));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WithoutEspeak_AToneTakesItsPlace_AndALineSaysSo_UnlessItIsRequired()
    {
        string file = Write("shop.json", """{ "turns": [ { "do": [ { "say": "Two are left.", "audio": { "espeak": "en" } } ] } ] }""");
        string strict = Write("strict.json", """{ "turns": [ { "do": [ { "say": "Two are left.", "audio": { "espeak": "en", "required": true } } ] } ] }""");

        (int exitCode, string error) = await ToolProcess.RunAsync($"serve --port 0 --scenario '{file}' -- /bin/sh -c :", path: "/nowhere");
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"{file}:1:59: espeak-ng is not here. A tone takes the place of the voice.\n", error, StringComparison.Ordinal);

        (exitCode, error) = await ToolProcess.RunAsync($"serve --port 0 --scenario '{strict}' -- /bin/sh -c :", path: "/nowhere");
        Assert.Equal((2, $"{strict}:1:59: espeak-ng is not here.\n"), (exitCode, error));
    }

    private static string Says(string words) => JsonSerializer.Serialize(new { turns = new[] { new { @do = new[] { new { write = words } } } } });

    private static async Task HearGreetingAsync(ClientWebSocket client) => Assert.Equal("session.created", (await ServedRun.HearAsync(client))?.GetProperty("type").GetString());

    private static async Task<string?> AnswerAsync(ServedRun served, string query = "")
    {
        using ClientWebSocket client = await served.ConnectAsync(query);
        await HearGreetingAsync(client);
        string? text = await AnswerAsync(client);
        await ServedRun.LeaveAsync(client);
        return text;
    }

    private static async Task<string?> AnswerAsync(ClientWebSocket client)
    {
        await ServedRun.SayAsync(client, """{"type":"response.create","event_id":"e1"}""");
        string? text = null;
        while (await ServedRun.HearAsync(client) is { } said && said.GetProperty("type").GetString() != "response.done")
        {
            text = said.TryGetProperty("text", out JsonElement whole) ? whole.GetString() : text;
        }

        return text;
    }

    private string Write(string name, string content) => _folder.File(name, Encoding.UTF8.GetBytes(content));
}
