using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1023 reports. What it leaves alone is in <see cref="RT1023SilenceTests"/>.</summary>
public class RT1023ToolRunTooEarlyTests
{
    [Theory]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { if (u is VoiceSessionUpdate.ItemAdded) { S.{|RT1023:SubmitToolOutput|}("c", "ok"); } } }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputItemAdded) { await S.AddItemAsync(RealtimeItem.{|RT1023:CreateFunctionCallOutputItem|}("c", "ok")); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdateResponseOutputItemAdded u) { await S.AddItemAsync(new {|RT1023:RealtimeFunctionCallOutputItem|}("c", "ok")); }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { switch (u) { case RealtimeServerUpdateConversationItemAdded: case RealtimeServerUpdateConversationItemCreated: await S.AddItemAsync(RealtimeItem.{|RT1023:CreateFunctionCallOutputItem|}("c", "ok")); break; } }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(SessionUpdate u) { if (u.Type == ServerEventType.ResponseOutputItemAdded) { await S.AddItemAsync(new {|RT1023:FunctionCallOutputItem|}("c", "ok")); } }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M(JsonElement e) { if (e.GetProperty("type").GetString() == "response.output_item.added") { await Send({|RT1023:new { type = "function_call_output" }|}); } }""")]
    [InlineData("""void M(JsonElement e) { switch (e.GetProperty("type").GetString()) { case "response.output_item.added": using (var d = JsonDocument.{|RT1023:Parse|}(e.GetProperty("item").GetProperty("arguments").GetString()!)) { Show(d); } break; } }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);
}
