using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT1030DecideByCodeTests
{
    [Theory]
    [InlineData("""if (ours.Message.Contains("no active response")) return;""", """if (ours.Code == "response_cancel_not_active") return;""")]
    [InlineData("""if (sdk.Message.Contains("Cancellation failed: no active response", StringComparison.OrdinalIgnoreCase)) return;""", """if (sdk.Code == "response_cancel_not_active") return;""")]
    [InlineData("""if (!sdk.Message.Contains("already has an active response")) return;""", """if (!(sdk.Code == "conversation_already_has_active_response")) return;""")]
    [InlineData("""var busy = /* a */ sdk.Message.Contains("active response in progress") /* b */;""", """var busy = /* a */ sdk.Code == "conversation_already_has_active_response" /* b */;""")]
    public Task KnownText_BecomesItsCode(string before, string after) =>
        CodeFixVerifier.VerifyFix<RT1030DecidedByErrorText, RT1030DecideByCode>(Source(before), Source(after), RT1030DecidedByErrorTextTests.Libraries);

    [Fact]
    public Task FixAll_ReplacesEach() => CodeFixVerifier.VerifyFixAll<RT1030DecidedByErrorText, RT1030DecideByCode>(
        Source("""if (ours.Message.Contains("no active response") || sdk.Message.Contains("already has an active response")) return;"""),
        Source("""if (ours.Code == "response_cancel_not_active" || sdk.Code == "conversation_already_has_active_response") return;"""),
        RT1030DecidedByErrorTextTests.Libraries);

    [Theory]
    [InlineData("""if (sdk.Message.Contains("rate limit")) return;""")]
    [InlineData("""if (sdk.Message.StartsWith("Cancellation failed")) return;""")]
    [InlineData("""if (live.Message.Contains("no active response")) return;""")]
    [InlineData("""if (sdk?.Message.Contains("no active response") == true) return;""")]
    public Task OtherTextOrError_IsLeftToAPerson(string statements) =>
        CodeFixVerifier.VerifyNoFix<RT1030DecidedByErrorText, RT1030DecideByCode>(Source(statements), RT1030DecidedByErrorTextTests.Libraries);

    private static string Source(string statements) =>
        $$"""{{RT1030DecidedByErrorTextTests.Usings}}class Caller { void Talk(ServerError ours, RealtimeError sdk, SessionUpdateErrorDetails live) { {{statements}} } }""";
}
