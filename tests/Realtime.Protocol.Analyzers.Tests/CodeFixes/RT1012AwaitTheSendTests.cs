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

    /// <summary>Without the await the program goes on before it has been sent, and never hears that it was not.</summary>
    [Theory]
    [InlineData("s.StartResponseAsync(); said += \"next \";", "begun next ")]
    [InlineData("await s.StartResponseAsync(); said += \"next \";", "begun refused ")]
    public async Task Program_WaitsForTheSend_AndHearsOfItsFailure(string statements, string said) => Assert.Equal(said, await FixedProgram.Run(
        $$"""
        #pragma warning disable CS4014
        using System; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive;
        class Line : VoiceLiveSession
        {
            public Action<string> Say = null!;
            public override async Task StartResponseAsync(CancellationToken cancellationToken = default) { Say("begun "); await Task.Yield(); throw new InvalidOperationException("refused "); }
        }
        public static class Program
        {
            public static async Task<string> Run()
            {
                var said = "";
                var s = new Line { Say = word => said += word };
                try { {{statements}} } catch (InvalidOperationException e) { said += e.Message; }
                return said;
            }
        }
        """,
        Knows.VoiceLive));

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
