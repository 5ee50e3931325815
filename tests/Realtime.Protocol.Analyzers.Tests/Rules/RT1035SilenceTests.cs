using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1035 leaves alone: paced audio, timeouts, retries, and delays that wait for nothing of the server.</summary>
public class RT1035SilenceTests
{
    [Theory]
    [InlineData("""async Task M(byte[] pcm) { await S.Input.WriteAsync(pcm); await Task.Delay(20); await S.Input.WriteAsync(pcm); }""")]
    [InlineData("""async Task M() { await S.UpdateAsync(new SessionConfiguration()); S.Respond(); await Task.Delay(500); }""")]
    [InlineData("""async Task M() { await Task.Delay(500); S.Respond(); }""")]
    [InlineData("""async Task M() { S.Respond(); await Task.Delay(Timeout.Infinite); }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M(BinaryData[] chunks) { foreach (var c in chunks) { await S.SendInputAudioAsync(c); await Task.Delay(20); } await S.CommitPendingAudioAsync(); }""")]
    [InlineData("""async Task M(Task configured) { await S.StartResponseAsync(); await Task.WhenAny(configured, Task.Delay(5000)); await S.CancelResponseAsync(); }""")]
    [InlineData("""async Task M(bool slow) { await S.CancelResponseAsync(); if (slow) { await Task.Delay(100); } else { return; } }""")]
    [InlineData("""async Task M() { for (var i = 0; i < 3; i++) { try { await S.StartResponseAsync(); return; } catch (Exception) { await Task.Delay(1000); } } }""")]
    [InlineData("""async Task M(CancellationToken stop) { while (!stop.IsCancellationRequested) { await Task.Delay(1000); } await S.CancelResponseAsync(); }""")]
    [InlineData("""async Task M() { while (!_ready) { await Task.Delay(50); } Console.WriteLine("ready"); } Task N() => S.StartResponseAsync();""")]
    [InlineData("""async Task M() { while (!_ready) { await S.ClearInputAudioAsync(); await Task.Delay(50); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputAudioDone) { _ready = true; } await Task.Delay(10); }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseDone) { await Task.Delay(10); } }""")]
    [InlineData("""async Task M() { var later = Task.Delay(100); await S.CancelResponseAsync(); await later; await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.StartResponseAsync(); await Task.Delay(0); await S.CancelResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.StartResponseAsync(); await Wait.Delay(100); await S.CancelResponseAsync(); } static class Wait { public static Task Delay(int ms) => Task.CompletedTask; }""")]
    [InlineData("""async Task M() { await S.StartResponseAsync(); _ = Later(); async Task Later() { await Task.Delay(100); await S.CancelResponseAsync(); } }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M() { await S.StartResponseAsync(); await Task.Delay(100); Console.WriteLine("asked"); }""")]
    [InlineData("""async Task M(SessionUpdateResponseAudioDelta u) { await Task.Delay(20); }""")]
    [InlineData("""async Task M(VoiceLiveSessionOptions o) { await S.ConfigureSessionAsync(o); await S.StartResponseAsync(); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M() { await Send(new { type = "ping" }); await Task.Delay(500); await Send(new { type = "response.create" }); }""")]
    [InlineData("""async Task M(string type) { await Task.Delay(5); if (type == "response.audio.done") { _ready = true; } }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        """using System.Threading.Tasks; namespace Other { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; public Task ConfigureConversationSessionAsync() => null!; public Task SendInputAudioAsync(byte[] b) => null!; } public class RealtimeServerUpdateResponseOutputItemAdded { public string Arguments => ""; } public class RealtimeServerUpdateResponseDone { } public class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; } } class C /* OpenAI.Realtime */ { Other.RealtimeSessionClient S = null!; async Task M() { await S.ConfigureConversationSessionAsync(); await Task.Delay(100); await S.StartResponseAsync(); } }""",
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "#pragma warning disable OPENAI002\n" + """using System.Threading.Tasks; class C { async Task M(OpenAI.Realtime.RealtimeSessionClient s) { await s.CancelResponseAsync(); await Task.Delay(1); await s.StartResponseAsync(); } }""",
        Knows.OpenAI,
        "Caller.g.cs");
}
