using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1020 beside programs of the field that are right: events of the server have a null there, and a builder may leave the member out.</summary>
public class RT1020NeighbourTests
{
    [Theory]
    [InlineData("""Feed("{\"type\":\"response.done\",\"response\":null}"); void Feed(string json) => Console.WriteLine(json);""")]
    [InlineData("""var node = new JsonObject { ["type"] = "response.create" }; if (id.Length > 0) { node["response"] = new JsonObject { ["instructions"] = id }; } await socket.SendAsync(Encoding.UTF8.GetBytes(node.ToJsonString()), WebSocketMessageType.Text, true, default);""")]
    [InlineData("""var options = id.Length > 0 ? new JsonObject { ["instructions"] = id } : new JsonObject(); var node = new JsonObject { ["type"] = "response.create", ["response"] = options };""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"vendor.ping\",\"response\":null}"));""")]
    [InlineData("""Console.WriteLine("{\"type\":\"response.create\",\"response\":null} is refused; leave the member out");""")]
    [InlineData("""var node = new JsonObject { ["type"] = "log", ["request"] = "response.create", ["response"] = null };""")]
    public Task OtherEvents_OrAMemberThatIsLeftOut(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await new Look.WebSocket().SendAsync(Encoding.UTF8.GetBytes("{\"type\":\"response.create\",\"response\":null}"));""")]
    [InlineData("""_ = new Look.JsonObject { ["type"] = "response.create", ["response"] = null };""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1020ResponseIsNull>(
        $$"""
        {{RT1020ResponseIsNullTests.Usings}}
        class Caller { async Task Talk(VoiceSession session, WebSocket socket, string id) { {{statements}} await Task.Yield(); } }
        namespace Look { class WebSocket { public Task SendAsync(byte[] bytes) => Task.CompletedTask; } class JsonObject { public string? this[string name] { set { } } } }
        """,
        RT1020ResponseIsNullTests.Libraries);
}
