using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1012 leaves alone: what is awaited, kept, passed on or meant, and verbs that return no task.</summary>
public class RT1012SilenceTests
{
    [Theory]
    [InlineData("""async Task M(byte[] pcm) { await S.Input.WriteAsync(pcm); }""")]
    [InlineData("""void M(byte[] pcm) { _ = S.Input.WriteAsync(pcm); }""")]
    [InlineData("""void M() { S.Respond(); S.SendMessage("hi"); S.EndTurn(); }""")]
    [InlineData("""void M() { S.Interrupt(); S.Input.Clear(); S.SubmitToolOutput("c", "ok"); }""")]
    [InlineData("""void M() { S.UpdateAsync(new SessionConfiguration { Instructions = "Be short." }); }""")]
    [InlineData("""void M() { S.CloseAsync(); }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M() { await S.StartResponseAsync(); await S.CancelResponseAsync().ConfigureAwait(false); }""")]
    [InlineData("""Task M() => S.StartResponseAsync();""")]
    [InlineData("""Task M() { return S.StartResponseAsync(); }""")]
    [InlineData("""void M() { _ = S.StartResponseAsync(); }""")]
    [InlineData("""void M() { var sent = S.StartResponseAsync(); sent.Wait(); }""")]
    [InlineData("""void M() { S.StartResponseAsync().Wait(); S.StartResponseAsync().GetAwaiter().GetResult(); }""")]
    [InlineData("""void M() { S.StartResponseAsync().ContinueWith(static t => { }); }""")]
    [InlineData("""Task? _last; void M() { _last = S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { await Task.WhenAll(S.StartResponseAsync(), S.CancelResponseAsync()); }""")]
    [InlineData("""Func<Task> M() => () => S.StartResponseAsync();""")]
    [InlineData("""void M() { S.Dispose(); S.ReceiveUpdatesAsync(); }""")]
    [InlineData("""void M() { Forget(S.StartResponseAsync()); } void Forget(Task t) { }""")]
    [InlineData("""void M() { Task.Delay(1); Task.Run(static () => { }); }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""void M() { S.StartResponse(); S.CancelResponse(); S.ClearInputAudio(); }""")]
    [InlineData("""async Task M() { await (S.StartResponseAsync()); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M() { await W.SendAsync("{\"type\":\"response.create\"}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None); }""")]
    [InlineData("""void M(byte[] ping) { W.SendAsync(ping, WebSocketMessageType.Text, true, CancellationToken.None); }""")]
    [InlineData("""void M() { Send(new { type = "response.create" }); }""")]
    [InlineData("""void M() { _ = W.SendAsync("{\"type\":\"response.create\"}"u8.ToArray(), WebSocketMessageType.Text, true, default); }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        """using System.Threading.Tasks; namespace Other { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; public Task ConfigureConversationSessionAsync() => null!; public Task SendInputAudioAsync(byte[] b) => null!; } public class RealtimeServerUpdateResponseOutputItemAdded { public string Arguments => ""; } public class RealtimeServerUpdateResponseDone { } public class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; } } class C /* OpenAI.Realtime */ { Other.RealtimeSessionClient S = null!; void M() { S.StartResponseAsync(); } }""",
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "#pragma warning disable OPENAI002\n" + """class C { void M(OpenAI.Realtime.RealtimeSessionClient s) { s.StartResponseAsync(); } }""",
        Knows.OpenAI,
        "Caller.g.cs");
}
