using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Each switch does what its name says, and the other side of it is the service as it is known.</summary>
public class ServiceSwitchTests
{
    private const string Cancel = """{"type":"response.cancel"}""";
    private const string Create = """{"type":"response.create"}""";

    [Theory]
    [InlineData(StatusDetailsShape.Object, """{"type":"cancelled","reason":"client_cancelled"}""")]
    [InlineData(StatusDetailsShape.Null, null)]
    [InlineData(StatusDetailsShape.String, "\"cancelled\"")]
    public void StatusDetails_HaveTheirShape(StatusDetailsShape shape, string? expected)
    {
        SimulatedServer server = Cancelled(new() { StatusDetails = shape });

        JsonNode response = server.The("response.done")["response"]!;
        Assert.True(response.AsObject().ContainsKey("status_details"));
        Assert.Equal(expected, response["status_details"]?.ToJsonString());
    }

    [Theory]
    [InlineData(StatusDetailsShape.String, "\"failed\"")]
    [InlineData(StatusDetailsShape.Object, """{"type":"failed","error":{"type":"server_error","code":"gone"}}""")]
    public void StatusDetailsOfAFailure_HaveTheirShape(StatusDetailsShape shape, string expected) =>
        Assert.Equal(expected, Failed(new() { StatusDetails = shape })["status_details"]!.ToJsonString());

    [Theory]
    [InlineData(UsageReport.Counted, true)]
    [InlineData(UsageReport.Zeros, false)]
    public void Usage_IsCounted_OrZero(UsageReport report, bool counted)
    {
        JsonNode usage = Cancelled(new() { Usage = report }).The("response.done")["response"]!["usage"]!;

        Assert.Equal(counted, (long)usage["total_tokens"]! > 0);
        Assert.Equal((long)usage["input_tokens"]! + (long)usage["output_tokens"]!, (long)usage["total_tokens"]!);
    }

    [Fact]
    public void Usage_CanBeNull() => Assert.Null(Cancelled(new() { Usage = UsageReport.Null }).The("response.done")["response"]!["usage"]);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void AFailedResponse_KeepsItsOutput_WhereTheServiceDoes(bool keeps, int items)
    {
        JsonNode response = Failed(new() { FailedOutput = keeps });

        Assert.Equal(items, response["output"]!.AsArray().Count);
        Assert.Null(response["usage"]);
    }

    [Theory]
    [InlineData(ClosedStatus.Incomplete, "incomplete")]
    [InlineData(ClosedStatus.InProgress, "in_progress")]
    public void AnItemThatWasCutOff_HasItsStatus(ClosedStatus status, string expected)
    {
        SimulatedServer server = Cancelled(new() { ClosedStatus = status }, grammar: false);

        Assert.Equal(expected, (string)server.The("response.output_item.done")["item"]!["status"]!);
        Assert.Equal(expected, (string)server.The("conversation.item.done")["item"]!["status"]!);
    }

    [Fact]
    public void WithoutItemDone_NoItemIsEverDone()
    {
        var server = new SimulatedServer(Options(new() { ItemDone = false }), grammar: false);

        server.TakeTurn(Sound.Speech(500)).Wait(60_000);

        Assert.Equal(2, server.All("conversation.item.added").Count());
        Assert.DoesNotContain("conversation.item.done", server.Types);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Theory]
    [InlineData(AudioDoneOrder.BeforeTranscript, "response.output_audio.done", "response.output_audio_transcript.done")]
    [InlineData(AudioDoneOrder.AfterTranscript, "response.output_audio_transcript.done", "response.output_audio.done")]
    public void TheTwoEndsOfAPart_HaveTheirOrder(AudioDoneOrder order, string first, string second)
    {
        SimulatedServer server = Cancelled(new() { AudioDone = order });

        Assert.Equal([first, second], server.Types.SkipWhile(type => type != first).Take(2));
    }

