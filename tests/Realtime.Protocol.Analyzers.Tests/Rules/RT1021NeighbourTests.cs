using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1021 beside programs of the field that are right: metadata of texts, and what is called metadata elsewhere.</summary>
public class RT1021NeighbourTests
{
    [Theory]
    [InlineData("""_ = session.Respond(ResponseRequest.OutOfBand with { Metadata = new Dictionary<string, string> { ["topic"] = "mood", ["turn"] = attempt.ToString(), ["at"] = DateTime.UtcNow.ToString("O") } });""")]
    [InlineData("""_ = new ResponseRequest { Metadata = new Dictionary<string, string> { ["note"] = text[..Math.Min(text.Length, 512)] } };""")]
    [InlineData("""var map = new Dictionary<string, string>(); for (var i = 0; i < 16; i++) { map["k" + i] = "v"; } _ = new ResponseRequest { Metadata = map };""")]
    [InlineData("""var options = new RealtimeResponseOptions(); options.Metadata["topic"] = BinaryData.FromObjectAsJson($"turn {attempt}"); options.Metadata["kind"] = BinaryData.FromString("\"mood\"");""")]
    [InlineData("""await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "response.create", response = new { conversation = "none", metadata = new { topic = "mood", turn = $"{attempt}" } } }), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""_ = new JObject { ["type"] = "response.create", ["response"] = new JObject { ["metadata"] = new JObject { ["turn"] = attempt.ToString(), ["topic"] = "mood" }, ["max_output_tokens"] = 20 } };""")]
    public Task MetadataOfTexts(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new { type = "session.update", session = new { metadata = new { attempt = 3 } } };""")]
    [InlineData("""_ = new { type = "response.create", response = new { input = new[] { new { metadata_count = 3 } } } };""")]
    [InlineData("""var tool = new { type = "function", name = "book", parameters = new { type = "object", properties = new { metadata = new { type = "object", minProperties = 1 } } } };""")]
    [InlineData("""var log = new { at = attempt, metadata = new { attempt, ok = true }, text = "response.create" }; Console.WriteLine(log);""")]
    public Task MetadataOfSomethingElse(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = new Look.ResponseRequest { Metadata = new Dictionary<string, string> { ["a"] = null! } };""")]
    [InlineData("""_ = new Look.RealtimeResponseOptions { Metadata = { ["attempt"] = BinaryData.FromObjectAsJson(3) } };""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1021MetadataThatIsRefused>(
        $$"""
        {{RT1021MetadataThatIsRefusedTests.Usings}}
        class Caller { async Task Talk(VoiceSession session, WebSocket socket, string text, int attempt) { {{statements}} await Task.Yield(); } }
        namespace Look
        {
            class ResponseRequest { public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>(); }
            class RealtimeResponseOptions { public IDictionary<string, BinaryData> Metadata { get; } = new Dictionary<string, BinaryData>(); }
        }
        """,
        RT1021MetadataThatIsRefusedTests.Libraries);
}
