using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1035 reports. What it leaves alone is in <see cref="RT1035SilenceTests"/>.</summary>
public class RT1035DelayInPlaceOfAnEventTests
{
    [Theory]
    [InlineData("""async Task M() { await S.UpdateAsync(new SessionConfiguration()); await Task.{|RT1035:Delay|}(500); S.Respond(); }""")]
    [InlineData("""async Task M() { S.Interrupt(); await Task.{|RT1035:Delay|}(200); S.SendMessage("hi"); }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M() { await S.CancelResponseAsync(); await Task.{|RT1035:Delay|}(200).ConfigureAwait(false); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.CommitPendingAudioAsync(); await Task.{|RT1035:Delay|}(TimeSpan.FromMilliseconds(300)); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.StartResponseAsync(); Thread.{|RT1035:Sleep|}(1000); await S.CancelResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.SendCommandAsync(new RealtimeClientCommandResponseCancel()); await Task.{|RT1035:Delay|}(100); await S.SendCommandAsync(new RealtimeClientCommandResponseCreate()); }""")]
    [InlineData("""async Task M() { while (!_ready) { await Task.{|RT1035:Delay|}(50); } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { while (!_ready) await Task.{|RT1035:Delay|}(50); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateResponseOutputAudioDone) { await Task.{|RT1035:Delay|}(1500); _ready = false; } }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(VoiceLiveSessionOptions o) { await S.ConfigureSessionAsync(o); await Task.{|RT1035:Delay|}(1000); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(SessionUpdate u) { switch (u) { case SessionUpdateResponseAudioDone: await Task.{|RT1035:Delay|}(800); break; } }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task M() { await Send(new { type = "session.update" }); await Task.{|RT1035:Delay|}(500); await Send(new { type = "response.create" }); }""")]
    [InlineData("""async Task M(string type) { if (type == "response.audio.done") { await Task.{|RT1035:Delay|}(500); _ready = true; } }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);
}
