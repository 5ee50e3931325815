using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Inputs;

/// <summary>All rules over one compilation, whatever it is made of.</summary>
internal static class AllRules
{
    /// <summary>What the rules say, none of them having thrown; a suggestion is not in it.</summary>
    public static async Task<IReadOnlyList<Finding>> Say(Compilation compilation) =>
        [.. (await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer())).Where(static found => found.Severity > DiagnosticSeverity.Info).Select(Finding.Of).Order()];

    /// <summary>Holds what all rules say of a source that compiles to its marks.</summary>
    public static async Task Verify(string markup, Knows knows = Knows.Ours)
    {
        var (code, expected) = Markup.Parse(markup);
        var compilation = TestProject.Compile(code, knows);
        TestProject.AssertCompiles(compilation);

        Assert.Equal(expected, await Say(compilation));
    }

    /// <summary>Of code that does not compile nothing is expected but an end: no rule throws.</summary>
    public static async Task ComeToAnEnd(Compilation compilation)
    {
        Assert.Contains(compilation.GetDiagnostics(TestContext.Current.CancellationToken), static found => found.Severity == DiagnosticSeverity.Error);

        await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer());
    }
}
