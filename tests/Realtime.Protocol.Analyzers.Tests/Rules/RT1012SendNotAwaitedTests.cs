using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1012 reports. What it leaves alone is in <see cref="RT1012SilenceTests"/>.</summary>
public class RT1012SendNotAwaitedTests
{
    [Theory]
    [InlineData("""void M(byte[] pcm) { S.Input.{|RT1012:WriteAsync|}(pcm); }""")]
    [InlineData("""void M() { S.{|RT1012:SendRawAsync|}(RawJson.Parse("{}")); }""")]
    [InlineData("""void M(VoiceSession? s) { s?.{|RT1012:SendRawAsync|}(RawJson.Parse("{}")); }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""void M() { S.{|RT1012:StartResponseAsync|}(); }""")]
    [InlineData("""async Task M() { S.{|RT1012:CancelResponseAsync|}(); await Task.Yield(); }""")]
    [InlineData("""void M() { Action ask = () => S.{|RT1012:StartResponseAsync|}(); }""")]
    [InlineData("""void M() { S.{|RT1012:StartResponseAsync|}().ConfigureAwait(false); }""")]
    [InlineData("""void M(BinaryData pcm) { if (pcm is not null) S.{|RT1012:SendInputAudioAsync|}(pcm); }""")]
    [InlineData("""Action<RealtimeSessionClient> M() => static s => s.{|RT1012:ClearInputAudioAsync|}();""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""void M() { S.{|RT1012:StartResponseAsync|}(); S.{|RT1012:CancelResponseAsync|}(); }""")]
    [InlineData("""void M(byte[] pcm) { S?.{|RT1012:SendInputAudioAsync|}(pcm); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""void M() { W.{|RT1012:SendAsync|}("{\"type\":\"response.create\"}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None); }""")]
    [InlineData("""void M(string id) { var json = JsonSerializer.SerializeToUtf8Bytes(new { type = "function_call_output", id }); W.{|RT1012:SendAsync|}(new ArraySegment<byte>(json), WebSocketMessageType.Text, true, default); }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1012SendNotAwaited>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);
}
