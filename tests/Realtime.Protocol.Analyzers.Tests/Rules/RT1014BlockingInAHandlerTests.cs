using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1014 reports. What it leaves alone is in <see cref="RT1014SilenceTests"/>.</summary>
public class RT1014BlockingInAHandlerTests
{
    [Theory]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { S.CloseAsync().{|RT1014:Wait|}(); } }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { Thread.{|RT1014:Sleep|}(100); } }""")]
    [InlineData("""async Task M(Turn t) { await foreach (var u in t.ReadUpdatesAsync()) { var c = S.UpdateAsync(new SessionConfiguration()).{|RT1014:Result|}; } }""")]
    [InlineData("""VoiceTool M() => VoiceTool.Function.Create("f", "d", "{}", call => { S.CloseAsync().{|RT1014:Wait|}(); return "bye"; });""")]
    [InlineData("""void M(VoiceSessionOptions o) => o.OnServerEvent = (in Realtime.Protocol.Events.ServerEvent e) => Thread.{|RT1014:Sleep|}(100);""")]
    [InlineData("""void M(VoiceSessionOptions o, Task saved) => o.OnClientEvent = (in Realtime.Protocol.Events.ClientEvent e) => { if (e.Kind == Realtime.Protocol.Events.ClientEventKind.SessionUpdate) { saved.{|RT1014:Wait|}(); } };""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { S.StartResponseAsync().{|RT1014:Wait|}(); } }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { if (u is RealtimeServerUpdateResponseDone) { S.StartResponseAsync().GetAwaiter().{|RT1014:GetResult|}(); } } }""")]
    [InlineData("""void OnDone(RealtimeServerUpdateResponseDone u) { Thread.{|RT1014:Sleep|}(500); }""")]
    [InlineData("""Action<RealtimeServerUpdateResponseDone> M() => u => Task.{|RT1014:WaitAll|}(S.StartResponseAsync());""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""void M() { foreach (var u in S.GetUpdates()) { var t = Run(); t.{|RT1014:Wait|}(); } } Task Run() => Task.CompletedTask;""")]
    [InlineData("""void M(SessionUpdateResponseDone u) { Console.WriteLine(Run().{|RT1014:Result|}); } Task<int> Run() => Task.FromResult(1);""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);
}