    [Theory]
    [InlineData(false, "a")]
    [InlineData(true, "b")]
    public void AnItemBehindADeletedOne_IsAnnouncedBehindWhatTheServiceThinks(bool stale, string previous)
    {
        var server = new SimulatedServer(Options(new() { StalePrevious = stale }), grammar: false);
        server.Say(Message("a")).Say(Message("b")).Say("""{"type":"conversation.item.delete","item_id":"b"}""");

        IReadOnlyList<JsonObject> answer = server.Ask(Message("c"));
        IReadOnlyList<JsonObject> next = server.Ask(Message("d"));

        Assert.Equal(previous, (string)answer[0]["previous_item_id"]!);
        Assert.Equal("c", (string)next[0]["previous_item_id"]!);
    }

    [Fact]
    public void ASkewedServer_HasLessSoundThanItSent()
    {
        SimulatedServer server = Cancelled(new() { TruncationSkewMs = 85 });
        string item = (string)server.The("response.output_item.done")["item"]!["id"]!;
        int sentMs = server.Audio().Length / 48;

        JsonNode refusal = server.Refusal(Truncate(item, sentMs));
        IReadOnlyList<JsonObject> taken = server.Ask(Truncate(item, sentMs - 85));

        Assert.Equal($"Audio content of {sentMs - 85}ms is already shorter than {sentMs}ms", (string)refusal["message"]!);
        Assert.Equal("conversation.item.truncated", (string)taken[0]["type"]!);
    }

    [Theory]
    [InlineData(Verdict.Accept)]
    [InlineData(Verdict.Refuse)]
    public void AnItemThatIsBeingMade_IsCut_WhereTheServiceTakesIt(Verdict verdict)
    {
        SimulatedServer server = Speaking(new() { TruncateInProgress = verdict, DeleteInProgress = verdict });
        string item = (string)server.The("response.output_item.added")["item"]!["id"]!;

        string truncated = (string)server.Ask(Truncate(item, 100))[0]["type"]!;
        string deleted = (string)server.Ask($$"""{"type":"conversation.item.delete","item_id":"{{item}}"}""")[0]["type"]!;

        Assert.Equal(verdict == Verdict.Accept ? ("conversation.item.truncated", "conversation.item.deleted") : ("error", "error"), (truncated, deleted));
        server.Wait(60_000);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void AnItemWhoseIdIsTaken_CanBeAddedOnceMore_BehindItself()
    {
        var server = new SimulatedServer(Options(new() { DuplicateItemIds = DuplicateItemIds.Append }), grammar: false);
        server.Say(Message("a"));

        IReadOnlyList<JsonObject> answer = server.Ask(Message("a"));

        Assert.Equal(["conversation.item.added", "conversation.item.done"], answer.Select(static said => (string)said["type"]!));
        Assert.Equal("a", (string)answer[0]["previous_item_id"]!);
    }

    [Fact]
    public void TheConversation_IsAnnounced_WhereTheServiceDoes()
    {
        var server = new SimulatedServer(Options(new() { ConversationCreated = true }), manual: false);

        Assert.Equal(["session.created", "conversation.created"], server.Types);
        Assert.Equal("realtime.conversation", (string)server.Last["conversation"]!["object"]!);
    }

    [Theory]
    [InlineData(McpProgress.AfterDone, new[] { "response.done", "response.mcp_call.in_progress", "response.mcp_call.completed" })]
    [InlineData(McpProgress.BeforeDone, new[] { "response.mcp_call.in_progress", "response.mcp_call.completed", "response.done" })]
    public void RemoteTools_AreCalledWhenTheServiceDoes(McpProgress progress, string[] order)
    {
        var server = new SimulatedServer(Options(new() { McpProgress = progress }) with { McpServers = [new("docs", new SimulatedMcpTool("search", "Thirty days.") { RunsFor = TimeSpan.FromMilliseconds(400) })] });
        server.Say("""{"type":"session.update","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"docs","server_url":"https://docs.example","require_approval":"never"}]}}""").Wait(1_000);

        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: docs.search {}"}]}}""").Say(Create).Wait(60_000);

        Assert.Equal(order, server.Types.Where(order.Contains));
    }

    [Fact]
    public void ACancelWhileRemoteToolsRun_EndsTheResponse_AndTheCallsGoOn()
    {
        var server = new SimulatedServer(Options(new() { McpProgress = McpProgress.BeforeDone }) with { McpServers = [new("docs", new SimulatedMcpTool("search", "Thirty days.") { RunsFor = TimeSpan.FromSeconds(5) })] });
        server.Say("""{"type":"session.update","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"docs","server_url":"https://docs.example","require_approval":"never"}]}}""").Wait(1_000);
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: docs.search {}"}]}}""").Say(Create).Wait(2_000);

