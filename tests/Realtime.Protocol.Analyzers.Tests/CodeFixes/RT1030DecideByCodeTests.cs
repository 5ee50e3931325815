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

    /// <summary>The server says it in other words: the program that looks for words takes it for another error.</summary>
    [Theory]
    [InlineData("ours.Message.Contains(\"no active response\")", "response_cancel_not_active")]
    [InlineData("sdk.Message.Contains(\"already has an active response\")", "conversation_already_has_active_response")]
    public async Task Program_KnowsTheErrorInOtherWords(string condition, string code)
    {
        string source = RT1030DecidedByErrorTextTests.Usings + $$"""
            public static class Program
            {
                public static string Run() => Is("It was worded anew.", "{{code}}") + " " + Is("It was worded anew.", "session_expired");
                static bool Is(string text, string code)
                {
                    var ours = new ServerError(code, "invalid_request_error", text, null, null);
                    var sdk = System.ClientModel.Primitives.ModelReaderWriter.Read<RealtimeError>(BinaryData.FromObjectAsJson(new { type = "invalid_request_error", code, message = text }))!;
                    return {{condition}};
                }
            }
            """;
        string repaired = await CodeFixVerifier.Fixed<RT1030DecidedByErrorText, RT1030DecideByCode>(source, RT1030DecidedByErrorTextTests.Libraries);

        Assert.Equal("False False", await FixedProgram.Run(source, RT1030DecidedByErrorTextTests.Libraries));
        Assert.Equal("True False", await FixedProgram.Run(repaired, RT1030DecidedByErrorTextTests.Libraries));
    }

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
