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
