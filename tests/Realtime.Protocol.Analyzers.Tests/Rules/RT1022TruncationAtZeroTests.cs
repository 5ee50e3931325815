using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1022 reports. What it leaves alone is in <see cref="RT1022SilenceTests"/>.</summary>
public class RT1022TruncationAtZeroTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.OpenAIBeta | Knows.VoiceLive | Knows.NewtonsoftJson;

    internal const string Usings = """
        using System; using System.Buffers; using System.Collections.Generic; using System.Net.WebSockets; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using System.Threading; using System.Threading.Tasks;
        using Azure.AI.VoiceLive; using OpenAI.Realtime; using RealtimeConversationSession = OpenAI.RealtimeConversation.RealtimeConversationSession; using Newtonsoft.Json.Linq; using Realtime.Protocol;
        using ConversationItemTruncate = Realtime.Protocol.Events.ConversationItemTruncate;

        #pragma warning disable OPENAI002

        """;

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:TimeSpan.Zero|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:default|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:new TimeSpan()|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:new TimeSpan(0)|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:new TimeSpan(0, 0, 0)|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:TimeSpan.FromMilliseconds(0)|});")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, {|RT1022:TimeSpan.FromSeconds(0.0)|});")]
    [InlineData("var heard = TimeSpan.Zero; await sdk.TruncateItemAsync(id, 0, {|RT1022:heard|});")]
    [InlineData("await sdk.SendCommandAsync(new RealtimeClientCommandConversationItemTruncate(id, 0, {|RT1022:TimeSpan.Zero|}));")]
    [InlineData("_ = new RealtimeClientCommandConversationItemTruncate { ItemId = id, AudioEndTime = {|RT1022:TimeSpan.Zero|} };")]
    [InlineData("await session.Conversation.TruncateAsync(id, {|RT1022:TimeSpan.Zero|});")]
    [InlineData("beta.TruncateItem(id, 0, {|RT1022:TimeSpan.Zero|});")]
    [InlineData("await live.TruncateConversationAsync(id, 0, {|RT1022:TimeSpan.Zero|});")]
    [InlineData("await {|RT1022:live.TruncateConversationAsync(id, 0)|};")]
    [InlineData("_ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = {|RT1022:0|} };")]
    [InlineData("long end = 0; _ = new ConversationItemTruncate { ItemId = id, ContentIndex = 0, AudioEndMs = {|RT1022:end|} };")]
    public Task TypedTruncation_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "conversation.item.truncate", item_id = id, content_index = 0, audio_end_ms = {|RT1022:0|} };""")]
    [InlineData("""_ = new JsonObject { ["type"] = "conversation.item.truncate", ["item_id"] = id, ["audio_end_ms"] = {|RT1022:0|} };""")]
    [InlineData("""_ = new JObject { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = {|RT1022:0|} };""")]
    [InlineData("""_ = new Dictionary<string, object> { ["type"] = "conversation.item.truncate", ["audio_end_ms"] = {|RT1022:0L|} };""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes({|RT1022:$"{{\"type\":\"conversation.item.truncate\",\"item_id\":\"{id}\",\"content_index\":0,\"audio_end_ms\":0}}"|}), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""await live.SendCommandAsync(BinaryData.FromString({|RT1022:"{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + id + "\",\"audio_end_ms\":0}"|}));""")]
    public Task RawTruncation_IsReported(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1022TruncationAtZero>(
        $$"""{{Usings}}class Caller { async Task Talk(RealtimeSessionClient sdk, RealtimeConversationSession beta, VoiceLiveSession live, VoiceSession session, WebSocket socket, string id) { {{statements}} await Task.Yield(); } }""", Libraries);
}
