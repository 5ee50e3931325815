using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Scenarios.Sound;

namespace Realtime.Protocol.Testing.Tests.Hosting.Logs;

/// <summary>What a host writes down of each session, and that it is enough to serve the same again.</summary>
public sealed class HostLogTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("realtime-logs-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = HangsAfterMs)]
    public async Task Log_HasTheRecipe_BothSides_TheRuleWhereItWasBroken_AndTheEnd()
    {
        RealtimeSimulatorHost host = await StartAsync(new() { Simulator = Immediate with { Seed = 7 } });
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await client.SayAsync("""{"type":"response.cancel","event_id":"e1"}""");
            await client.SayAsync(SimulatedServer.Append(new byte[4_800]));
            await client.SayAsync("nonsense");
            await LeaveAsync(client);
        }

        await host.DisposeAsync();

        JsonObject[] lines = Lines("0001-realtime.jsonl");
        Assert.Equal((7, 1, "echo"), ((int)lines[0]["recipe"]!["seed"]!, (int)lines[0]["recipe"]!["connection"]!, (string)lines[0]["recipe"]!["answers"]!));
        Assert.Equal(["server session.created", "client response.cancel", "server error", "rule cancel-nothing", "client input_audio_buffer.append", "client", "rule message-not-json", "server error", "end client"], lines.Skip(1).Select(Shown).Where(static line => !line.Contains("event-id", StringComparison.Ordinal)));
        Assert.Equal(("", 4_800), ((string)lines.First(static line => Shown(line).EndsWith("append", StringComparison.Ordinal))["event"]!["audio"]!, (int)lines.First(static line => Shown(line).EndsWith("append", StringComparison.Ordinal))["event"]!["audio_bytes"]!));
        JsonObject rule = lines.First(static line => line.ContainsKey("rule"));
        Assert.Equal(("refused", 1, "e1"), ((string)rule["level"]!, (int)rule["number"]!, (string)rule["event_id"]!));
        Assert.Equal((1000, 0), ((int)lines[^1]["close_status"]!, (int)lines[^1]["lost"]!));
        Assert.Equal(Path.Combine(_folder.FullName, "0001-realtime.jsonl"), host.Connections[0].LogFile);
        Assert.Null(host.LogFailure);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhoIsRefusedAtTheDoor_HasALine_WithoutWhatTheyShowed()
    {
        RealtimeSimulatorHost host = await StartAsync(new() { ApiKey = "sk-right-one" });
        using (var http = new HttpClient { BaseAddress = host.HttpEndpoint })
        {
            using HttpResponseMessage nowhere = await http.GetAsync(new Uri("/v1/sk-abcdef0123?key=sk-abcdef0123", UriKind.Relative), Stop);
            Assert.Equal(404, (int)nowhere.StatusCode);
        }

        using (RawClient client = await RawClient.ConnectAsync(host, Stop, headers: "Authorization: Bearer sk-wrong-one\r\n"))
        {
            Assert.Contains("401", client.Answer, StringComparison.Ordinal);
        }

        await host.DisposeAsync();

        Assert.Equal(["refused.jsonl"], _folder.GetFiles().Select(static file => file.Name));
        JsonObject[] lines = Lines("refused.jsonl");
        Assert.Equal([(404, "not_found", "/v1/sk-…"), (401, "invalid_api_key", "/v1/realtime")], lines.Select(static line => ((int)line["refused"]!, (string)line["code"]!, (string)line["path"]!)));
        Assert.All(lines, static line => Assert.True((double)line["t_ms"]! >= 0 && ((string)line["says"]!).Length > 0));
        Assert.DoesNotContain("wrong-one", File.ReadAllText(Path.Combine(_folder.FullName, "refused.jsonl")), StringComparison.Ordinal);
    }

    /// <summary>A host excuses what its switches ask for; one that excuses nothing finds it out.</summary>
    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AServerThatSpeaksOutOfOrder_IsADefect_AndTheSessionGoesOn(bool isExcused)
    {
        RealtimeSimulatorHost host = await StartAsync(new() { Simulator = Immediate with { Service = new() { ItemDone = false } }, Excused = isExcused ? null : ServerRules.None });
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await client.SayAsync("""{"type":"response.create"}""");
            await HeardAsync(client, "response.done");
            await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
            await HeardAsync(client, "input_audio_buffer.cleared");
            await LeaveAsync(client);
        }

        await host.DisposeAsync();

        JsonObject[] notes = [.. Lines("0001-realtime.jsonl").Where(static line => line.ContainsKey("defect"))];
        Assert.Equal(isExcused ? 0 : 1, notes.Length);
        Assert.Equal(isExcused, host.Connections[0].Defect is null);
        Assert.All(notes, note => Assert.Equal(((string)note["says"]!, ConnectionEnd.Client), (host.Connections[0].Defect!.Message, host.Connections[0].End)));
        Assert.All(notes, static note => Assert.Contains("(response.output_item.done): conversation.item.done has to come first", (string)note["says"]!, StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Log_KeepsTheAudio_WhereItIsAskedFor_AndIsGivenOverHttp_AsFarAsItIs()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new() { LogsAudio = true });
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();
        await client.SayAsync(SimulatedServer.Append([1, 2, 3, 4]));
        await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        await client.ReadFrameAsync();

        using var http = new HttpClient();
        string[] log = (await http.GetStringAsync(new Uri(host.HttpEndpoint, "/connections/1/log"), Stop)).TrimEnd().Split('\n');

        Assert.Contains("\"recipe\"", log[0], StringComparison.Ordinal);
        Assert.Contains("\"audio\":\"AQIDBA==\"", log[2], StringComparison.Ordinal);
        Assert.Contains("input_audio_buffer.cleared", log[^1], StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Like_ServesTheSameAgain_ByteForByte()
    {
        Scenario scenario = Scenario.Hears("The blue ones?").When(Cue.Connection(3)).Say("Third.", Sound.Tone(330, 400)).Call("stock", """{"sku":"B-7"}""").Next.Write("Not here.").Named("shop");
        SimulatorOptions simulator = scenario.ToOptions(ResponsePace.Immediate) with
        {
            Seed = ulong.MaxValue,
            Model = "gpt-other",
            SessionLifetime = TimeSpan.FromMinutes(7),
            TurnDetection = SimulatedTurnDetection.Semantic,
            Service = new ServiceSwitches { LateDeltas = 2, RateLimits = RateLimitReport.AtStart },
            Faults = FaultPlan.None.WithChance(0.5).Remove(FaultPlan.AnyEvent, FaultPlan.Every, "event_id").WithChance(1).OnConnection(3).Alter("response.done", 1, "response.status", "\"odd, @ all\"").OnConnection(1).Drop("session.created", 1),
        };
        await ServeThreeAsync(new() { Simulator = simulator }, connections: 3);
        File.Move(Path.Combine(_folder.FullName, "0003-shop.jsonl"), Path.Combine(_folder.FullName, "issue.jsonl"));

        await ServeThreeAsync(RealtimeSimulatorHostOptions.Like(Path.Combine(_folder.FullName, "issue.jsonl")), connections: 1);

        string issue = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "issue.jsonl"), Stop);
        Assert.Equal(issue, await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "0003-shop.jsonl"), Stop));
        Assert.Contains("Third.", issue, StringComparison.Ordinal);
        Assert.Contains("odd, @ all", issue, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Like_ServesTheSameDelays_WhereTheyAreDrawn()
    {
        var wide = Delay.Between(100, 5_000);
        Scenario scenario = Scenario.Say("One moment, please.").Write("Here they are.", new StepPace { Every = Delay.Between(1, 900) })
            .With(new Pace { Created = wide, Item = wide, FirstDelta = wide, Chunk = 40, Speed = 1.5, TextDelta = wide, Closers = wide }).Seeded(7).Named("slow");
        string issue = await ServeSlowlyAsync(scenario, "issue");

        string same = await ServeSlowlyAsync(RealtimeSimulatorHostOptions.Like(Path.Combine(_folder.FullName, "issue.jsonl")), "same");
        string other = await ServeSlowlyAsync(scenario.Seeded(8), "other");

        Assert.Equal(issue, same);
        Assert.Equal(TimesOf(issue), TimesOf(same));
        Assert.Equal(TimesOf(issue).Length, TimesOf(other).Length);
        Assert.NotEqual(TimesOf(issue), TimesOf(other));
        Assert.InRange(TimesOf(issue).Distinct().Count(), 10, int.MaxValue);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Recipe_HasTheWordsAndTheRemoteTools_OfAServerWithoutAScenario()
    {
        SimulatorOptions simulator = new() { Transcripts = [new("Blue?") { After = Moment.After("response.done") }], McpServers = [new("docs", new SimulatedMcpTool("search", "Thirty days."))], InitialSession = """{"type":"realtime","instructions":"Be short."}""" };
        RealtimeSimulatorHost host = await StartAsync(new() { Simulator = simulator });
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await LeaveAsync(client);
        }

        await host.DisposeAsync();
        SimulatorOptions again = RealtimeSimulatorHostOptions.Like(host.Connections[0].LogFile!).Simulator;

        Assert.Equal(simulator.Transcripts, again.Transcripts);
        Assert.Equal(("docs", "search", "Thirty days."), (again.McpServers[0].Label, again.McpServers[0].Tools[0].Name, again.McpServers[0].Tools[0].Output));
        Assert.Equal(simulator.InitialSession, again.InitialSession);
        Assert.Equal(simulator.Pace, again.Pace);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Recipe_HasTheTurnsThatAreScripted()
    {
        Scenario scenario = Scenario.Parse("""{"session":{"vad":"scripted"},"hears":[{"text":"Blue?","spoken":{"from":"1s","to":"2s"}}]}""");
        RealtimeSimulatorHost host = await StartAsync(scenario);
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await LeaveAsync(client);
        }

        await host.DisposeAsync();
        SimulatorOptions again = RealtimeSimulatorHostOptions.Like(host.Connections[0].LogFile!).Simulator;

        Assert.Equal((SimulatedTurnDetection.Scripted, scenario.ToOptions().Transcripts[0]), (again.TurnDetection, again.Transcripts[0]));
    }

    [Theory]
    [InlineData("", "FILE:1:1: This is no log of the simulator: its first line holds no recipe.")]
    [InlineData("""{"t_ms":0,"dir":"server","event":{}}""", "FILE:1:1: This is no log of the simulator: its first line holds no recipe.")]
    [InlineData("""{"recipe":[]}""", "FILE:1:11: \"recipe\" takes a recipe, not a list.")]
    [InlineData("""{"recipe":{"sed":1}}""", "FILE:1:12: There is no member \"sed\" in a recipe. Did you mean \"seed\"?")]
    [InlineData("""{"recipe":{"seed":-1}}""", "FILE:1:19: \"seed\" takes a whole number from 0 on, not -1.")]
    [InlineData("""{"recipe":{"faults":["dorp@error/1"]}}""", "FILE:1:21: There is no fault 'dorp'. Did you mean drop?")]
    [InlineData("""{"recipe":{"answers":"code"}}""", "FILE:1:22: Code of a program answered, which no log can hold.")]
    [InlineData("""{"recipe":{"scenario":{"turns":[{"do":[{"say":"x","audio":{"wav":"gone.wav"}}]}]}}}""", "FILE (scenario):1:")]
    public void ARecipeThatCannotBeFollowed_IsToldAtItsPlace(string line, string sentence)
    {
        string path = Path.Combine(_folder.FullName, "x.jsonl");
        File.WriteAllText(path, line + "\n{}\n");

        ScenarioException refused = Assert.Throws<ScenarioException>(() => RealtimeSimulatorHostOptions.Like(path));

        Assert.StartsWith(sentence.Replace("FILE", path, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAHostBears_IsTheSameAgain_EveryLimitOfIt()
    {
        SimulatorHostLimits limits = new()
        {
            MaxMessageBytes = 1_001,
            MaxFragments = 1_002,
            MaxConnections = 1_003,
            MaxQueuedBytes = 1_004,
            MaxQueuedBytesInAll = 1_005,
            KeptAudioBytesInAll = 1_012,
            Patience = TimeSpan.FromMilliseconds(1_006),
            HandshakeTimeout = TimeSpan.FromMilliseconds(1_007),
            PingAfter = TimeSpan.FromMilliseconds(1_008),
            PongTimeout = TimeSpan.FromMilliseconds(1_009),
        };
        Assert.All(typeof(SimulatorHostLimits).GetProperties(), property => Assert.NotEqual(property.GetValue(new SimulatorHostLimits()), property.GetValue(limits)));
        byte[] recipe = Recipe.Of(new() { KeptAudioBytes = 1_010, MaxInputAudioBytes = 1_011 }, FaultPlan.None, limits).Write();

        RealtimeSimulatorHostOptions again = RealtimeSimulatorHostOptions.Like(Log(Encoding.UTF8.GetString(recipe)));

        Assert.Equal(limits, again.Limits);
        Assert.Equal((1_010, 1_011), (again.Simulator.KeptAudioBytes!.Value, again.Simulator.MaxInputAudioBytes));
        Assert.DoesNotContain("limits", Encoding.UTF8.GetString(Recipe.Of(new(), FaultPlan.None, new()).Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheScenarioBesideALogSays_StandsInPlaceOfTheLog_MemberByMember()
    {
        string log = Log("""{"recipe":{"seed":7,"kind":"realtime","model":"gpt-old","lifetime_ms":60000,"vad":"semantic","faults":["late-deltas:2","usage:null","loser:error","item-done:false","drop@response.done/1"],"pace":{"created":"9ms"},"answers":"echo"}}""");
        var said = Scenario.Parse("""
            { "seed": 8, "session": { "type": "transcription", "model": "gpt-new", "lifetime": "2m", "vad": "none" }, "pace": { "created": "3ms" },
              "service": { "lateDeltas": 3, "rateLimits": "atStart", "itemDone": true, "autoResponse": { "loser": "silent" } }, "faults": [ { "fault": "repeat", "value": 2, "at": "error" } ] }
            """);

        SimulatorOptions options = RealtimeSimulatorHostOptions.Like(log, said).Simulator;

        Assert.Equal((8UL, SimulatedSessionKind.Transcription, "gpt-new", TimeSpan.FromMinutes(2), SimulatedTurnDetection.None), (options.Seed, options.Kind, options.Model, options.SessionLifetime, options.TurnDetection));
        Assert.Equal((3, UsageReport.Null, RateLimitReport.AtStart), (options.Service.LateDeltas, options.Service.Usage, options.Service.RateLimits));
        Assert.Equal((true, FailedAttempt.Silent), (options.Service.ItemDone, options.Service.AutoResponse.Loser));
        Assert.Equal(["repeat:2@error/1"], options.Faults.Wishes);
        Assert.Equal(new Delay(TimeSpan.FromMilliseconds(3)), options.Pace.Acknowledgement);
    }

    [Fact]
    public void WhatTheScenarioBesideALogDoesNotSay_IsAsInTheLog()
    {
        string log = Log("""{"recipe":{"seed":7,"kind":"transcription","model":"gpt-old","lifetime_ms":60000,"vad":"semantic","faults":["late-deltas:2","drop@response.done/1"],"pace":{"created":"9ms"},"answers":"code"}}""");

        SimulatorOptions options = RealtimeSimulatorHostOptions.Like(log, Scenario.Say("Hello.")).Simulator;

        Assert.Equal((7UL, SimulatedSessionKind.Transcription, "gpt-old", TimeSpan.FromMinutes(1), SimulatedTurnDetection.Semantic), (options.Seed, options.Kind, options.Model, options.SessionLifetime, options.TurnDetection));
        Assert.Equal(2, options.Service.LateDeltas);
        Assert.Equal(["drop@response.done/1"], options.Faults.Wishes);
        Assert.Equal(new Delay(TimeSpan.FromMilliseconds(9)), options.Pace.Acknowledgement);
    }

    [Fact]
    public void ScriptedTurnsOfALog_AreAFaultAtTheirPlace_WhereTheScenarioBesideItScriptsNone()
    {
        string log = Log("""{"recipe":{"vad":"scripted","answers":"echo"}}""");
        var scripted = Scenario.Parse("""{"session":{"vad":"scripted"},"hears":[{"text":"Blue?","spoken":{"from":"1s","to":"2s"}}]}""");

        foreach (Scenario? ordinary in (Scenario?[])[null, Scenario.Empty, Scenario.Hears("Blue?")])
        {
            ScenarioException refused = Assert.Throws<ScenarioException>(() => RealtimeSimulatorHostOptions.Like(log, ordinary));
            Assert.StartsWith($"{log}:1:18: The turns of this log were scripted, ", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(SimulatedTurnDetection.Scripted, RealtimeSimulatorHostOptions.Like(log, scripted).Simulator.TurnDetection);
        Assert.Equal(SimulatedTurnDetection.Semantic, RealtimeSimulatorHostOptions.Like(log, Scenario.Hears("Blue?").With(SimulatedTurnDetection.Semantic)).Simulator.TurnDetection);
        Assert.Equal(SimulatedTurnDetection.None, RealtimeSimulatorHostOptions.Like(log, Scenario.Hears("Blue?"), SimulatedTurnDetection.None).Simulator.TurnDetection);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnswersThatWereCode_NeedAScenarioInTheirPlace()
    {
        RealtimeSimulatorHost host = await StartAsync(new() { Simulator = new() { Speaker = new FixedModel(new ModelAnswer(new ModelOutput.Text("x"))) } });
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await LeaveAsync(client);
        }

        await host.DisposeAsync();
        string log = host.Connections[0].LogFile!;

        Assert.Contains("Code of a program answered", Assert.Throws<ScenarioException>(() => RealtimeSimulatorHostOptions.Like(log)).Message, StringComparison.Ordinal);
        Assert.NotNull(RealtimeSimulatorHostOptions.Like(log, Scenario.Say("Hello.")));
        Assert.Contains("There is no such file.", Assert.Throws<ScenarioException>(() => RealtimeSimulatorHostOptions.Like(log + "x")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClientsOfOneCall_ShareALog_UntilTheLastOfThemHasLeft()
    {
        RealtimeSimulatorHost host = await StartAsync(new());
        using (RawClient first = await RawClient.ConnectAsync(host, Stop, "?call_id=one"))
        {
            // The call is the first's once it was greeted.
            await first.ReadFrameAsync();
            using RawClient second = await RawClient.ConnectAsync(host, Stop, "?call_id=one");
            await second.ReadFrameAsync();
            await LeaveAsync(first);
            await second.SayAsync("""{"type":"input_audio_buffer.clear"}""");
            await second.ReadFrameAsync();
            await LeaveAsync(second);
        }

        await host.DisposeAsync();

        Assert.Single(_folder.GetFiles());
        Assert.Equal(host.Connections[0].LogFile, host.Connections[1].LogFile);
        JsonObject[] lines = Lines("0001-realtime.jsonl");
        Assert.Equal("end", lines[^1].Select(static member => member.Key).Single(static key => key == "end"));
        Assert.Contains("server input_audio_buffer.cleared", lines.Select(Shown));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task FolderThatCannotBe_IsRefused_BeforeAnythingListens()
    {
        string file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", Stop);

        IOException refused = await Assert.ThrowsAsync<IOException>(() => RealtimeSimulatorHost.StartAsync(new() { LogFolder = Path.Combine(file, "logs") }, Stop));

        Assert.StartsWith($"Logs cannot be written to {Path.Combine(file, "logs")}: ", refused.Message, StringComparison.Ordinal);
    }

    private string Log(string recipe)
    {
        string path = Path.Combine(_folder.FullName, "x.jsonl");
        File.WriteAllText(path, recipe + "\n");
        return path;
    }

    private static SimulatorOptions Immediate => SimulatedServer.Immediate;

    private static async Task HeardAsync(RawClient client, string type)
    {
        while (!Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload).Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
        {
        }
    }

    private static async Task LeaveAsync(RawClient client)
    {
        await client.WriteAsync(RawClient.Frame(0x88, [0x03, 0xE8]));
        await client.ReadToEndAsync();
    }

    private static string Shown(JsonObject line) =>
        line["rule"] is { } rule ? $"rule {rule}"
        : line["end"] is { } end ? $"end {end}"
        : $"{line["dir"]} {line["event"]?["type"]}".Trim();

    // The same clock and the same client every time.
    private async Task ServeThreeAsync(RealtimeSimulatorHostOptions options, int connections)
    {
        RealtimeSimulatorHost host = await StartAsync(options with { Time = new VirtualTime() });
        for (int i = 0; i < connections; i++)
        {
            using RawClient client = await RawClient.ConnectAsync(host, Stop);
            await client.SayAsync("""{"type":"session.update","session":{"type":"realtime","instructions":"Short."}}""");
            await client.SayAsync("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello."}]}}""");
            await client.SayAsync("""{"type":"response.create"}""");
            await LeaveAsync(client);
        }

        await host.DisposeAsync();
    }

    // Everything is asked for before the clock moves, and all that is due is said while it moves.
    private async Task<string> ServeSlowlyAsync(RealtimeSimulatorHostOptions options, string name)
    {
        var time = new VirtualTime();
        RealtimeSimulatorHost host = await StartAsync(options with { Time = time });
        using (RawClient client = await RawClient.ConnectAsync(host, Stop))
        {
            await client.SayAsync("""{"type":"response.create"}""");
            await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
            while (!Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload).Contains("\"input_audio_buffer.cleared\"", StringComparison.Ordinal))
            {
            }

            time.Advance(TimeSpan.FromMinutes(5));
            await LeaveAsync(client);
        }

        await host.DisposeAsync();
        string file = Path.Combine(_folder.FullName, $"{name}.jsonl");
        File.Move(host.Connections[0].LogFile!, file);
        return await File.ReadAllTextAsync(file, Stop);
    }

    private static double[] TimesOf(string log) => [.. log.TrimEnd().Split('\n').Skip(1).Select(static line => (double)JsonNode.Parse(line)!["t_ms"]!)];

    private Task<RealtimeSimulatorHost> StartAsync(RealtimeSimulatorHostOptions options) => RealtimeSimulatorHost.StartAsync(options with { LogFolder = _folder.FullName }, Stop);

    private JsonObject[] Lines(string file) => [.. File.ReadAllLines(Path.Combine(_folder.FullName, file), Encoding.UTF8).Select(static line => JsonNode.Parse(line)!.AsObject())];
}
