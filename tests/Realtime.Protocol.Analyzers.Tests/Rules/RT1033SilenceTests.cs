using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1033 and RT4002 leave alone: one request for all outputs, requests that somebody counts, and what has nothing to do with tools.</summary>
public class RT1033SilenceTests
{
    [Theory]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", "ok"); }""")]
    [InlineData("""void M() { S.Respond(); S.SubmitToolOutput("call_1", "ok"); }""")]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", ToolCallOutput.WithoutResponse("ok")); S.Respond(); }""")]
    [InlineData("""void M(ToolCallOutput output) { S.SubmitToolOutput("call_1", output); S.Respond(); }""")]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", "ok"); S.Respond(ResponseRequest.OutOfBand with { Instructions = "Is the caller annoyed?" }); }""")]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", "ok"); S.SendMessage("And hurry."); }""")]
    [InlineData("""void M(bool ask) { S.SubmitToolOutput("call_1", "ok"); if (ask) { S.Respond(); } }""")]
    [InlineData("""void M(string[] ids) { foreach (var id in ids) { S.SubmitToolOutput(id, "ok"); } S.Respond(); }""")]
    [InlineData("""void M(bool tool) { if (tool) { S.SubmitToolOutput("call_1", "ok"); } else { S.Respond(); } }""")]
    [InlineData("""void M() { S.SubmitToolOutput("call_1", "ok"); void Later() { S.Respond(); } System.Action also = () => S.Respond(); }""")]
    public Task OurSession(string members) => RT1033ResponsePerToolOutputTests.VerifyOurs(members);

    [Theory]
    [InlineData("""async Task M() { await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string[] ids) { foreach (var id in ids) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string[] ids) { for (var i = 0; i < ids.Length; i++) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(ids[i], "ok")); } if (ids.Length > 0) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(string[] ids) { await Task.WhenAll(ids.Select(async id => await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")))); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string id) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); if (--_open == 0) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(string id) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); if (Interlocked.Decrement(ref _open) > 0) { return; } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string[] ids) { foreach (var id in ids) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); if (id == ids[^1]) { await S.StartResponseAsync(); } } }""")]
    [InlineData("""async Task M(string a, string b) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(a, "ok")); await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(b, "ok")); await S.StartResponseAsync(); }""")]
    [InlineData(
        """
        async Task M()
        {
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                if (update is RealtimeServerUpdateResponseOutputItemDone)
                {
                    await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok"));
                }

                if (update is RealtimeServerUpdateResponseDone)
                {
                    await S.StartResponseAsync();
                }
            }
        }
        """)]
    [InlineData(
        """
        async Task M()
        {
            var called = false;
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                switch (update)
                {
                    case RealtimeServerUpdateResponseFunctionCallArgumentsDone:
                        await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok"));
                        called = true;
                        break;
                    case RealtimeServerUpdateResponseDone when called:
                        called = false;
                        await S.StartResponseAsync();
                        break;
                }
            }
        }
        """)]
    [InlineData("""async Task M(RealtimeServerUpdateResponseDone done) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(RealtimeServerUpdate update) { if (update is RealtimeServerUpdateResponseFunctionCallArgumentsDone && _open == 0) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate update) { if (update is RealtimeServerUpdateResponseFunctionCallArgumentsDone or RealtimeServerUpdateResponseDone) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate update) { if (update is not RealtimeServerUpdateResponseFunctionCallArgumentsDone) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate update) { if (update is RealtimeServerUpdateResponseFunctionCallArgumentsDone) { _open++; } else { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M(string id) { var item = RealtimeItem.CreateFunctionCallOutputItem(id, "ok"); await S.AddItemAsync(item); throw new System.InvalidOperationException(); }""")]
    [InlineData("""System.Func<Task> M(string id) { _ = RealtimeItem.CreateFunctionCallOutputItem(id, "ok"); return () => S.StartResponseAsync(); }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "#pragma warning disable OPENAI002\nusing System.Linq; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; int _open; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(string id) { await S.AddItemAsync(new FunctionCallOutputItem(id, "ok")); }""")]
    [InlineData("""async Task M(string text) { await S.AddItemAsync(new UserMessageItem(text)); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(string id, bool more) { await S.AddItemAsync(new FunctionCallOutputItem(id, "ok")); if (more) { return; } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(SessionUpdateResponseFunctionCallArgumentsDone call) { await S.AddItemAsync(new FunctionCallOutputItem(call.CallId, "ok")); }""")]
    [InlineData("""async Task M(SessionUpdate update) { if (update.Type == ServerEventType.ResponseDone) { await S.StartResponseAsync(); } }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M(string[] results, bool next) { foreach (var r in results) { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output", output = r } }); } if (next) { await Send(new { type = "response.create" }); } }""")]
    [InlineData("""async Task M(string text) { await Send(new { type = "conversation.item.create", item = new { type = "message", text } }); await Send(new { type = "response.create" }); }""")]
    [InlineData("""async Task M(string id) { await Send(new { type = "function_call_output", call_id = id }); await Send(new { type = "response.create", response = new { conversation = "none" } }); }""")]
    [InlineData("""async Task M(string id) { await Send(new { type = "function_call_output", call_id = id }); await Send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}"); }""")]
    [InlineData("""async Task M(string id) { await Send(new { type = "function_call_output", call_id = id }); await Send("response.create"); }""")]
    [InlineData("""async Task M(string type) { await Send(new { type = "function_call_output" }); if (type == "response.create") { await Send("asked"); } }""")]
    [InlineData("""async Task M(string type) { switch (type) { case "response.function_call_arguments.done": await Send(new { type = "function_call_output" }); break; case "response.create": await Send("relayed"); break; } }""")]
    [InlineData("""bool _busy; async Task M() { await Send(new { type = "function_call_output" }); if (!_busy) { await Send(new { type = "response.create" }); } }""")]
    [InlineData("""async Task M(string type) { if (type == "response.function_call_arguments.done") { await Send(new { type = "function_call_output" }); } if (type == "response.done") { await Send(new { type = "response.create" }); } }""")]
    [InlineData("""async Task M() { await Send(new { kind = "function_call_output" }); await Send(new { type = "response.create" }); }""")]
    [InlineData("""async Task M() { await Send(new { type = "response.create" }); await Send(new { type = "function_call_output" }); }""")]
    [InlineData("""void M(Dictionary<string, System.Func<JsonElement, Task>> handlers) { handlers["response.done"] = async e => { await Send(e); await Send(new { type = "response.create" }); }; }""")]
    [InlineData("""async Task M() { /* function_call_output */ await Send(new { type = "response.create" }); }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(RT1033ResponsePerToolOutputTests.JsonCaller(members), Knows.Ours | Knows.NewtonsoftJson);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        """
        using System.Threading.Tasks; using Other;
        namespace Other
        {
            class RealtimeSessionClient { public Task AddItemAsync(RealtimeItem item) => null!; public Task StartResponseAsync() => null!; }
            class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; }
            class JsonObject { public string this[string name] { set { } } }
        }
        class C // OpenAI.Realtime
        {
            async Task M(RealtimeSessionClient s) { await s.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); await s.StartResponseAsync(); }
            void M() { _ = new JsonObject { ["type"] = "function_call_output" }; _ = new JsonObject { ["type"] = "response.create" }; }
        }
        """,
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        """using Realtime.Protocol; class C { void M(VoiceSession s) { s.SubmitToolOutput("call_1", "ok"); s.Respond(); } }""",
        Knows.Ours | Knows.Session,
        "Caller.g.cs");

    [Fact]
    public Task CompilationWithoutAnyLibrary() => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        """class C { void Send(object o) { } void M() { Send(new { type = "function_call_output" }); Send(new { type = "response.create" }); } }""",
        Knows.Nothing);
}
