using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1033 and RT4002 report. What they leave alone is in <see cref="RT1033SilenceTests"/>.</summary>
public class RT1033ResponsePerToolOutputTests
{
    [Theory]
    [InlineData("""void M(string output) { S.SubmitToolOutput("call_1", output); S.{|RT1033:Respond|}(); }""")]
    [InlineData("""void M(string output) { S.SubmitToolOutput("call_1", new ToolCallOutput(output)); var turn = S.{|RT1033:Respond|}(new ResponseRequest { Instructions = "Be short." }); }""")]
    [InlineData("""void M(string[] ids) { foreach (var id in ids) { S.SubmitToolOutput(id, "ok"); S.{|RT1033:Respond|}(); } }""")]
    [InlineData("""void M(VoiceSession? s) { s?.SubmitToolOutput("call_1", "ok"); s?.{|RT1033:Respond|}(); }""")]
    [InlineData("""async Task M() { await foreach (var e in S.ReadUpdatesAsync()) { if (e is VoiceSessionUpdate.ItemAdded) { S.SubmitToolOutput("call_1", "ok"); S.{|RT1033:Respond|}(); } } }""")]
    public Task OurSession(string members) => VerifyOurs(members);

    [Theory]
    [InlineData("""async Task M(string id, string output) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, output)); await S.{|RT4002:StartResponseAsync|}(); }""")]
    [InlineData("""Task M(string id, string output) { var item = new RealtimeFunctionCallOutputItem(id, output); S.AddItemAsync(item).Wait(); return S.{|RT4002:StartResponseAsync|}(); }""")]
    [InlineData("""async Task M(string id, string output) { await S.SendCommandAsync(new RealtimeClientCommandConversationItemCreate(RealtimeItem.CreateFunctionCallOutputItem(id, output))); await S.SendCommandAsync(new {|RT4002:RealtimeClientCommandResponseCreate|}()); }""")]
    [InlineData(
        """
        async Task M()
        {
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                if (update is RealtimeServerUpdateResponseOutputItemDone done)
                {
                    await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok"));
                    await S.{|RT4002:StartResponseAsync|}();
                }
            }
        }
        """)]
    [InlineData(
        """
        async Task M()
        {
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                switch (update)
                {
                    case RealtimeServerUpdateResponseFunctionCallArgumentsDone call:
                        await Run(call);
                        await S.{|RT4002:StartResponseAsync|}();
                        break;
                }
            }
        }
        Task Run(RealtimeServerUpdateResponseFunctionCallArgumentsDone call) => Task.CompletedTask;
        """)]
    [InlineData(
        """
        async Task M(RealtimeServerUpdateResponseFunctionCallArgumentsDone call)
        {
            if (call.CallId == "c") { await Task.Yield(); }
            if (call.ItemId is { Length: > 0 }) { await S.{|RT4002:StartResponseAsync|}(); }
        }
        """)]
    [InlineData(
        """
        async Task M(string[] ids)
        {
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                if (update is RealtimeServerUpdateResponseDone)
                {
                    foreach (var id in ids)
                    {
                        await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok"));
                        await S.{|RT4002:StartResponseAsync|}();
                    }
                }
            }
        }
        """)]
    [InlineData(
        """
        async Task M(string id)
        {
            string output;
            try { output = id.Trim(); await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, output)); }
            catch (System.Exception) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "failed")); }
            await S.{|RT4002:StartResponseAsync|}();
        }
        """)]
    [InlineData("""void M(string id) { _ = Task.Run(async () => { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(id, "ok")); await S.{|RT4002:StartResponseAsync|}(); }); }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "#pragma warning disable OPENAI002\nusing System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(string id, string output) { await S.AddItemAsync(ConversationItem.CreateFunctionCallOutput(id, output)); await S.{|RT4002:StartResponseAsync|}(); }""")]
    [InlineData("""void M(string id, string output) { S.AddItem(ConversationItem.CreateFunctionCallOutput(id, output)); S.{|RT4002:StartResponse|}(); }""")]
    [InlineData(
        """
        async Task M()
        {
            await foreach (var update in S.ReceiveUpdatesAsync())
            {
                if (update is ConversationItemStreamingFinishedUpdate item && item.FunctionName == "get_weather")
                {
                    await S.AddItemAsync(ConversationItem.CreateFunctionCallOutput(item.FunctionCallId, "sunny"));
                    await S.{|RT4002:StartResponseAsync|}();
                }
                if (update is ConversationResponseFinishedUpdate) { await S.StartResponseAsync(); }
            }
        }
        """)]
    [InlineData(
        """
        async Task M(ConversationUpdate update)
        {
            switch (update.Kind)
            {
                case ConversationUpdateKind.ItemStreamingFunctionCallArgumentsFinished:
                    await S.{|RT4002:StartResponseAsync|}();
                    break;
                case ConversationUpdateKind.ResponseFinished:
                    await S.StartResponseAsync();
                    break;
            }
        }
        """)]
    public Task OfficialSdkAsABeta(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "using System.Threading.Tasks; using OpenAI.RealtimeConversation; class C { RealtimeConversationSession S = null!; " + members + " }", Knows.OpenAIBeta);

