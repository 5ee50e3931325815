using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1022 leaves alone.</summary>
public class RT1022SilenceTests
{
    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, heard);")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(1));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(bytes / 48));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(0, 0, 1));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, bytes == 0 ? TimeSpan.Zero : heard);")]
    [InlineData("var at = TimeSpan.Zero; if (bytes > 0) at = heard; await sdk.TruncateItemAsync(id, 0, at);")]
    [InlineData("var at = TimeSpan.Zero; at += heard; await sdk.TruncateItemAsync(id, 0, at);")]
    [InlineData("var at = TimeSpan.Zero; Measure(ref at); await sdk.TruncateItemAsync(id, 0, at); void Measure(ref TimeSpan t) => t = heard;")]
    [InlineData("TimeSpan at; (at, _) = (heard, 1); await sdk.TruncateItemAsync(id, 0, at);")]
    [InlineData("await live.TruncateConversationAsync(id, 0, heard);")]
    [InlineData("beta.TruncateItem(id, 0, heard);")]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate(id, 0, heard);")]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate { ItemId = id };")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = bytes / 48 };")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = 20 };")]
    [InlineData("long end = 0; end++; _ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = end };")]
    public Task TimeThatIsNotAlwaysZero_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("await sdk.DeleteItemAsync(id);")]
    [InlineData("await Task.Delay(TimeSpan.Zero);")]
    [InlineData("new Player().TruncateItemAsync(id, 0, TimeSpan.Zero);")]
    [InlineData("_ = new Events.ConversationItemTruncate { AudioEndMs = 0 };")]
    public Task SomethingElse_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = bytes / 48 };""")]
    [InlineData("""_ = new { type = "conversation.item.truncated", item_id = id, content_index = 0, audio_end_ms = 0 };""")]
    [InlineData("""_ = new { kind = "conversation.item.truncate", audio_end_ms = 0 };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", audio_start_ms = 0 };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", audio_end_ms = 10 };""")]
    [InlineData("""_ = new { type = "conversation.item.truncate", part = new { audio_end_ms = 0 } };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = bytes };""")]
    [InlineData("""_ = JsonDocument.Parse("{\"type\":\"conversation.item.truncate\",\"audio_end_ms\":0}");""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes($"{{\"type\":\"conversation.item.truncate\",\"item_id\":\"{id}\",\"audio_end_ms\":{bytes / 48}}}"), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes($"{{\"type\":\"conversation.item.truncate\",\"audio_end_ms\":{bytes / 48}0}}"), WebSocketMessageType.Text, true, default);""")]
    public Task OtherJson_IsSilent(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1022TruncationAtZero>(
        RT1022TruncationAtZeroTests.Usings + "class C { object M() => new ConversationItemTruncate { ItemId = \"a\", ContentIndex = 0, AudioEndMs = 0 }; }", RT1022TruncationAtZeroTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1022TruncationAtZero>(
        $$"""
        {{RT1022TruncationAtZeroTests.Usings}}
        class Player { public void TruncateItemAsync(string id, int part, TimeSpan at) { } }
        class Caller { async Task Talk(RealtimeSessionClient sdk, RealtimeConversationSession beta, VoiceLiveSession live, WebSocket socket, string id, TimeSpan heard, long bytes) { {{statements}} await Task.Yield(); } }
        namespace Events { struct ConversationItemTruncate { public long AudioEndMs; } }
        """,
        RT1022TruncationAtZeroTests.Libraries);
}