        server.Say(Cancel).Wait(60_000);

        Assert.Equal("cancelled", (string)server.The("response.done")["response"]!["status"]!);
        Assert.Single(server.All("response.mcp_call.in_progress"));
        Assert.Single(server.All("response.mcp_call.completed"));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void NumbersBelowZero_AreRefusedAtOnce(int lateDeltas, int skewMs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealtimeServerSimulator(Options(new() { LateDeltas = lateDeltas, TruncationSkewMs = skewMs })));

    [Theory]
    [InlineData(501, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 61)]
    [InlineData(0, -1)]
    public void NumbersOfDetectionOutOfRange_AreRefusedAtOnce(int minSpeechMs, int hysteresisDb) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealtimeServerSimulator(Options(new() { MinSpeechMs = minSpeechMs, HysteresisDb = hysteresisDb })));

    [Fact]
    public void AResponseOfNull_IsRefused_OrTakenForNone()
    {
        const string Null = """{"type":"response.create","response":null}""";

        Assert.Equal("invalid_type", (string)new SimulatedServer(Options(new())).Refusal(Null)["code"]!);
        SimulatedServer server = new SimulatedServer(Options(new() { ResponseNull = Verdict.Accept })).Say(Null).Wait(60_000);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
        Assert.Equal("invalid_type", (string)server.Refusal("""{"type":"response.create","response":[]}""")["code"]!);
    }

    [Theory]
    [InlineData("session.update", "session", "\"type\":\"realtime\",")]
    [InlineData("response.create", "response", "")]
    public void AVoiceThatNobodyKnows_IsRefused_OrTaken(string type, string member, string also)
    {
        string wish = $"{{\"type\":\"{type}\",\"{member}\":{{{also}\"audio\":{{\"output\":{{\"voice\":\"nova-7\"}}}}}}}}";
        string path = $"{member}.audio.output.voice";

        JsonNode refusal = new SimulatedServer(Options(new())).Refusal(wish);
        SimulatedServer server = new SimulatedServer(Options(new() { UnknownVoice = Verdict.Accept, ResponseNull = Verdict.Accept })).Say(wish).Wait(60_000);

        Assert.Equal(("invalid_value", path), ((string)refusal["code"]!, (string)refusal["param"]!));
        Assert.DoesNotContain("error", server.Types);
        JsonNode taken = type == "session.update" ? server.The("session.updated")["session"]! : server.The("response.created")["response"]!;
        Assert.Equal("nova-7", (string)taken["audio"]!["output"]!["voice"]!);
        Assert.Equal("invalid_type", (string)server.Refusal(wish.Replace("\"nova-7\"", "7", StringComparison.Ordinal))["code"]!);
    }

    [Fact]
    public void TheSpeedDuringAResponse_IsFixed_OrNot()
    {
        const string Faster = """{"type":"session.update","session":{"type":"realtime","audio":{"output":{"speed":1.2}}}}""";

        Assert.Equal("session.audio.output.speed", (string)Speaking(new()).Refusal(Faster)["param"]!);
        Assert.Equal(1.2, (double)Speaking(new() { SpeedDuringResponse = Verdict.Accept }).Ask(Faster)[0]["session"]!["audio"]!["output"]!["speed"]!);
    }

    [Theory]
    [InlineData(WholeTranscripts.ByModel, "whisper-1", 1, "duration")]
    [InlineData(WholeTranscripts.ByModel, "gpt-4o-transcribe", 3, "tokens")]
    [InlineData(WholeTranscripts.Always, "gpt-4o-transcribe", 1, "tokens")]
    [InlineData(WholeTranscripts.Never, "whisper-1", 3, "duration")]
    public void TranscriptsComeWhole_WhereTheServiceSendsThemSo(WholeTranscripts whole, string model, int deltas, string billedBy)
    {
        var server = new SimulatedServer(Options(new() { Whisper = whole }) with { Transcripts = [new("Two blue ones.")] });
        server.Say("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"transcription\":{\"model\":\"" + model + "\"}}}}}");

        server.TakeTurn(Sound.Speech(500)).Wait(60_000);

        Assert.Equal(deltas, server.All("conversation.item.input_audio_transcription.delta").Count());
        JsonObject completed = server.The("conversation.item.input_audio_transcription.completed");
        Assert.Equal(("Two blue ones.", billedBy), ((string)completed["transcript"]!, (string)completed["usage"]!["type"]!));
    }

    [Theory]
    [InlineData(IdleTimeout.BySession, true)]
    [InlineData(IdleTimeout.Off, false)]
    public void AUserWhoSaysNothing_IsSpokenTo_WhereTheServiceDoesIt(IdleTimeout rule, bool spokenTo)
    {
        var server = new SimulatedServer(Options(new() { IdleTimeout = rule }), manual: false);
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":5000}}}}}""");

        server.Say(Create).Wait(30_000);

        Assert.Equal(5_000, (int)server.The("session.updated")["session"]!["audio"]!["input"]!["turn_detection"]!["idle_timeout_ms"]!);
        Assert.Equal(spokenTo, server.Types.Contains("input_audio_buffer.timeout_triggered"));
    }

    [Theory]
    [InlineData(0, 20, true)]
    [InlineData(60, 40, false)]
    [InlineData(60, 60, true)]
    [InlineData(500, 480, false)]
    [InlineData(500, 500, true)]
    public void SoMuchLoudSound_IsSpeech(int minSpeechMs, int soundMs, bool isSpeech)
    {
        var server = new SimulatedServer(Options(new() { MinSpeechMs = minSpeechMs }), manual: false);

        server.Say(SimulatedServer.Append([.. Sound.Silence(600), .. Sound.Speech(soundMs), .. Sound.Silence(600)]));

        Assert.Equal(isSpeech, server.Types.Contains("input_audio_buffer.speech_started"));
        Assert.True(!isSpeech || (long)server.The("input_audio_buffer.speech_started")["audio_start_ms"]! == 300);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(6, 1)]
    public void AVoiceThatGetsSofter_IsStillSpeech_WithinTheHysteresis(int hysteresisDb, int turns)
    {
        var server = new SimulatedServer(Options(new() { HysteresisDb = hysteresisDb }), manual: false);

        // 2,000 is well above the default threshold, 600 is 2.3 dB below it.
        server.Say(SimulatedServer.Append([.. Sound.Tone(500, 300, 2_000), .. Sound.Tone(500, 300, 600), .. Sound.Tone(500, 300, 2_000), .. Sound.Silence(400)]));

        Assert.Equal(turns, server.All("input_audio_buffer.committed").Count());
    }

    private static SimulatorOptions Options(ServiceSwitches service) => new() { Service = service };

    private static string Message(string id) => $$$"""{"type":"conversation.item.create","item":{"id":"{{{id}}}","type":"message","role":"user","content":[{"type":"input_text","text":"Hello."}]}}""";

    private static string Truncate(string id, int ms) => $$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":{{ms}}}""";

    /// <summary>A server in the middle of a spoken answer.</summary>
    private static SimulatedServer Speaking(ServiceSwitches service, bool grammar = true)
    {
        var server = new SimulatedServer(Options(service), grammar: grammar);
        server.TakeTurn(Sound.Speech(4_000)).Wait(800);
        Assert.Contains("response.output_audio.delta", server.Types);
        return server;
    }

    /// <summary>… whose answer was cut off.</summary>
    private static SimulatedServer Cancelled(ServiceSwitches service, bool grammar = true)
    {
        SimulatedServer server = Speaking(service, grammar);
        byte[] heard = server.Audio();
        server.Said.RemoveAll(static said => (string)said["type"]! is "conversation.item.done");
        server.Say(Cancel);
        Assert.True(heard.Length > 0);
        return server;
    }

    private static JsonNode Failed(ServiceSwitches service)
    {
        var model = new FixedModel(new ModelAnswer([new ModelOutput.Text("As I was")], new ModelFailure("server_error", "gone")));
        var server = new SimulatedServer(Options(service) with { Speaker = model });
        return server.Say(Create).Wait(60_000).The("response.done")["response"]!;
    }
}
