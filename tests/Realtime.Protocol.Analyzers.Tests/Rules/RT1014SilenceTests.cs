using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1014 leaves alone: waiting outside of handlers, tasks that are done, and work that is given away.</summary>
public class RT1014SilenceTests
{
    [Theory]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { await Task.Delay(100); } }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { break; } S.CloseAsync().Wait(); }""")]
    [InlineData("""void M() { S.CloseAsync().Wait(); Thread.Sleep(1); }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReadUpdatesAsync()) { await S.CloseAsync(); break; } }""")]
    [InlineData("""VoiceTool M() => VoiceTool.Function.Create("f", "d", "{}", call => "ok");""")]
    [InlineData("""VoiceTool M() => VoiceTool.Function.Create("f", "d", "{}", call => { _ = S.CloseAsync(); return "bye"; });""")]
    [InlineData("""void M(VoiceSessionOptions o) => o.OnServerEvent = (in Realtime.Protocol.Events.ServerEvent e) => Interlocked.Increment(ref _seen); int _seen;""")]
    [InlineData("""void M(VoiceSessionOptions o) => o.OnServerEvent = (in Realtime.Protocol.Events.ServerEvent e) => _ = Task.Run(() => Thread.Sleep(100));""")]
    [InlineData("""void Replay(in Realtime.Protocol.Events.ServerEvent e) { Thread.Sleep(20); _ = e.Kind; } void M() { Thread.Sleep(1); }""")]
    [InlineData("""delegate void ServerEventHandler(int e); ServerEventHandler M() => e => Thread.Sleep(e);""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""void M() { S.StartResponseAsync().Wait(); }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M() { var t = Task.FromResult(1); await foreach (var u in S.ReceiveUpdatesAsync()) { await t; Console.WriteLine(t.Result); } }""")]
    [InlineData("""async Task M(Task<int> t) { await foreach (var u in S.ReceiveUpdatesAsync()) { if (t.IsCompleted) { Console.WriteLine(t.Result); } } }""")]
    [InlineData("""async Task M() { var (a, b) = (Task.FromResult(1), Task.FromResult(2)); await foreach (var u in S.ReceiveUpdatesAsync()) { await Task.WhenAll(a, b); Console.WriteLine(a.Result + b.Result); } }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { _ = Task.Run(() => S.StartResponseAsync().Wait()); } }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { new Thread(() => Thread.Sleep(1)).Start(); } }""")]
    [InlineData("""void M(RealtimeServerUpdateResponseDone u) { void Later() { Thread.Sleep(1); } _ = (Action)Later; }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { var r = new Holder(); Console.WriteLine(r.Result); r.Wait(); } } class Holder { public int Result => 1; public void Wait() { } }""")]
    [InlineData("""async Task M() { foreach (var x in new[] { 1 }) { Thread.Sleep(x); } await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M() { await foreach (var u in S.ReceiveUpdatesAsync()) { Console.WriteLine(Task.FromResult(1).Result); } }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""void M() { foreach (var u in S.GetUpdates()) { S.StartResponse(); } }""")]
    [InlineData("""void M(SessionUpdate u) { Console.WriteLine(u.EventId); }""")]
    [InlineData("""void M(int result) { foreach (var u in S.GetUpdates()) { if (u is SessionUpdateResponseDone) { break; } } Thread.Sleep(result); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        """using System.Threading.Tasks; namespace Other { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; public Task ConfigureConversationSessionAsync() => null!; public Task SendInputAudioAsync(byte[] b) => null!; } public class RealtimeServerUpdateResponseOutputItemAdded { public string Arguments => ""; } public class RealtimeServerUpdateResponseDone { } public class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; } } class C /* OpenAI.Realtime */ { Other.RealtimeSessionClient S = null!; void M(Other.RealtimeServerUpdateResponseDone u) { S.StartResponseAsync().Wait(); } }""",
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1014BlockingInAHandler>(
        "#pragma warning disable OPENAI002\n" + """class C { void M(OpenAI.Realtime.RealtimeServerUpdateResponseDone u) { System.Threading.Thread.Sleep(1); } }""",
        Knows.OpenAI,
        "Caller.g.cs");
}
