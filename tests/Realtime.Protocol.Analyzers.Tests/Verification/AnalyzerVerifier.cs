using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>Runs a rule over a source that compiles, and holds its findings to the marks in that source: no more, no fewer, in place.</summary>
internal static class AnalyzerVerifier
{
    public static async Task Verify<TRule>(string markup, Knows knows = Knows.Ours, string fileName = TestProject.FileName)
        where TRule : Rule, new()
    {
        if (RuleCases.IsWrittenDown<TRule>(markup, knows, fileName))
        {
            return;
        }

        var (code, expected) = Markup.Parse(markup);
        var compilation = TestProject.Compile(code, knows, fileName);
        TestProject.AssertCompiles(compilation);

        var reported = await Run(compilation, new RealtimeAnalyzer([new TRule()]));

        Assert.Equal(expected, [.. reported.Select(Finding.Of).Order()]);
    }

    /// <summary>Everything that is reported; an exception inside of a rule fails the test, where the compiler would only warn.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Run(Compilation compilation, DiagnosticAnalyzer analyzer, bool concurrently = true)
    {
        var thrown = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            (exception, _, _) => { lock (thrown) { thrown.Add(exception); } },
            concurrentAnalysis: concurrently,
            logAnalyzerExecutionTime: false);

        var reported = await compilation.WithAnalyzers([analyzer], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

        Assert.True(thrown.Count == 0, string.Join('\n', thrown));
        return reported;
    }
}
