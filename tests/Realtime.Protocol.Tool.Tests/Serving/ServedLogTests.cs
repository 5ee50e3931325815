using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

/// <summary><c>serve --log</c> and <c>--like</c>: what was written down is read by the other commands, and served again.</summary>
public sealed class ServedLogTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = HangsAfterMs)]
    public async Task Log_IsTakenByDecodeAndByLint()
    {
        string log = await ServeAsync(["--fast", "--scenario", Shop(), "--seed", "9", "--log", _folder.File("logs")]);

        Assert.Equal(_folder.File("logs/0001-shop.jsonl"), log);
        ToolRun decode = await ToolRun.OfAsync("decode", "--strict", log);
        Assert.Equal((ExitCode.Done, ""), (decode.ExitCode, decode.Error));
        string decoded = System.Text.Encoding.UTF8.GetString(decode.AudioOut);
        Assert.StartsWith("2 server session.created ok\n", decoded, StringComparison.Ordinal);
        ToolRun lint = await ToolRun.OfAsync("lint", log);
        Assert.Equal((ExitCode.DoneWithProblems, ""), (lint.ExitCode, lint.Error));
        Assert.Contains("[cancel-nothing, refused]", lint.Output, StringComparison.Ordinal);

        // What lint finds offline is what the log says that the server saw.
        string[] rules = [.. (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(static line => (string?)JsonNode.Parse(line)!["rule"]).OfType<string>()];
        Assert.All(rules, rule => Assert.Contains($"[{rule}, ", lint.Output, StringComparison.Ordinal));
        Assert.Contains(rules.Length == 1 ? "1 rule is broken" : $"{rules.Length} rules are broken", lint.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Like_ServesALogAgain_AndWhatStandsBesideItIsChanged()
    {
        string log = await ServeAsync(["--fast", "--scenario", Shop(), "--seed", "9", "--fault", "late-deltas:2", "--log", _folder.File("logs")]);

        string same = await ServeAsync(["--like", log, "--log", _folder.File("same")]);
        string changed = await ServeAsync(["--like", log, "--log", _folder.File("changed"), "--seed", "10", "--fault", "drop@response.created/1", "--lifetime", "2m", "--vad", "none"]);

        Assert.Equal(await ServerLinesAsync(log), await ServerLinesAsync(same));
        JsonNode recipe = (await RecipeAsync(changed))!;
        Assert.Equal(("10", "120000", "none"), (recipe["seed"]!.ToString(), recipe["lifetime_ms"]!.ToString(), (string)recipe["vad"]!));
        Assert.Equal(["late-deltas:2", "drop@response.created/1"], recipe["faults"]!.AsArray().Select(static wish => (string)wish!));
        Assert.Contains("\"turn_detection\":null", (await ServerLinesAsync(changed))[0], StringComparison.Ordinal);
        Assert.DoesNotContain(await ServerLinesAsync(changed), static line => line.Contains("\"response.created\"", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ScenarioBesideLike_SaysItsServiceAndItsFaultsItself_AndWhatStandsBesideBothWins()
    {
        string log = await ServeAsync(["--fast", "--scenario", Shop(), "--seed", "9", "--fault", "late-deltas:2", "--fault", "late:1ms@error/1", "--log", _folder.File("logs")]);
        string other = _folder.File("other.json", """{ "name": "other", "session": { "lifetime": "3m", "vad": "none" }, "service": { "lateDeltas": 4 }, "faults": [ { "fault": "repeat", "value": 2, "at": "response.created" } ] }"""u8.ToArray());

        string said = await ServeAsync(["--like", log, "--scenario", other, "--log", _folder.File("said")]);
        string beside = await ServeAsync(["--like", log, "--scenario", other, "--log", _folder.File("beside"), "--vad", "semantic", "--lifetime", "1m", "--fault", "late-deltas:5"]);

        JsonNode recipe = (await RecipeAsync(said))!;
        Assert.Equal(("9", "180000", "none"), (recipe["seed"]!.ToString(), recipe["lifetime_ms"]!.ToString(), (string)recipe["vad"]!));
        Assert.Equal(["late-deltas:4", "repeat:2@response.created/1"], recipe["faults"]!.AsArray().Select(static wish => (string)wish!));
        recipe = (await RecipeAsync(beside))!;
        Assert.Equal(("60000", "semantic"), (recipe["lifetime_ms"]!.ToString(), (string)recipe["vad"]!));
        Assert.Equal(["late-deltas:5", "repeat:2@response.created/1"], recipe["faults"]!.AsArray().Select(static wish => (string)wish!));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ScenarioWithoutScriptedTurns_BesideALogThatHasThem_IsOneLine_UnlessVadIsSaid()
    {
        string scripted = _folder.File("scripted.json", """{ "name": "scripted", "session": { "vad": "scripted" }, "hears": [ { "text": "Blue?", "spoken": { "from": "1s", "to": "2s" } } ] }"""u8.ToArray());
        string ordinary = _folder.File("ordinary.json", """{ "hears": [ { "text": "Green?" } ] }"""u8.ToArray());
        string log = await ServeAsync(["--fast", "--scenario", scripted, "--log", _folder.File("logs")]);

        await AssertRefusedAsync($"{log}:1:", "--like", log, "--scenario", ordinary);
        string heard = await ServeAsync(["--like", log, "--scenario", ordinary, "--vad", "server", "--log", _folder.File("heard")]);

        Assert.Equal("server", (string)(await RecipeAsync(heard))!["vad"]!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task LogsAreWhole_WhenServeIsAskedToEnd()
    {
        using ServedRun served = await ServedRun.StartAsync(["--log", _folder.File("logs")]);
        using ClientWebSocket client = await served.ConnectAsync();
        await ServedRun.HearAsync(client);

        Task<ToolRun> ending = served.EndAsync();
        Assert.Null(await ServedRun.HearAsync(client));
        await ServedRun.LeaveAsync(client);

        Assert.Equal(ExitCode.Done, (await ending).ExitCode);
        string[] lines = await File.ReadAllLinesAsync(_folder.File("logs/0001-realtime.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal("""{"end":"server","close_status":1001,"close_reason":"The simulator is shutting down.","lost":0}""", JsonNode.Parse(lines[^1])!.AsObject() is var end && end.Remove("t_ms") ? end.ToJsonString() : "");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task LogThatCannotBeWritten_IsTold_AndServedAllTheSame()
    {
        using ServedRun served = await ServedRun.StartAsync(["--log", _folder.File("logs")]);
        Directory.Delete(_folder.File("logs"));
        using (ClientWebSocket client = await served.ConnectAsync())
        {
            await ServedRun.HearAsync(client);
            await ServedRun.LeaveAsync(client);
        }

        ToolRun run = await served.EndAsync();

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.StartsWith("A log can't be written to its end: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatCannotBeServedAgain_IsOneLine_BeforeAnythingListens()
    {
        string log = await ServeAsync(["--fast", "--log", _folder.File("logs")]);

        await AssertRefusedAsync($"{_folder.File("gone.jsonl")}: There is no such file.", "--like", _folder.File("gone.jsonl"));
        await AssertRefusedAsync($"{Shop()}:1:1: This is no log of the simulator: its first line holds no recipe.", "--like", Shop());
        await AssertRefusedAsync($"{log} is in {_folder.File("logs")}, where the new log would take its place.", "--like", log, "--log", _folder.File("logs"));
        await AssertRefusedAsync($"Logs cannot be written to {Shop()}: ", "--log", Shop());
        Assert.True(new FileInfo(log).Length > 100);
    }

    private async Task AssertRefusedAsync(string line, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0", .. args], new());

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(line, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private string Shop() => _folder.File("shop.json", """{ "name": "shop", "turns": [ { "do": [ { "say": "One moment." } ] } ] }"""u8.ToArray());

    private static async Task<JsonNode?> RecipeAsync(string log) => JsonNode.Parse((await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken))[0])!["recipe"];

    private static async Task<string[]> ServerLinesAsync(string log) =>
    [
        .. (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(static line => JsonNode.Parse(line)!).Where(static line => (string?)line["dir"] == "server").Select(static line =>
        {
            // When it was served is not the same.
            _ = (line["event"]!["session"] as JsonObject)?.Remove("expires_at");
            return line["event"]!.ToJsonString();
        }),
    ];

    // One client that does the same every time; the log of its connection.
    private static async Task<string> ServeAsync(string[] args)
    {
        using ServedRun served = await ServedRun.StartAsync(args);
        using (ClientWebSocket client = await served.ConnectAsync())
        {
            await ServedRun.SayAsync(client, """{"type":"response.cancel","event_id":"e1"}""");
            await ServedRun.SayAsync(client, """{"type":"response.create","event_id":"e2"}""");
            while ((await ServedRun.HearAsync(client))?.GetProperty("type").GetString() is not (null or "response.done"))
            {
            }

            await ServedRun.LeaveAsync(client);
        }

        ToolRun run = await served.EndAsync();
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        string folder = args[Array.IndexOf(args, "--log") + 1];
        Assert.Matches("[0-9.]+ 1 connection, [12] rules? broken · logs in .*\\n$", run.Output);
        return Assert.Single(Directory.GetFiles(folder));
    }
}
