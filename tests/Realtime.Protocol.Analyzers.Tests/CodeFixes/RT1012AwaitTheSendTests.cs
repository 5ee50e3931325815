using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

/// <summary>The fix of RT1012: it awaits where that compiles.</summary>
public class RT1012AwaitTheSendTests
{
    [Fact]
    public Task Send_IsAwaited() => CodeFixVerifier.VerifyFix<RT1012SendNotAwaited, RT1012AwaitTheSend>(
        Caller("async Task M(VoiceLiveSession s) { /* now */ s.StartResponseAsync(); await Task.Yield(); }"),
        Caller("async Task M(VoiceLiveSession s) { /* now */ await s.StartResponseAsync(); await Task.Yield(); }"),
        Knows.VoiceLive);

    [Fact]
    public Task All_AreAwaited() => CodeFixVerifier.VerifyFixAll<RT1012SendNotAwaited, RT1012AwaitTheSend>(
        Caller("async Task M(VoiceLiveSession s) { s.StartResponseAsync(); s.CancelResponseAsync().ConfigureAwait(false); await Task.Yield(); }"),
        Caller("async Task M(VoiceLiveSession s) { await s.StartResponseAsync(); await s.CancelResponseAsync().ConfigureAwait(false); await Task.Yield(); }"),
        Knows.VoiceLive);

    [Theory]
    [InlineData("void M(VoiceLiveSession s) { s.StartResponseAsync(); }")]
    [InlineData("async Task M(VoiceLiveSession? s) { s?.StartResponseAsync(); await Task.Yield(); }")]
    [InlineData("async Task M(VoiceLiveSession s) { System.Action a = () => { s.StartResponseAsync(); }; await Task.Yield(); }")]
    public Task WhereItWouldNotCompile_OrThrow_NothingIsOffered(string member) =>
        CodeFixVerifier.VerifyNoFix<RT1012SendNotAwaited, RT1012AwaitTheSend>(Caller(member), Knows.VoiceLive);

    private static string Caller(string member) => "using System.Threading.Tasks; using Azure.AI.VoiceLive; class C { " + member + " }";
}
