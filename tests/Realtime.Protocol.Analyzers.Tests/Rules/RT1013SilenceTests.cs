using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1013 leaves alone: functions that somebody waits for, and what is no audio.</summary>
public class RT1013SilenceTests
{
    [Theory]
    [InlineData("""async Task OnData(byte[] pcm) { await S.Input.WriteAsync(pcm); }""")]
    [InlineData("""void OnData(byte[] pcm) { _ = S.Input.WriteAsync(pcm); }""")]
    [InlineData("""async void Stop() { await S.CloseAsync(); }""")]
    [InlineData("""async void Say() { await Task.Yield(); S.SendMessage("hi"); }""")]
    public Task OurSession(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; class C { VoiceSession S = null!; bool _ready; " + members + " }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("""async Task M(BinaryData pcm) { await S.SendInputAudioAsync(pcm); }""")]
    [InlineData("""async ValueTask M(BinaryData pcm) => await S.SendInputAudioAsync(pcm);""")]
    [InlineData("""void OnData(object? sender, BinaryData pcm) { _ = S.SendInputAudioAsync(pcm); }""")]
    [InlineData("""async void Ask() { await S.StartResponseAsync(); }""")]
    [InlineData("""async void OnStop(object? sender, EventArgs e) { await S.CommitPendingAudioAsync(); }""")]
    [InlineData("""async void Start() { await Task.Run(async () => await S.SendInputAudioAsync(BinaryData.FromString(""))); }""")]
    [InlineData("""Func<BinaryData, Task> M() => async pcm => await S.SendInputAudioAsync(pcm);""")]
    [InlineData("""async void Start() { await Pump(); async Task Pump() { await S.SendInputAudioAsync(BinaryData.FromString("")); } }""")]
    public Task OfficialSdk(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; bool _ready; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""void OnData(object? sender, byte[] pcm) { S.SendInputAudio(pcm); }""")]
    [InlineData("""async Task OnData(byte[] pcm) { await S.SendInputAudioAsync(pcm); }""")]
    public Task VoiceLive(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { VoiceLiveSession S = null!; bool _ready; " + members + " }", Knows.VoiceLive);

    [Theory]
    [InlineData("""async Task OnData(byte[] pcm) { await Send(new { type = "input_audio_buffer.append", audio = Convert.ToBase64String(pcm) }); }""")]
    [InlineData("""async void OnStop() { await Send(new { type = "input_audio_buffer.commit" }); }""")]
    [InlineData("""async void Log(string type) { await Task.Yield(); if (type == "input_audio_buffer.append") { Show(type); } }""")]
    public Task Json(string members) => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "using System; using System.Net.WebSockets; using System.Text.Json; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; Task Send(object o) => Task.CompletedTask; void Show(object o) { } bool _ready; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);

    [Fact]
    public Task LookAlike_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        """using System.Threading.Tasks; namespace Other { public class RealtimeSessionClient { public Task StartResponseAsync() => null!; public Task ConfigureConversationSessionAsync() => null!; public Task SendInputAudioAsync(byte[] b) => null!; } public class RealtimeServerUpdateResponseOutputItemAdded { public string Arguments => ""; } public class RealtimeServerUpdateResponseDone { } public class RealtimeItem { public static RealtimeItem CreateFunctionCallOutputItem(string id, string output) => null!; } } class C /* OpenAI.Realtime */ { Other.RealtimeSessionClient S = null!; async void M(byte[] pcm) { await S.SendInputAudioAsync(pcm); } }""",
        Knows.OpenAI);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1013AudioFromAsyncVoid>(
        "#pragma warning disable OPENAI002\n" + """class C { async void M(OpenAI.Realtime.RealtimeSessionClient s, System.BinaryData pcm) { await s.SendInputAudioAsync(pcm); } }""",
        Knows.OpenAI,
        "Caller.g.cs");
}
