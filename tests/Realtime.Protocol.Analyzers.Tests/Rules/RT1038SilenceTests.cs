using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1038 leaves alone.</summary>
public class RT1038SilenceTests
{
    [Theory]
    [InlineData("class C { void M(Turn turn) { turn.Silenced.Register(() => { }); turn.ReportPlayed(0); } }")]
    [InlineData("class C { void M(Turn turn) => turn.Silenced.Register(() => { }); } class D { void M(Turn turn) => turn.ReportPlayed(1); }")]
    [InlineData("class C { void M(Turn turn) { _ = turn.Silenced; Action<long> report = turn.ReportPlayed; } }")]
    [InlineData("class C { void M(Turn? turn) { _ = turn?.Silenced; turn?.ReportPlayed(1); } }")]
    [InlineData("class C { void M(Turn turn) { _ = turn.Silenced; void Played(long n) => turn.ReportPlayed(n); } }")]
    [InlineData("class C { void M(Turn turn) => turn.ReportPlayed(1); }")]
    [InlineData("class C { void M(Turn turn) => Console.WriteLine(turn.Heard); }")]
    [InlineData("class C { void M(Turn turn) => Console.WriteLine(nameof(turn.Cancel)); /* Silenced */ }")]
    [InlineData("class C { bool M(TurnUpdate update) => update is TurnUpdate.Silenced; }")]
    public Task ReportedOrNotUsed_IsSilent(string source) => AnalyzerVerifier.Verify<RT1038SilencedWithoutReports>(RT1038SilencedWithoutReportsTests.Usings + source, Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("class Turn2 { public CancellationToken Silenced => default; } class C { CancellationToken M(Turn2 turn) => turn.Silenced; }")]
    [InlineData("class C { CancellationToken M(Look.Turn turn) => turn.Silenced; } namespace Look { class Turn { public CancellationToken Silenced => default; } }")]
    public Task LookAlike_InAnotherNamespace(string source) => AnalyzerVerifier.Verify<RT1038SilencedWithoutReports>(RT1038SilencedWithoutReportsTests.Usings + source, Knows.Ours | Knows.Session);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1038SilencedWithoutReports>(
        RT1038SilencedWithoutReportsTests.Usings + "class C { CancellationToken M(Turn turn) => turn.Silenced; }", Knows.Ours | Knows.Session, "Caller.g.cs");
}
