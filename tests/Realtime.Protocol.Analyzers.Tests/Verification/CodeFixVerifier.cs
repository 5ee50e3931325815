using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>Applies a code fix as an editor would, and holds the result to the expected text; what it makes has to compile and be silent.</summary>
internal static class CodeFixVerifier
{
    /// <summary>Fixes the first finding of the rule.</summary>
    public static Task VerifyFix<TRule, TFix>(string before, string after, Knows knows = Knows.Ours)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new() => Verify<TRule, TFix>(before, after, knows, all: false);

    /// <summary>Fixes all findings of the document at once.</summary>
    public static Task VerifyFixAll<TRule, TFix>(string before, string after, Knows knows = Knows.Ours)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new() => Verify<TRule, TFix>(before, after, knows, all: true);

    public static async Task VerifyNoFix<TRule, TFix>(string source, Knows knows = Knows.Ours)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source, knows);
        foreach (var finding in await FindingsOf<TRule>(document))
        {
            Assert.Empty(await OffersOf<TFix>(document, finding));
        }
    }

    private static async Task Verify<TRule, TFix>(string before, string after, Knows knows, bool all)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, before, knows);
        var findings = await FindingsOf<TRule>(document);
        var offer = Assert.Single(await OffersOf<TFix>(document, findings[0]));
        if (all)
        {
            var fix = new TFix();
            var context = new FixAllContext(
                document, fix, FixAllScope.Document, offer.EquivalenceKey!, fix.FixableDiagnosticIds, new Known(findings), TestContext.Current.CancellationToken);
            offer = await fix.GetFixAllProvider()!.GetFixAsync(context);
        }

        var operations = await offer!.GetOperationsAsync(TestContext.Current.CancellationToken);
        var fixedDocument = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution.GetDocument(document.Id)!;
        fixedDocument = await Simplifier.ReduceAsync(fixedDocument, Simplifier.Annotation, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(after, (await fixedDocument.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        var left = await FindingsOf<TRule>(fixedDocument, atLeastOne: false);
        Assert.Equal(all ? 0 : findings.Length - 1, left.Length);
    }

    private static Document Open(AdhocWorkspace workspace, string source, Knows knows)
    {
        var project = workspace
            .AddProject("Test", LanguageNames.CSharp)
            .WithMetadataReferences(TestProject.References(knows))
            .WithCompilationOptions(TestProject.Options)
            .WithParseOptions(TestProject.Syntax);
        foreach (var stub in Stubs.Of(knows))
        {
            project = project.AddDocument(stub.FilePath, stub.GetText(), filePath: stub.FilePath).Project;
        }

        return project.AddDocument(TestProject.FileName, SourceText.From(source, Encoding.UTF8), filePath: TestProject.FileName);
    }

    private static async Task<ImmutableArray<Diagnostic>> FindingsOf<TRule>(Document document, bool atLeastOne = true)
        where TRule : Rule, new()
    {
        var compilation = await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken);
        TestProject.AssertCompiles(compilation!);
        var findings = await AnalyzerVerifier.Run(compilation!, new RealtimeAnalyzer([new TRule()]));
        Assert.True(!atLeastOne || !findings.IsEmpty, "the rule reports nothing, so there is nothing to fix");
        return [.. findings.OrderBy(finding => finding.Location.SourceSpan.Start)];
    }

    private static async Task<List<CodeAction>> OffersOf<TFix>(Document document, Diagnostic finding)
        where TFix : CodeFixProvider, new()
    {
        var offers = new List<CodeAction>();
        await new TFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, finding, (action, _) => offers.Add(action), TestContext.Current.CancellationToken));
        return offers;
    }

    private sealed class Known(ImmutableArray<Diagnostic> findings) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(findings);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(findings);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
