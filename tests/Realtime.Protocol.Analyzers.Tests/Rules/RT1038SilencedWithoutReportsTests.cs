using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1038 reports. What it leaves alone is in <see cref="RT1038SilenceTests"/>.</summary>
public class RT1038SilencedWithoutReportsTests
{
    internal const string Usings = "using System; using System.Threading; using Realtime.Protocol;\n";

    [Theory]
    [InlineData("class C { void M(Turn turn) => {|RT1038:turn.Silenced|}.Register(() => { }); }")]
    [InlineData("class C { CancellationToken M(Turn turn) => {|RT1038:turn.Silenced|}; }")]
    [InlineData("class C { void M(Turn turn) { if ({|RT1038:turn.Silenced|}.IsCancellationRequested) return; Console.WriteLine(turn.Heard); } }")]
    [InlineData("class C { CancellationToken M(Turn a, Turn b) { _ = {|RT1038:a.Silenced|}; return b.Silenced; } }")]
    [InlineData("class C { void M(Turn turn) { _ = {|RT1038:turn.Silenced|}; new Player().ReportPlayed(0); } } class Player { public void ReportPlayed(long bytes) { } }")]
    public Task SilencedWithoutAReport_IsReportedOnce(string source) => AnalyzerVerifier.Verify<RT1038SilencedWithoutReports>(Usings + source, Knows.Ours | Knows.Session);
}
