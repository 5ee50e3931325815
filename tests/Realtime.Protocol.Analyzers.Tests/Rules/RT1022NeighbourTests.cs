using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1022 beside programs of the field that are right: what was not heard is deleted, and zero is where something else begins.</summary>
public class RT1022NeighbourTests
{
    [Theory]
    [InlineData("if (heard == TimeSpan.Zero) { await sdk.DeleteItemAsync(id); } else { await sdk.TruncateItemAsync(id, 0, heard); }")]
    [InlineData("await session.Conversation.TruncateAsync(id, heard);")]
    [InlineData("await session.Conversation.TruncateAsync(id, TimeSpan.FromMilliseconds(bytes / 48));")]
    [InlineData("var at = TimeSpan.Zero; if (bytes > 0) at = heard; await session.Conversation.TruncateAsync(id, at);")]
    [InlineData("await (heard > TimeSpan.Zero ? sdk.TruncateItemAsync(id, 0, heard) : sdk.DeleteItemAsync(id));")]
    [InlineData("var at = default(TimeSpan); foreach (var chunk in new[] { bytes }) { at += TimeSpan.FromMilliseconds(chunk / 48); } await sdk.TruncateItemAsync(id, 0, at);")]
    [InlineData("var at = TimeSpan.Zero; try { at = heard; } finally { await sdk.TruncateItemAsync(id, 0, at); }")]
    [InlineData("var at = TimeSpan.Zero; void Played(TimeSpan t) => at = t; Played(heard); await sdk.TruncateItemAsync(id, 0, at);")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(0, 0, 0, 0, (int)(bytes / 48)));")]
    [InlineData("await sdk.TruncateItemAsync(id, contentPartIndex: 0, TimeSpan.FromSeconds(bytes / 48000.0));")]
    [InlineData("await live.TruncateConversationAsync(id, 0, TimeSpan.FromMilliseconds(Math.Max(20, bytes / 48)));")]
    [InlineData("await live.TruncateConversationAsync(id, contentIndex: 0, audioEnd: heard);")]
    [InlineData("await (heard > TimeSpan.Zero ? (Task)session.Conversation.TruncateAsync(id, heard) : session.Conversation.DeleteAsync(id));")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = (long)heard.TotalMilliseconds };")]
    public Task PlaceThatWasMeasured(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = (int)heard.TotalMilliseconds };""")]
    [InlineData("""_ = new { type = "conversation.item.delete", item_id = id, audio_end_ms = 0 };""")]
    [InlineData("""var last = new { audio_end_ms = 0, item = id }; _ = new { type = "conversation.item.truncate", item_id = id, audio_end_ms = bytes };""")]
    [InlineData("""if (id == "{\"type\":\"conversation.item.truncate\",\"audio_end_ms\":0}") { Console.WriteLine("refused"); }""")]
    [InlineData("""_ = new { type = "object", properties = new { audio_end_ms = new { type = "integer", minimum = 0 } }, title = "conversation.item.truncate" };""")]
    public Task JsonThatSaysSomethingElse(string statements) => Verify(statements);

    [Theory]
    [InlineData("new Look.RealtimeSessionClient().TruncateItem(id, 0, TimeSpan.Zero);")]
    [InlineData("_ = new Look.ConversationItemTruncate { ItemId = id, AudioEndMs = 0 };")]
    [InlineData("_ = new Look.JsonObject { [\"type\"] = \"conversation.item.truncate\", [\"audio_end_ms\"] = \"0\" };")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1022TruncationAtZero>(
        $$"""
        {{RT1022TruncationAtZeroTests.Usings}}
        class Caller { async Task Talk(RealtimeSessionClient sdk, RealtimeConversationSession beta, VoiceLiveSession live, VoiceSession session, string id, TimeSpan heard, long bytes) { {{statements}} await Task.Yield(); } }
        namespace Look
        {
            class RealtimeSessionClient { public void TruncateItem(string id, int part, TimeSpan at) { } }
            class ConversationItemTruncate { public string ItemId = ""; public long AudioEndMs; }
            class JsonObject { public string this[string name] { set { } } }
        }
        """,
        RT1022TruncationAtZeroTests.Libraries);
}
