using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1020 reports. What it leaves alone is in <see cref="RT1020SilenceTests"/>.</summary>
public class RT1020ResponseIsNullTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.NewtonsoftJson;

    internal const string Usings = """
        using System; using System.Collections.Generic; using System.Net.WebSockets; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using System.Threading; using System.Threading.Tasks;
        using Newtonsoft.Json; using Newtonsoft.Json.Linq; using Realtime.Protocol; using JsonSerializer = System.Text.Json.JsonSerializer;

        """;

    [Theory]
    [InlineData("""await session.SendRawAsync(RawJson.Parse({|RT1020:"{\"type\":\"response.create\",\"response\":null}"|}));""")]
    [InlineData("""await session.SendRawAsync(RawJson.FromUtf8({|RT1020:"{\"type\":\"response.create\",\"response\":null}"u8|}.ToArray()));""")]
    [InlineData("""var json = {|RT1020:@"{""type"":""response.create"", ""response"" : null }"|}; await session.SendRawAsync(RawJson.Parse(json));""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes({|RT1020:$"{{\"event_id\":\"{id}\",\"type\":\"response.create\",\"response\":null}}"|}), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""await socket.SendAsync(new ArraySegment<byte>(Encoding.UTF8.GetBytes({|RT1020:"{\"event_id\":\"" + id + "\",\"type\":\"response.create\",\"response\":null}"|})), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""var json = id; if (id.Length > 3) json = {|RT1020:"{\"type\":\"response.create\",\"response\":null}"|}; await session.SendRawAsync(RawJson.Parse(json));""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse(id is null ? "" : {|RT1020:"{\"type\":\"response.create\",\"response\":null}"|}));""")]
    public Task LiteralThatIsSent_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var node = new JsonObject { ["type"] = "response.create", ["response"] = {|RT1020:null|} }; await session.SendRawAsync(RawJson.Parse(node.ToJsonString()));""")]
    [InlineData("""var token = new JObject { ["type"] = "response.create", ["response"] = {|RT1020:null|} };""")]
    [InlineData("""var token = new JObject(new JProperty("type", "response.create"), new JProperty("response", {|RT1020:null|}));""")]
    [InlineData("""var map = new Dictionary<string, object?> { ["type"] = "response.create", ["response"] = {|RT1020:null|} };""")]
    [InlineData("""var map = new Dictionary<string, object?> { { "type", "response.create" }, { "response", {|RT1020:null|} } };""")]
    [InlineData("""var anonymous = new { type = "response.create", response = {|RT1020:(object?)null|} }; await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(anonymous), WebSocketMessageType.Text, true, default);""")]
    public Task ObjectWithNull_IsReported(string statements) => Verify(statements);

    [Fact]
    public Task HelperOfTheSameFile_IsFollowed() => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        Usings + """
        class Caller(WebSocket socket)
        {
            Task Ask() => Send({|RT1020:"{\"type\":\"response.create\",\"response\":null}"|});
            Task Send(string json) => SendBytes(Encoding.UTF8.GetBytes(json));
            Task SendBytes(byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);
        }
        """,
        Libraries);

    [Fact]
    public async Task Severity_SaysWhetherItIsSeenToBeSent()
    {
        var compilation = TestProject.Compile(
            Usings + """
            class Caller
            {
                Task Sent(VoiceSession session) => session.SendRawAsync(RawJson.Parse("{\"type\":\"response.create\",\"response\":null}")).AsTask();
                object Made() => new JsonObject { ["type"] = "response.create", ["response"] = null };
            }
            """,
            Libraries);
        var found = await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer([new RT1020ResponseIsNull()]));

        Assert.Equal(["Error", "Warning"], found.OrderBy(finding => finding.Location.SourceSpan.Start).Select(finding => finding.Severity.ToString()));
    }

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        $$"""{{Usings}}class Caller { async Task Talk(VoiceSession session, WebSocket socket, string id) { {{statements}} } }""", Libraries);
}
