using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1035 beside programs of the field whose delays are right: phone bridges that pace frames, patience with a user, backing off, hanging up late.</summary>
public class RT1035NeighbourTests
{
    [Theory]
    [InlineData("""async Task M(byte[][] frames, PeriodicTimer timer) { foreach (var frame in frames) { await S.SendInputAudioAsync(BinaryData.FromBytes(frame)); await timer.WaitForNextTickAsync(); } await S.CommitPendingAudioAsync(); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(byte[][] frames) { var due = DateTime.UtcNow; foreach (var frame in frames) { await S.SendInputAudioAsync(BinaryData.FromBytes(frame)); due += TimeSpan.FromMilliseconds(20); var wait = due - DateTime.UtcNow; if (wait > TimeSpan.Zero) { await Task.Delay(wait); } } }""")]
    [InlineData("""async Task M(CancellationToken hangUp) { await S.StartResponseAsync(); try { await Task.Delay(Timeout.Infinite, hangUp); } catch (OperationCanceledException) { } }""")]
    [InlineData("""async Task M(CancellationToken heard) { await S.StartResponseAsync(); _ = NudgeAsync(heard); } async Task NudgeAsync(CancellationToken heard) { await Task.Delay(TimeSpan.FromSeconds(10), heard); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(TaskCompletionSource updated) { await S.ConfigureConversationSessionAsync(new RealtimeConversationSessionOptions()); await updated.Task.WaitAsync(TimeSpan.FromSeconds(5)); await S.StartResponseAsync(); }""")]
    [InlineData("""async Task M(Task spoken) { await S.StartResponseAsync(); if (await Task.WhenAny(spoken, Task.Delay(TimeSpan.FromSeconds(8))) != spoken) { await S.CancelResponseAsync(); } }""")]
    [InlineData("""async Task M(RealtimeServerUpdate u) { if (u is RealtimeServerUpdateError) { await Task.Delay(1000); await S.StartResponseAsync(); } }""")]
    [InlineData("""async Task M() { using var timer = new Timer(_ => Console.WriteLine("slow"), null, 5000, -1); await S.StartResponseAsync(); await S.CancelResponseAsync(); }""")]
    [InlineData("""async Task M() { await S.AddItemAsync(RealtimeItem.CreateUserMessageItem("hi")); await S.StartResponseAsync(); } void Blink() { Thread.Sleep(500); Console.Write('.'); }""")]
    public Task PaceOrPatience(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "#pragma warning disable OPENAI002, CS4014\nusing System; using System.Threading; using System.Threading.Tasks; using OpenAI.Realtime; class C { RealtimeSessionClient S = null!; " + members + " }", Knows.OpenAI);

    [Theory]
    [InlineData("""async Task M(string type) { if (type == "response.output_audio.done") { await _played.WaitAsync(); await Send(new { type = "response.create" }); } }""")]
    [InlineData("""async Task M() { for (var attempt = 1; !await TryConnectAsync(); attempt++) { await Task.Delay(TimeSpan.FromSeconds(1 << attempt)); } await Send(new { type = "session.update" }); } Task<bool> TryConnectAsync() => Task.FromResult(true);""")]
    [InlineData("""async Task M(byte[] pcm) { for (var i = 0; i < pcm.Length; i += 960) { await Send(new { type = "input_audio_buffer.append", audio = Convert.ToBase64String(pcm, i, 960) }); await Task.Delay(20); } await Send(new { type = "input_audio_buffer.commit" }); }""")]
    [InlineData("""async Task M(CancellationToken stop) { while (!stop.IsCancellationRequested) { await Send(new { type = "ping" }); await Task.Delay(15_000, stop); } }""")]
    [InlineData("""async Task M(string type) { switch (type) { case "response.done": await Task.Delay(500); Console.Clear(); break; case "response.audio.delta": await Send(type); break; } }""")]
    [InlineData("""async Task M() { await Send(new { type = "response.create" }); await Task.Delay(2000); await W.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default); }""")]
    public Task RawSocket(string members) => AnalyzerVerifier.Verify<RT1035DelayInPlaceOfAnEvent>(
        "using System; using System.Net.WebSockets; using System.Threading; using System.Threading.Tasks; class C { ClientWebSocket W = null!; SemaphoreSlim _played = new(0); Task Send(object o) => Task.CompletedTask; " + members + " }", Knows.Ours | Knows.NewtonsoftJson);
}
