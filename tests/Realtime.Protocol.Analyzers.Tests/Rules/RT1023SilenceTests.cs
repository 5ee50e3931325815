using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1023 leaves alone: tools that run when the item or the response is done, and items that are only noted.</summary>
public class RT1023SilenceTests
{
    [Theory]
    [InlineData("""void M() { S.SubmitToolOutput("c", "ok"); }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { if (u is VoiceSessionUpdate.ItemAdded) { _ready = true; } else { S.SubmitToolOutput("c", "ok"); } } }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputItemDone) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputItemAdded or RealtimeServerUpdateResponseOutputItemDone) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is not RealtimeServerUpdateResponseOutputItemAdded) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputItemAdded) { _ready = true; } await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); }""")]
    [InlineData("""void M(RealtimeServerUpdateResponseOutputItemAdded u) { Console.WriteLine(u.EventId); }""")]
    [InlineData("""async Task M(RealtimeServerUpdateResponseDone u) { await S.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem("c", "ok")); }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(SessionUpdate u) { if (u.Type == ServerEventType.ResponseOutputItemDone) { await S.AddItemAsync(new FunctionCallOutputItem("c", "ok")); } }""")]
    [InlineData("""async Task M(SessionUpdate u) { if (u is SessionUpdateResponseOutputItemAdded) { return; } await S.AddItemAsync(new FunctionCallOutputItem("c", "ok")); }""")]
    [InlineData("""async Task M(SessionUpdateConversationItemCreated u) { await S.AddItemAsync(new UserMessageItem("hello")); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M(JsonElement e) { if (e.GetProperty("type").GetString() == "response.output_item.done") { await Send(new { type = "function_call_output" }); } }""")]
    [InlineData("""void M(JsonElement e) { if (e.GetProperty("type").GetString() == "response.output_item.added") { Show(e.GetProperty("item").GetProperty("arguments").GetString()!); } }""")]
    [InlineData("""void M(string type, string json) { if (type == "response.output_item.added") { using var d = JsonDocument.Parse(json); Show(d); } else { Show("arguments"); } }""")]
    [InlineData("""async Task M(string type) { if (type == "response.output_item.added") { Show(type); } else if (type == "response.done") { await Send(new { type = "function_call_output" }); } }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        """using System.Threading.Tasks; namespace Other { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; public Task ConfigureConversationSessionAsync() => null!; public Task SendInputAudioAsync(byte[] b) => null!; } public class RealtimeServerUpdateResponseOutputItemAdded { public string Arguments => ""; } public class RealtimeServerUpdateResponseDone { } public class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; } } class C /* OpenAI.Realtime */ { Other.RealtimeSessionClient S = null!; async Task M(Other.RealtimeServerUpdateResponseOutputItemAdded u) { Other.RealtimeItem.CreateFunctionCallOutputItem("c", u.Arguments); await Task.Yield(); } }""",
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1023ToolRunTooEarly>(
        "#pragma warning disable OPENAI002\n" + """using OpenAI.Realtime; class C { void M(RealtimeServerUpdateResponseOutputItemAdded u) { _ = RealtimeItem.CreateFunctionCallOutputItem("c", "ok"); } }""",
        Knows.OpenAI,
        "Caller.g.cs");
}
