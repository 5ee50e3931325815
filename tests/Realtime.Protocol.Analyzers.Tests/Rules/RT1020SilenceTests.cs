using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1020 leaves alone.</summary>
public class RT1020SilenceTests
{
    [Theory]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\"}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":{}}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":{\"instructions\":null}}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":\"null\"}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"session.update\",\"response\":null}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"x\",\"kind\":\"response.create\",\"response\":null}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse($"{{\"type\":\"response.create\",\"response\":{id}}}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse($"{{\"type\":\"response.create\",\"response\":nu{id}}}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":null,}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("[{\"type\":\"response.create\",\"response\":null}]"));""")]
    public Task OtherJson_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var read = JsonDocument.Parse("{\"type\":\"response.create\",\"response\":null}");""")]
    [InlineData("""if (id == "{\"type\":\"response.create\",\"response\":null}") Console.WriteLine();""")]
    [InlineData("""const string Odd = "{\"type\":\"response.create\",\"response\":null}"; Console.WriteLine(Odd.Length);""")]
    [InlineData("""switch (id) { case "{\"type\":\"response.create\",\"response\":null}": break; }""")]
    [InlineData("""var json = "{\"type\":\"response.create\",\"response\":null}"; json = "{}"; await session.SendRawAsync(RawJson.Parse(json));""")]
    [InlineData("""Keep("{\"type\":\"response.create\",\"response\":null}"); void Keep(string json) => Console.WriteLine(json.Length);""")]
    public Task LiteralThatIsNotSent_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var made = new { type = "response.create", response = (object?)null };""")]
    [InlineData("""await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "response.create", response = (object?)null }, new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull }), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(new { type = "response.create", response = (object?)null })), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "response.create" }), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""var node = new JsonObject { ["type"] = "response.create", ["response"] = new JsonObject() };""")]
    [InlineData("""var node = new JsonObject { ["type"] = id, ["response"] = null };""")]
    [InlineData("""var node = new JsonObject { ["type"] = "response.created", ["response"] = null };""")]
    [InlineData("""var map = new Dictionary<string, string?> { ["type"] = "response.create", ["answer"] = null };""")]
    [InlineData("""var map = new SortedList<string, string?> { ["type"] = "response.create", ["response"] = null };""")]
    public Task ObjectThatMayLeaveItOut_IsSilent(string statements) => Verify(statements);

    [Fact]
    public Task OurOwnTypes_LeaveItOut() => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        "using Realtime.Protocol.Events; class C { object M() => new ResponseCreate { Response = null }; /* response.create */ }", RT1020ResponseIsNullTests.Libraries);

    [Fact]
    public Task LookAlikeSocket_IsSilent() => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        "using Realtime.Protocol; class WebSocket { public void SendAsync(string text) { } public void SendRawAsync(string text) { } } class C { void M(WebSocket s) { s.SendAsync(\"{\\\"type\\\":\\\"response.create\\\",\\\"response\\\":null}\"); s.SendRawAsync(\"{\\\"type\\\":\\\"response.create\\\",\\\"response\\\":null}\"); } }",
        RT1020ResponseIsNullTests.Libraries);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        RT1020ResponseIsNullTests.Usings + """class C { object M() => new JsonObject { ["type"] = "response.create", ["response"] = null }; }""", RT1020ResponseIsNullTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        $$"""{{RT1020ResponseIsNullTests.Usings}}class Caller { async Task Talk(VoiceSession session, WebSocket socket, string id) { {{statements}} await Task.Yield(); } }""", RT1020ResponseIsNullTests.Libraries);
}
