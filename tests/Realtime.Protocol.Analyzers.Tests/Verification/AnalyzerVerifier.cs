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
        var reported = await RunOnWhatCompiles(TestProject.Compile(code, knows, fileName), new RealtimeAnalyzer([new TRule()]));

        Assert.Equal(expected, [.. reported.Select(Finding.Of).Order()]);
    }

    /// <summary>Everything that a rule reports about code that has to compile: both are asked at once, since to bind a source takes longer than the rule.</summary>
    public static async Task<ImmutableArray<Diagnostic>> RunOnWhatCompiles(Compilation compilation, DiagnosticAnalyzer analyzer)
    {
        var said = await Run(compilation, analyzer, static (compilation, cancellationToken) => compilation.GetAllDiagnosticsAsync(cancellationToken));
        var errors = said.Where(static diagnostic => IsOfTheCompiler(diagnostic) && diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), "the test source does not compile: " + string.Join('\n', errors));
        return [.. said.Where(static diagnostic => !IsOfTheCompiler(diagnostic))];
    }

    /// <summary>Everything that is reported; an exception inside of a rule fails the test, where the compiler would only warn.</summary>
    public static Task<ImmutableArray<Diagnostic>> Run(Compilation compilation, DiagnosticAnalyzer analyzer, bool concurrently = true) =>
        Run(compilation, analyzer, static (compilation, cancellationToken) => compilation.GetAnalyzerDiagnosticsAsync(cancellationToken), concurrently);

    private static async Task<ImmutableArray<Diagnostic>> Run(
        Compilation compilation, DiagnosticAnalyzer analyzer, Func<CompilationWithAnalyzers, CancellationToken, Task<ImmutableArray<Diagnostic>>> ask, bool concurrently = true)
    {
        var thrown = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            (exception, _, _) => { lock (thrown) { thrown.Add(exception); } },
            concurrentAnalysis: concurrently,
            logAnalyzerExecutionTime: false);

        var reported = await ask(compilation.WithAnalyzers([analyzer], options), TestContext.Current.CancellationToken);

        Assert.True(thrown.Count == 0, string.Join('\n', thrown));
        return reported;
    }

    private static bool IsOfTheCompiler(Diagnostic diagnostic) => diagnostic.Id.StartsWith("CS", StringComparison.Ordinal);
}
