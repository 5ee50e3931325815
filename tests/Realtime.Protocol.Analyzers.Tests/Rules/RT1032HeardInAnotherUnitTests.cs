using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1032, RT1036 and RT4006 report. What they leave alone is in <see cref="RT1032SilenceTests"/>.</summary>
public class RT1032HeardInAnotherUnitTests
{
    internal const Knows Libraries = RT1022TruncationAtZeroTests.Libraries;

    internal const string Usings = "using System.Diagnostics; using System.IO;" + RT1022TruncationAtZeroTests.Usings;

    internal const string Members = """
        readonly Stopwatch _watch = new(); DateTime _began; long _startTicks, _latest; long? _start; TimeSpan _heard;
        async Task Talk(RealtimeSessionClient sdk, OpenAI.RealtimeConversation.RealtimeConversationSession beta, VoiceLiveSession live, Turn turn, string id, byte[] pcm, long played, TimeSpan span, TimeProvider time,
            RealtimeServerUpdateInputAudioBufferSpeechStarted started, SessionUpdateInputAudioBufferSpeechStarted liveStarted)
        """;

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:new TimeSpan((long)span.TotalMilliseconds)|});", true)]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:new TimeSpan(_watch.ElapsedMilliseconds)|});", true)]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:new(1500)|});", true)]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:TimeSpan.FromTicks(1500)|});", true)]
    [InlineData("var now = Environment.TickCount64; var heard = {|RT4006:new TimeSpan(now - _start.Value)|}; await sdk.TruncateItemAsync(id, 0, heard);", true)]
    [InlineData("var elapsed = {|RT4006:new TimeSpan(_latest - _start.Value)|}; await sdk.TruncateItemAsync(id, 0, elapsed);", false)]
    [InlineData("beta.TruncateItem(id, 0, {|RT4006:new TimeSpan(_latest - (long)_start)|});", false)]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate(id, 0, {|RT4006:new TimeSpan(played)|});", false)]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate { AudioEndTime = {|RT4006:new TimeSpan(played)|} };", false)]
    public async Task TicksInsteadOfMilliseconds_AreReported(string statements, bool isCertain)
    {
        await Verify(statements);
        var found = await AnalyzerVerifier.Run(TestProject.Compile(Source(Markup.Parse(statements).Code), Libraries), new RealtimeAnalyzer([new RT1032HeardInAnotherUnit()]));
        Assert.Equal(isCertain ? "Error" : "Warning", Assert.Single(found).Severity.ToString());
    }

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds({|RT4006:pcm.Length|}));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromSeconds({|RT4006:span.TotalMilliseconds|}));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, TimeSpan.FromMilliseconds({|RT4006:span.Milliseconds|}));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, TimeSpan.FromMilliseconds({|RT4006:span.Ticks|}));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, new TimeSpan({|RT4006:pcm.Length|}));")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = {|RT4006:pcm.Length|} };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = (int){|RT4006:span.TotalSeconds|} };""")]
    [InlineData("""var end = span.Ticks; _ = new JsonObject { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = {|RT4006:end|} };""")]
    [InlineData("turn.ReportPlayed({|RT1032:(long)span.TotalMilliseconds|});")]
    [InlineData("turn.ReportPlayed({|RT1032:(long)Math.Round(span.TotalSeconds)|});")]
    [InlineData("turn.ReportPlayed({|RT1032:_watch.ElapsedMilliseconds|});")]
    [InlineData("var ms = (long)span.TotalMilliseconds; turn.ReportPlayed({|RT1032:ms|});")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = {|RT1032:pcm.Length|} };")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = {|RT1032:span.Ticks|} };")]
    [InlineData("await turn.Talk().TruncateAsync(id, TimeSpan.FromMilliseconds({|RT1032:pcm.Length|}));")]
    [InlineData("await turn.Talk().TruncateAsync(id, {|RT1032:new TimeSpan(1500)|});")]
    public Task OtherUnit_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:_watch.Elapsed|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:DateTime.UtcNow - _began|});")]
    [InlineData("var heard = DateTime.UtcNow.Subtract(_began); await sdk.TruncateItemAsync(id, 0, {|RT4006:heard|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:Stopwatch.GetElapsedTime(_startTicks)|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:time.GetElapsedTime(_startTicks)|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT4006:started.AudioStartTime - _heard|});")]
    [InlineData("var heard = _heard; if (played > 0) heard = started.AudioStartTime; await sdk.TruncateItemAsync(id, 0, {|RT4006:heard|});")]
    [InlineData("await live.TruncateConversationAsync(id, 0, {|RT4006:liveStarted.AudioStart|});")]
    [InlineData("await live.TruncateConversationAsync(id, 0, {|RT4006:TimeSpan.FromMilliseconds(_watch.ElapsedMilliseconds)|});")]
    [InlineData("""var ms = (int)(DateTime.UtcNow - _began).TotalMilliseconds; _ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = {|RT4006:Math.Max(0, ms)|} };""")]
    [InlineData("turn.ReportPlayed({|RT1036:(long)(_watch.Elapsed.TotalSeconds * 48000)|});")]
    [InlineData("var bytes = (DateTime.UtcNow - _began).TotalMilliseconds * 48; turn.ReportPlayed({|RT1036:(long)bytes|});")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = {|RT1036:_watch.ElapsedMilliseconds|} };")]
    [InlineData("await turn.Talk().TruncateAsync(id, {|RT1036:_watch.Elapsed|});")]
    public Task OtherClock_IsReported(string statements) => Verify(statements);

    internal static string Source(string statements) => $"{Usings}class Caller\n{{\n{Members} {{ {statements} await Task.Yield(); }}\n}}\nstatic class Sessions {{ public static VoiceConversation Talk(this Turn turn) => null!; }}";

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1032HeardInAnotherUnit>(Source(statements), Libraries);
}
