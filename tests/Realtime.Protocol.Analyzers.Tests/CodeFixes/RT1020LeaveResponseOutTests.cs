using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT1020LeaveResponseOutTests
{
    [Theory]
    [InlineData("""_ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":null}"));""", """_ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\"}"));""")]
    [InlineData("""_ = session.SendRawAsync(RawJson.Parse(@"{""response"" : null, ""type"":""response.create""}"));""", """_ = session.SendRawAsync(RawJson.Parse(@"{""type"":""response.create""}"));""")]
    [InlineData("""_ = session.SendRawAsync(RawJson.Parse($"{{\"event_id\":\"{id}\",\"response\":null,\"type\":\"response.create\"}}"));""", """_ = session.SendRawAsync(RawJson.Parse($"{{\"event_id\":\"{id}\",\"type\":\"response.create\"}}"));""")]
    [InlineData("""_ = new JsonObject { ["type"] = "response.create", ["response"] = null };""", """_ = new JsonObject { ["type"] = "response.create" };""")]
    [InlineData("""_ = new JsonObject { ["response"] = null, ["type"] = "response.create" };""", """_ = new JsonObject { ["type"] = "response.create" };""")]
    [InlineData("""_ = new Dictionary<string, object?> { { "type", "response.create" }, { "response", null } };""", """_ = new Dictionary<string, object?> { { "type", "response.create" } };""")]
    public Task Member_IsTakenOut(string before, string after) =>
        CodeFixVerifier.VerifyFix<RT1020ResponseIsNull, RT1020LeaveResponseOut>(Source(before), Source(after), RT1020ResponseIsNullTests.Libraries);

    /// <summary>What is sent differs in nothing but the member.</summary>
    [Theory]
    [InlineData("""Encoding.UTF8.GetBytes("{\"type\":\"response.create\",\"response\":null}")""", """{"type":"response.create","response":null}""", """{"type":"response.create"}""")]
    [InlineData("""Encoding.UTF8.GetBytes(@"{""response"" : null, ""type"":""response.create""}")""", """{"response" : null, "type":"response.create"}""", """{"type":"response.create"}""")]
    [InlineData("""Encoding.UTF8.GetBytes($"{{\"event_id\":\"{id}\",\"response\":null,\"type\":\"response.create\"}}")""", """{"event_id":"e1","response":null,"type":"response.create"}""", """{"event_id":"e1","type":"response.create"}""")]
    [InlineData("""JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "response.create", ["response"] = null })""", """{"type":"response.create","response":null}""", """{"type":"response.create"}""")]
    [InlineData("""JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { { "type", "response.create" }, { "response", null } })""", """{"type":"response.create","response":null}""", """{"type":"response.create"}""")]
    public async Task Program_SendsTheSameWithoutTheMember(string json, string before, string after)
    {
        string source = Sending(json);
        string repaired = await CodeFixVerifier.Fixed<RT1020ResponseIsNull, RT1020LeaveResponseOut>(source, RT1020ResponseIsNullTests.Libraries);

        Assert.Equal(before, await FixedProgram.Run(source, RT1020ResponseIsNullTests.Libraries));
        Assert.Equal(after, await FixedProgram.Run(repaired, RT1020ResponseIsNullTests.Libraries));
    }

    private static string Sending(string json) => RT1020ResponseIsNullTests.Usings + $$"""
        class Line : WebSocket
        {
            public string Sent = "";
            public override WebSocketCloseStatus? CloseStatus => null; public override string? CloseStatusDescription => null; public override WebSocketState State => WebSocketState.Open; public override string? SubProtocol => null;
            public override void Abort() { }
            public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;
            public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;
            public override void Dispose() { }
            public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();
            public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) { Sent += Encoding.UTF8.GetString(buffer); return Task.CompletedTask; }
        }
        public static class Program
        {
            public static async Task<string> Run() { var line = new Line(); await Ask(line, "e1"); return line.Sent; }
            static Task Ask(WebSocket socket, string id) => socket.SendAsync(new ArraySegment<byte>({{json}}), WebSocketMessageType.Text, true, default);
        }
        """;

    [Fact]
    public Task FixAll_TakesEachOut() => CodeFixVerifier.VerifyFixAll<RT1020ResponseIsNull, RT1020LeaveResponseOut>(
        Source("""_ = new JsonObject { ["type"] = "response.create", ["response"] = null }; _ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":null}"));"""),
        Source("""_ = new JsonObject { ["type"] = "response.create" }; _ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\"}"));"""),
        RT1020ResponseIsNullTests.Libraries);

    [Theory]
    [InlineData("""_ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":" + "null}"));""")]
    [InlineData("""_ = session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"\\u0072esponse\":null}"));""")]
    public Task TextThatIsWrittenOtherwise_IsLeftToAPerson(string statements) =>
        CodeFixVerifier.VerifyNoFix<RT1020ResponseIsNull, RT1020LeaveResponseOut>(Source(statements), RT1020ResponseIsNullTests.Libraries);

    private static string Source(string statements) => $$"""{{RT1020ResponseIsNullTests.Usings}}class Caller { void Talk(VoiceSession session, string id) { {{statements}} } }""";
}
