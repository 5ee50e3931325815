using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1013 reports. What it leaves alone is in <see cref="RT1013SilenceTests"/>.</summary>
public class RT1013AudioFromAsyncVoidTests
{
    [Theory]
    [InlineData("""async void OnData(object? sender, byte[] pcm) { await S.Input.{|RT1013:WriteAsync|}(pcm); }""")]
    [InlineData("""System.Action<byte[]> M() => async pcm => await S.Input.{|RT1013:WriteAsync|}(pcm);""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async void OnData(object? sender, BinaryData pcm) { await S.{|RT1013:SendInputAudioAsync|}(pcm); }""")]
    [InlineData("""async void OnData(object? sender, BinaryData pcm) { try { if (_ready) { await S.{|RT1013:SendInputAudioAsync|}(pcm); } } catch (Exception) { } }""")]
    [InlineData("""event EventHandler<BinaryData>? Data; void M() { Data += async (_, pcm) => await S.{|RT1013:SendInputAudioAsync|}(pcm); }""")]
    [InlineData("""void M() { async void Send(BinaryData pcm) { await S.{|RT1013:SendInputAudioAsync|}(pcm); } Send(null!); }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async void OnData(object? sender, byte[] pcm) => await S.{|RT1013:SendInputAudioAsync|}(pcm);""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async void OnData(object? sender, byte[] pcm) { await Send({|RT1013:new { type = "input_audio_buffer.append", audio = Convert.ToBase64String(pcm) }|}); }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);
}
