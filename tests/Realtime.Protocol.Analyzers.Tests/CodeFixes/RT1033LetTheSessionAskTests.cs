using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

/// <summary>The fix of RT1033: what it removes, and where it keeps its hands off.</summary>
public class RT1033LetTheSessionAskTests
{
    private const Knows Session = Knows.Ours | Knows.Session;

    [Theory]
    [InlineData("        s.Respond();\n", "")]
    [InlineData("        _ = s.Respond();\n", "")]
    [InlineData("        s?.Respond();\n", "")]
    [InlineData("        // The model goes on.\n        s.Respond();\n", "        // The model goes on.\n")]
    public Task Request_IsRemoved(string before, string after) =>
        CodeFixVerifier.VerifyFix<RT1033ResponsePerToolOutput, RT1033LetTheSessionAsk>(Caller(before), Caller(after), Session);

    /// <summary>One request is the user's, one follows the output; the third is what is taken out.</summary>
    [Theory]
    [InlineData("s.SubmitToolOutput(call, \"2\"); s.Respond();", "response.create response.create response.create")]
    [InlineData("s.SubmitToolOutput(call, \"2\");", "response.create response.create")]
    public async Task Program_AsksOnceLess(string answer, string asked) =>
        Assert.Equal(asked, await FixedProgram.Run(TalkingPrograms.ToolCall(answer), TalkingPrograms.Libraries));

    [Fact]
    public Task All_AreRemoved() => CodeFixVerifier.VerifyFixAll<RT1033ResponsePerToolOutput, RT1033LetTheSessionAsk>(
        Caller("        s.Respond();\n        s.SubmitToolOutput(\"b\", \"ok\");\n        s.Respond();\n"),
        Caller("        s.SubmitToolOutput(\"b\", \"ok\");\n"),
        Session);

    [Theory]
    [InlineData("        var turn = s.Respond();\n")]
    [InlineData("        s.Respond(new ResponseRequest { Instructions = \"Be short.\" });\n")]
    [InlineData("        s.Respond().Cancel();\n")]
    public Task UsedOrSpeakingRequest_IsLeftToAPerson(string statement) =>
        CodeFixVerifier.VerifyNoFix<RT1033ResponsePerToolOutput, RT1033LetTheSessionAsk>(Caller(statement), Session);

    private static string Caller(string statements) =>
        $"using Realtime.Protocol;\nclass C\n{{\n    void M(VoiceSession s)\n    {{\n        s.SubmitToolOutput(\"a\", \"ok\");\n{statements}    }}\n}}\n";
}
