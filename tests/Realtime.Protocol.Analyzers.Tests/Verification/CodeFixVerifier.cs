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
        where TFix : CodeFixProvider, new() => Verify<TRule, TFix>(before, after, knows, scope: null);

    /// <summary>Fixes all findings at once: of a document, of a project of two documents, and of a solution of two projects. What lies outside stays as it was.</summary>
    public static async Task VerifyFixAll<TRule, TFix>(string before, string after, Knows knows = Knows.Ours)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
    {
        await Verify<TRule, TFix>(before, after, knows, FixAllScope.Document);
        await Verify<TRule, TFix>(before, after, knows, FixAllScope.Project);
        await Verify<TRule, TFix>(before, after, knows, FixAllScope.Solution);
    }

    /// <summary>The source with its one finding fixed, for a program that is run.</summary>
    public static async Task<string> Fixed<TRule, TFix>(string source, Knows knows)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source, knows);
        var offer = Assert.Single(await OffersOf<TFix>(document, Assert.Single(await FindingsOf<TRule>(document))));
        var operations = await offer.GetOperationsAsync(TestContext.Current.CancellationToken);
        var repaired = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution.GetDocument(document.Id)!;
        repaired = await Simplifier.ReduceAsync(repaired, Simplifier.Annotation, cancellationToken: TestContext.Current.CancellationToken);
        return (await repaired.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
    }

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

    private static async Task Verify<TRule, TFix>(string before, string after, Knows knows, FixAllScope? scope)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, before, knows, scope is FixAllScope.Project or FixAllScope.Solution, scope == FixAllScope.Solution);
        var findings = await FindingsOf<TRule>(document);
        var offer = Assert.Single(await OffersOf<TFix>(document, findings[0]));
        if (scope is { } all)
        {
            var fix = new TFix();
            Assert.Contains(all, fix.GetFixAllProvider()!.GetSupportedFixAllScopes());
            var context = new FixAllContext(document, fix, all, offer.EquivalenceKey!, fix.FixableDiagnosticIds, new FindingsIn<TRule>(), TestContext.Current.CancellationToken);
            offer = await fix.GetFixAllProvider()!.GetFixAsync(context);
        }

        var operations = await offer!.GetOperationsAsync(TestContext.Current.CancellationToken);
        var solution = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution;
        foreach (var id in document.Project.Solution.Projects.SelectMany(static project => project.Documents).Where(static other => !other.Name.EndsWith(".g.cs", StringComparison.Ordinal)).Select(static other => other.Id))
        {
            var result = await Simplifier.ReduceAsync(solution.GetDocument(id)!, Simplifier.Annotation, cancellationToken: TestContext.Current.CancellationToken);
            var isSecond = result.Name != TestProject.FileName;
            Assert.Equal(isSecond ? Second(after) : after, (await result.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
            solution = result.Project.Solution;
        }

        foreach (var project in solution.Projects)
        {
            var left = await FindingsOf<TRule>(project.Documents.First(static other => !other.Name.EndsWith(".g.cs", StringComparison.Ordinal)), atLeastOne: false);
            Assert.Equal(scope is null ? findings.Length - 1 : 0, left.Length);
        }
    }

    // The same source once more, where its types do not meet those of the first.
    private static string Second(string source) => "namespace Second\n{\n" + source + "\n}\n";

    private static Document Open(AdhocWorkspace workspace, string source, Knows knows, bool isTwice = false, bool isInTwoProjects = false)
    {
        var document = Open(workspace.AddProject("Test", LanguageNames.CSharp), source, knows);
        if (isTwice)
        {
            document = document.Project.AddDocument("Second.cs", SourceText.From(Second(source), Encoding.UTF8), filePath: "Second.cs").Project.GetDocument(document.Id)!;
        }

        if (isInTwoProjects)
        {
            var other = document.Project.Solution.AddProject("Other", "Other", LanguageNames.CSharp);
            document = Open(other, source, knows).Project.Solution.GetDocument(document.Id)!;
        }

        return document;
    }

    private static Document Open(Project project, string source, Knows knows)
    {
        project = project
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
        var findings = await AnalyzerVerifier.RunOnWhatCompiles(compilation!, new RealtimeAnalyzer([new TRule()]));
        Assert.True(!atLeastOne || !findings.IsEmpty, "the rule reports nothing, so there is nothing to fix");
        return [.. findings.OrderBy(finding => finding.Location.SourceTree!.FilePath == TestProject.FileName ? 0 : 1).ThenBy(finding => finding.Location.SourceSpan.Start)];
    }

    private static async Task<List<CodeAction>> OffersOf<TFix>(Document document, Diagnostic finding)
        where TFix : CodeFixProvider, new()
    {
        var offers = new List<CodeAction>();
        await new TFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, finding, (action, _) => offers.Add(action), TestContext.Current.CancellationToken));
        return offers;
    }

    private sealed class FindingsIn<TRule> : FixAllContext.DiagnosticProvider
        where TRule : Rule, new()
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await AnalyzerVerifier.Run((await project.GetCompilationAsync(cancellationToken))!, new RealtimeAnalyzer([new TRule()]));

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await GetAllDiagnosticsAsync(document.Project, cancellationToken)).Where(finding => finding.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
