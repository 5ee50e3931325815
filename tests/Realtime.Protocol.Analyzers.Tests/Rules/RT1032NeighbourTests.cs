using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1032, RT1036 and RT4006 beside players of the field that are right: they count what they played, in whatever unit, and convert it once.</summary>
public class RT1032NeighbourTests
{
    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds(played / 2.0 / 24000));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(played * 1000 / 48000));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(Math.Min(played, pcm.Length) / 48));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromTicks(played * TimeSpan.TicksPerSecond / 48000));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(samples / 24));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds((double)samples / 24_000));")]
    [InlineData("frames = played / 960; await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(frames * 20));")]
    [InlineData("const int Rate = 24_000; await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds(samples / (double)Rate));")]
    [InlineData("var ms = 0L; foreach (var chunk in new[] { pcm }) { ms += chunk.Length / 48; } await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(ms));")]
    [InlineData("var heard = new TimeSpan(0, 0, 0, 0, (int)(played / 48)); await sdk.TruncateItemAsync(id, 0, heard);")]
    [InlineData("await live.TruncateConversationAsync(id, 0, TimeSpan.FromMilliseconds(player.PlayedMilliseconds));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, player.Position);")]
    [InlineData("await live.TruncateConversationAsync(id, 0, player.Position - TimeSpan.FromMilliseconds(200));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, TimeSpan.FromSeconds(player.PlayedBytes / (24000.0 * 2)));")]
    [InlineData("beta.TruncateItem(id, 0, TimeSpan.FromMilliseconds(_latest - (_start ?? 0)));")]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate(id, 0, TimeSpan.FromMilliseconds(player.PlayedBytes / 48));")]
    public Task BytesSamplesOrFrames_ThatAreConvertedOnce(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = player.PlayedMilliseconds };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = (int)(samples * 1000 / 24000) };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = Math.Max(0, player.PlayedBytes / 48 - 100) };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "conversation.item.truncate", ["item_id"] = id, ["audio_end_ms"] = (int)player.Position.TotalMilliseconds };""")]
    [InlineData("""_ = new JObject { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = frames * 20 };""")]
    [InlineData("""_ = new Dictionary<string, object> { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = marks.Count * 20 };""")]
    [InlineData("""_ = new { type = "response.metrics", audio_end_ms = _watch.ElapsedMilliseconds, bytes = pcm.Length };""")]
    [InlineData("""_ = new { type = "input_audio_buffer.speech_stopped", audio_end_ms = (int)started.AudioStartTime.TotalMilliseconds };""")]
    public Task JsonInMilliseconds(string statements) => Verify(statements);

    [Theory]
    [InlineData("player.Played += bytes => turn.ReportPlayed(bytes);")]
    [InlineData("var total = 0L; foreach (var chunk in new[] { pcm }) { player.Write(chunk); total += chunk.Length; turn.ReportPlayed(total); }")]
    [InlineData("turn.ReportPlayed(samples * 2);")]
    [InlineData("turn.ReportPlayed(samples * sizeof(short));")]
    [InlineData("turn.ReportPlayed(player.PlayedBytes);")]
    [InlineData("turn.ReportPlayed((long)(player.Position.TotalSeconds * 24000 * 2));")]
    [InlineData("turn.ReportPlayed(marks.Count * 160L);")]
    [InlineData("turn.ReportPlayed(Math.Min(player.PlayedBytes, played));")]
    [InlineData("await turn.Talk().TruncateAsync(id, player.Position);")]
    [InlineData("await turn.Talk().TruncateAsync(id, TimeSpan.FromMilliseconds(player.PlayedBytes / 48));")]
    public Task BytesThatAreReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("_watch.Restart(); await sdk.StartResponseAsync(); Console.WriteLine($\"first audio after {_watch.ElapsedMilliseconds} ms\"); await sdk.TruncateItemAsync(id, 0, player.Position);")]
    [InlineData("if (_watch.Elapsed > TimeSpan.FromSeconds(30)) { return; } await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("var began = time.GetTimestamp(); await sdk.TruncateItemAsync(id, 0, _heard); Console.WriteLine(time.GetElapsedTime(began));")]
    [InlineData("using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(1500)); await sdk.TruncateItemAsync(id, 0, _heard, stop.Token);")]
    [InlineData("var log = new { id, at = DateTime.UtcNow - _began, speech = started.AudioStartTime }; Console.WriteLine(log); await live.TruncateConversationAsync(id, 0, span);")]
    [InlineData("await Task.Delay(new TimeSpan(0, 0, 0, 0, 1500)); await sdk.TruncateItemAsync(id, 0, player.Position);")]
    [InlineData("var age = Environment.TickCount64 - _latest; if (age < 100) { turn.ReportPlayed(player.PlayedBytes); }")]
    public Task ClockBesideIt_ThatMeasuresSomethingElse(string statements) => Verify(statements);

    [Theory]
    [InlineData("await new Look.RealtimeSessionClient().TruncateItemAsync(id, 0, _watch.Elapsed);")]
    [InlineData("new Look.Turn().ReportPlayed((long)span.TotalMilliseconds);")]
    [InlineData("_ = new Look.ConversationItemTruncate { AudioEndMs = pcm.Length };")]
    [InlineData("_ = new Look.Clip { AudioEndMs = _watch.ElapsedMilliseconds, ItemId = id };")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1032HeardInAnotherUnit>(
        RT1032HeardInAnotherUnitTests.Source("Player player = new(); long samples = 0, frames = 0; var marks = new List<string>(); " + statements)
        + """

        class Player { public event Action<long>? Played { add { } remove { } } public TimeSpan Position => default; public int PlayedMilliseconds => 0; public long PlayedBytes => 0; public void Write(byte[] chunk) { } }
        namespace Look
        {
            class RealtimeSessionClient { public Task TruncateItemAsync(string id, int part, TimeSpan at) => Task.CompletedTask; }
            class Turn { public void ReportPlayed(long bytes) { } }
            struct ConversationItemTruncate { public long AudioEndMs; }
            class Clip { public string ItemId = ""; public long AudioEndMs { get; set; } }
        }
        """,
        RT1032HeardInAnotherUnitTests.Libraries);
}