    [Theory]
    [InlineData("""async Task M(string id, string output) { await S.AddItemAsync(new FunctionCallOutputItem(id, output)); await S.{|RT4002:StartResponseAsync|}(); }""")]
    [InlineData(
        """
        async Task M(SessionUpdate update, System.Threading.CancellationToken stop)
        {
            if (update is SessionUpdateResponseFunctionCallArgumentsDone call)
            {
                var item = new FunctionCallOutputItem(call.CallId, "ok");
                if (S is not null) { await S.AddItemAsync(item, stop).ConfigureAwait(false); }
                if (!stop.IsCancellationRequested) { await S!.{|RT4002:StartResponseAsync|}(stop).ConfigureAwait(false); }
            }
        }
        """)]
    [InlineData("""async Task M(SessionUpdate update) { if (update.Type == ServerEventType.ResponseFunctionCallArgumentsDone) { await S.{|RT4002:StartResponseAsync|}(); } }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; " + members + " }", Knows.VoiceLive);

    [Fact]
    public Task ExtensionsAI() => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        """
        #pragma warning disable MEAI001
        using System.Threading.Tasks; using Microsoft.Extensions.AI;
        class C
        {
            async Task M(IRealtimeClientSession s, string id)
            {
                var item = new RealtimeConversationItem([new FunctionResultContent(id, "ok")]);
                await s.SendAsync(new CreateConversationItemRealtimeClientMessage(item));
                await s.SendAsync(new {|RT4002:CreateResponseRealtimeClientMessage|}());
            }
        }
        """,
        Knows.ExtensionsAI);

    [Theory]
    [InlineData("""async Task M(string id, string output) { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output", call_id = id, output } }); await Send({|RT4002:new { type = "response.create" }|}); }""")]
    [InlineData("""async Task M(string id) { foreach (var o in id.Split(',')) { await Send(new { type = "conversation.item.create", item = new { type = "function_call_output", output = o } }); await Send({|RT4002:new { type = "response.create", response = new { modalities = new[] { "audio" } } }|}); } }""")]
    [InlineData("""void M(string id) { Send(new JObject { ["type"] = "conversation.item.create", ["item"] = new JObject { ["type"] = "function_call_output", ["call_id"] = id } }.ToString()); Send(new JObject { {|RT4002:["type"] = "response.create"|} }.ToString()); }""")]
    [InlineData("""void M(string id) { Send(new JsonObject { ["type"] = "conversation.item.create", ["item"] = new JsonObject { ["type"] = "function_call_output", ["call_id"] = id } }); Send(new JsonObject { {|RT4002:["type"] = "response.create"|} }); }""")]
    [InlineData("""async Task M(string id) { await Send($"{{\"type\":\"conversation.item.create\",\"item\":{{\"type\":\"function_call_output\",\"call_id\":\"{id}\"}}}}"); await Send({|RT4002:"{\"type\":\"response.create\"}"|}); }""")]
    [InlineData("""async Task M(string id) { await Send("{\"type\": \"conversation.item.create\", \"item\": { \"type\": \"function_call_output\", \"call_id\": \"" + id + "\" } }"); await Send({|RT4002:"{" + "\"type\":" + "\"response.create\"}"|}); }""")]
    [InlineData("""async Task M(string id) { var output = new Dictionary<string, object> { ["type"] = "function_call_output", ["call_id"] = id }; await Send(output); await Send(new Dictionary<string, object> { {|RT4002:{ "type", "response.create" }|} }); }""")]
    [InlineData(
        """
        System.Net.WebSockets.ClientWebSocket _socket = null!;
        async Task M(JsonElement e)
        {
            switch (e.GetProperty("type").GetString())
            {
                case "response.function_call_arguments.done":
                    await Send(Output(e));
                    if (_socket.State == System.Net.WebSockets.WebSocketState.Open) { await Send({|RT4002:new { type = "response.create" }|}); }
                    break;
                case "response.done":
                    await Send(new { type = "response.create" });
                    break;
            }
        }
        object Output(JsonElement e) => e;
        """)]
    [InlineData("""void M(Dictionary<string, System.Func<JsonElement, Task>> handlers) { handlers["response.function_call_arguments.done"] = async e => { await Send(e); await Send({|RT4002:new { type = "response.create" }|}); }; }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(JsonCaller(members), Knows.Ours | Knows.NewtonsoftJson);

    internal static string JsonCaller(string members) =>
        "using System.Collections.Generic; using System.Text.Json; using System.Text.Json.Nodes; using System.Threading.Tasks; using Newtonsoft.Json.Linq; class C { Task Send(object o) => Task.CompletedTask; " + members + " }";

    internal static Task VerifyOurs(string members) => AnalyzerVerifier.Verify<RT1033ResponsePerToolOutput>(
        "using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; " + members + " }", Knows.Ours | Knows.Session);
}
