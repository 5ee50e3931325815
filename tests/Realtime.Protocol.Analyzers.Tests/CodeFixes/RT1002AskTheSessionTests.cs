using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

/// <summary>The fix of RT1002: a bare request that our session is told to send becomes one that it is asked for.</summary>
public class RT1002AskTheSessionTests
{
    private const Knows Session = Knows.Ours | Knows.Session;
    private const string Bare = "RawJson.Parse(\"{\\\"type\\\":\\\"response.create\\\"}\")";

    [Theory]
    [InlineData("await s.SendRawAsync(" + Bare + ");")]
    [InlineData("await s.SendRawAsync(" + Bare + ").ConfigureAwait(false);")]
    [InlineData("await s.SendRawAsync(RawJson.FromUtf8(\"{ \\\"type\\\" : \\\"response.create\\\" }\"u8.ToArray()));")]
    public Task BareRequest_IsAskedFor(string statement) => CodeFixVerifier.VerifyFix<RT1002ResponseCreateByHand, RT1002AskTheSession>(
        Caller("        // Go on.\n        " + statement), Caller("        // Go on.\n        s.Respond();"), Session);

    /// <summary>Our session refuses the text (RC-01) and asks when it is asked.</summary>
    [Fact]
    public async Task Program_IsRefusedBefore_AndAsksOnceAfter()
    {
        Assert.Equal("RC-01", await FixedProgram.Run(TalkingPrograms.Session($"await s.SendRawAsync({Bare});"), TalkingPrograms.Libraries));
        Assert.Equal("response.create", await FixedProgram.Run(TalkingPrograms.Session("s.Respond();"), TalkingPrograms.Libraries));
    }

    [Fact]
    public Task All_AreAskedFor() => CodeFixVerifier.VerifyFixAll<RT1002ResponseCreateByHand, RT1002AskTheSession>(
        Caller($"        await s.SendRawAsync({Bare});\n        await s.SendRawAsync({Bare});"), Caller("        s.Respond();\n        s.Respond();"), Session);

    [Theory]
    [InlineData("await s.SendRawAsync(RawJson.Parse(\"{\\\"type\\\":\\\"response.create\\\",\\\"response\\\":{}}\"));")]
    [InlineData("var sent = s.SendRawAsync(" + Bare + ");")]
    [InlineData("Send(\"{\\\"type\\\":\\\"response.create\\\"}\");")]
    [InlineData("Send(new { type = \"response.create\" });")]
    public Task WhatSaysMoreOrGoesElsewhere_IsLeftToAPerson(string statement) =>
        CodeFixVerifier.VerifyNoFix<RT1002ResponseCreateByHand, RT1002AskTheSession>(Caller("        " + statement), Session);

    private static string Caller(string statements) =>
        $"using System.Threading.Tasks;\nusing Realtime.Protocol;\nclass C\n{{\n    void Send(object o) {{ }}\n    async Task M(VoiceSession s)\n    {{\n{statements}\n        await Task.Yield();\n    }}\n}}\n";
}
