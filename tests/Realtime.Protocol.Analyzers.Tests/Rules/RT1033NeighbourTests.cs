using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1033 and RT4002 beside agents of the field that are right: they collect the outputs of a response, and ask once.</summary>
public class RT1033NeighbourTests
{
    [Theory]
    [InlineData(
        """
        async Task M()
        {
            List<RealtimeItem> outputs = [];
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                switch (update)
                {
                    case RealtimeServerUpdateResponseOutputItemDone: outputs.Add(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); break;
                    case RealtimeServerUpdateResponseDone when outputs.Count > 0:
                        foreach (var output in outputs) { await S.AddItemAsync(output); }
                        outputs.Clear();
                        await S.StartResponseAsync();
                        break;
                }
            }
        }
        """)]
    [InlineData("""async Task M(RealtimeServerUpdateResponseFunctionCallArgumentsDone call) { _open++; try { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(call.CallId, "ok")); } finally { _open--; } if (_open == 0) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(IReadOnlyList<string> calls) { var outputs = await Task.WhenAll(calls.Select(RunAsync)); foreach (var o in outputs) { await S.AddItemAsync(o); } await S.StartResponseAsync(); } Task<RealtimeItem> RunAsync(string id) => Task.FromResult<RealtimeItem>(RealtimeItem.CreateFunctionCallOutputItem(id, "ok"));""")]
    [InlineData("""async Task M(Queue<string> calls) { while (calls.Count > 0) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(calls.Dequeue(), "ok")); } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string greeting) { await S.AddItemAsync(RealtimeItem.CreateUserMessageItem(greeting)); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string id, SemaphoreSlim gate) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); gate.Release(); } async Task N(SemaphoreSlim gate) { await gate.WaitAsync(); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string id, bool last) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); if (!last) { return; } await S.StartResponseAsync(); }""")]
    public Task AgentWithTheSdk_ThatAsksOnce(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "#pragma warning disable OPENAI002\nusing System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; int _open; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(SessionUpdate update) { if (update is SessionUpdateResponseFunctionCallArgumentsDone call) { _outputs.Add(new FunctionCallOutputItem(call.CallId, "ok")); } else if (update is SessionUpdateResponseDone && _outputs.Count > 0) { foreach (var o in _outputs) { await S.AddItemAsync(o); } _outputs.Clear(); await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(SessionUpdate update) { switch (update) { case SessionUpdateResponseFunctionCallArgumentsDone call: await S.AddItemAsync(new FunctionCallOutputItem(call.CallId, "ok")); _hasOutputs = true; break; case SessionUpdateResponseDone: if (_hasOutputs) { _hasOutputs = false; await S.StartResponseAsync(); } break; } }""")]
    [InlineData("""async Task M(SessionUpdate update) { if (update is SessionUpdateSessionUpdated) { await S.StartResponseAsync("Greet the caller."); } if (update is SessionUpdateResponseFunctionCallArgumentsDone call) { await S.AddItemAsync(new FunctionCallOutputItem(call.CallId, "ok")); } }""")]
    public Task AgentWithVoiceLive_ThatAsksOnce(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "using System.Collections.Generic; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _hasOutputs; List<FunctionCallOutputItem> _outputs = []; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M(IRealtimeClientSession s, string[] ids) { foreach (var id in ids) { await s.SendAsync(new CreateConversationItemRealtimeClientMessage(new RealtimeConversationItem([new FunctionResultContent(id, "ok")]))); } await s.SendAsync(new CreateResponseRealtimeClientMessage()); }""")]
    [InlineData("""async Task M(IRealtimeClientSession s, string text) { await s.SendAsync(new CreateConversationItemRealtimeClientMessage(new RealtimeConversationItem([new TextContent(text)]))); await s.SendAsync(new CreateResponseRealtimeClientMessage()); }""")]
    public Task AgentWithExtensionsAI_ThatAsksOnce(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "#pragma warning disable MEAI001\nusing System.Threading.Tasks; using Microsoft.Extensions.AI; class C { " + members + " }", Knows.ExtensionsAI);

    [Theory]
    [InlineData(
        """
        readonly Queue<string> _calls = new();
        async Task M(JsonElement e)
        {
            switch (e.GetProperty("type").GetString())
            {
                case "response.function_call_arguments.done": _calls.Enqueue(e.GetProperty("call_id").GetString()!); break;
                case "response.done" when _calls.Count > 0:
                    while (_calls.TryDequeue(out var id)) { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output", call_id = id, output = "ok" } }); }
                    await Send(new { type = "response.create" });
                    break;
            }
        }
        """)]
    [InlineData("""async Task M(string type) { if (type == "session.updated") { await Send(new { type = "conversation.item.create", item = new { type = "message", role = "user" } }); await Send(new { type = "response.create" }); } else if (type == "response.function_call_arguments.done") { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output" } }); } }""")]
    [InlineData("""Task Output(string id) => Send(new { type = "conversation.item.create", item = new { type = "function_call_output", call_id = id } }); Task Ask() => Send(new { type = "response.create" });""")]
    [InlineData("""int _pending; async Task M(string id) { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output", call_id = id } }); if (System.Threading.Interlocked.Decrement(ref _pending) != 0) { return; } await Send(new { type = "response.create" }); }""")]
    [InlineData("""string Said(JsonElement e) => e.GetProperty("item").GetProperty("type").GetString() == "function_call_output" ? "an output" : e.GetProperty("type").GetString() == "response.create" ? "a request" : "else";""")]
    public Task AgentOnASocket_ThatAsksOnce(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(RT1033ResponsePerToolOutputTests.JsonCaller(members), Knows.Ours | Knows.NewtonsoftJson);

    [Theory]
    [InlineData("""async Task M(ToolCall[] calls) { foreach (var call in calls) { S.SubmitToolOutput(call.Id, await RunAsync(call)); } } Task<string> RunAsync(ToolCall call) => Task.FromResult("ok"); class ToolCall { public string Id = ""; }""")]
    [InlineData("""async Task M() { await foreach (var update in S.ReadUpdatesAsync()) { if (update is VoiceSessionUpdate.SpeechStopped) { S.Respond(); } else if (update is VoiceSessionUpdate.ItemAdded) { S.SubmitToolOutput("call_1", "ok"); } } }""")]
    [InlineData("""void M(bool quiet) { if (quiet) { S.SubmitToolOutput("call_1", ToolCallOutput.WithoutResponse("ok")); return; } S.Respond(); }""")]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", "ok"); S.EndTurn(); }""")]
    public Task AgentWithOurSession(string members) => RT1033ResponsePerToolOutputTests.VerifyOurs(members);

    [Fact]
    public Task LookAlikeSession_OfATestDouble() => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        """
        using Realtime.Protocol;
        namespace Doubles { class VoiceSession { public void SubmitToolOutput(string id, string output) { } public void Respond() { } } }
        class C { void M(Doubles.VoiceSession s) { s.SubmitToolOutput("call_1", "ok"); s.Respond(); } }
        """,
        Knows.Ours | Knows.Session);
}
