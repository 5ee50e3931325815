using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1032, RT1036 and RT4006 leave alone.</summary>
public class RT1032SilenceTests
{
    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.Zero);")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(played / 48.0));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(pcm.Length / 48));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds(pcm.Length / 48000.0));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds((int)((played / 48000.0) * 1000)));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(span.TotalMilliseconds));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds(span.TotalSeconds));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(_latest - _start.Value));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(span.Ticks));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(span.Ticks - _heard.Ticks));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(_startTicks));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(played * TimeSpan.TicksPerMillisecond));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(played * 10_000));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(15_000_000));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(0, 0, 1));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(Ticks())); long Ticks() => 1;")]
    [InlineData("await live.TruncateConversationAsync(id, 0, span > _heard ? _heard : span);")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = played / 48 };")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = (long)span.TotalMilliseconds };")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = (int)span.TotalMilliseconds };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = _latest - _start };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = pcm.Length / 48 };""")]
    [InlineData("await turn.Talk().TruncateAsync(id, _heard);")]
    [InlineData("await turn.Talk().TruncateAsync(id, new TimeSpan(span.Ticks));")]
    [InlineData("await turn.Talk().TruncateAsync(id, TimeSpan.FromSeconds(pcm.Length / 48000.0));")]
    [InlineData("await turn.Talk().TruncateAsync(id, TimeSpan.FromMilliseconds((long)span.TotalMilliseconds));")]
    [InlineData("turn.ReportPlayed(0);")]
    [InlineData("turn.ReportPlayed(played);")]
    [InlineData("turn.ReportPlayed(pcm.Length);")]
    [InlineData("turn.ReportPlayed(played + pcm.Length);")]
    [InlineData("turn.ReportPlayed((long)(span.TotalSeconds * 48000));")]
    [InlineData("var total = 0L; total += pcm.Length; turn.ReportPlayed(total);")]
    public Task RightUnit_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(Math.Min(_watch.ElapsedMilliseconds, played / 48)));")]
    [InlineData("var heard = _watch.Elapsed; heard = _heard; await sdk.TruncateItemAsync(id, 0, heard);")]
    [InlineData("Console.WriteLine(_watch.Elapsed); await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("var age = DateTime.UtcNow - _began; if (age > span) await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("Console.WriteLine(started.AudioStartTime); await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("await turn.Talk().TruncateAsync(id, TimeSpan.FromMilliseconds(Math.Min(_watch.ElapsedMilliseconds, played / 48)));")]
    [InlineData("Console.WriteLine(_watch.Elapsed); await turn.Talk().TruncateAsync(id, _heard);")]
    [InlineData("await new Player().TruncateAsync(id, _watch.Elapsed);")]
    [InlineData("var player = new Player(); await sdk.TruncateItemAsync(id, 0, player.Elapsed);")]
    [InlineData("""_ = new { type = "conversation.item.truncated", audio_end_ms = _watch.ElapsedMilliseconds };""")]
    [InlineData("""_ = new { type = "log", audio_end_ms = pcm.Length };""")]
    [InlineData("new Player().ReportPlayed(_watch.ElapsedMilliseconds);")]
    [InlineData("new Player().TruncateItemAsync(id, 0, new TimeSpan(1500));")]
    [InlineData("_ = new TimeSpan(1500); await sdk.TruncateItemAsync(id, 0, _heard);")]
    [InlineData("await Task.Delay(new TimeSpan(_watch.ElapsedMilliseconds));")]
    public Task OtherClockThatDoesNotArrive_IsSilent(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1032HeardInAnotherUnit>(
        RT1032HeardInAnotherUnitTests.Source("turn.ReportPlayed(_watch.ElapsedMilliseconds);"), RT1032HeardInAnotherUnitTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1032HeardInAnotherUnit>(
        RT1032HeardInAnotherUnitTests.Source(statements)
        + "\nclass Player { public TimeSpan Elapsed => default; public void ReportPlayed(long bytes) { } public void TruncateItemAsync(string id, int part, TimeSpan at) { } public Task TruncateAsync(string id, TimeSpan at) => Task.CompletedTask; }",
        RT1032HeardInAnotherUnitTests.Libraries);
}
