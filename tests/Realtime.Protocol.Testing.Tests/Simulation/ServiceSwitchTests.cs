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
