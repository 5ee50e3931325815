using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests.Inputs;

/// <summary>A body is looked at up to <see cref="SharedWalk.LongestBody"/> characters and <see cref="SharedWalk.MostOperations"/> operations; beyond either the rules are silent about it, and about no other.</summary>
public class HugeBodyTests
{
    private const string Wire = "using Realtime.Protocol; static class Wire { [Sequenced] public static void Write(int i) { } }\n";
    private const string Neighbour = " static void Neighbour() { Wire.{|RT1001:Write|}(2); }";

    [Fact]
    public void Budget_IsWhatThePageSays()
    {
        var page = File.ReadAllText(RepositoryFolder.PathOf("analyzers", "README.md"));

        Assert.Contains(SharedWalk.LongestBody.ToString("N0", CultureInfo.InvariantCulture) + " characters", page, StringComparison.Ordinal);
        Assert.Contains(SharedWalk.MostOperations.ToString("N0", CultureInfo.InvariantCulture) + " operations", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public Task LongBody_IsLookedAtUpToItsLastCharacter(int beyond, bool isSeen)
    {
        const string Head = "static void Huge() { ";
        const string Call = "Wire.Write(1); }";
        var padding = $"/*{new string('-', SharedWalk.LongestBody + beyond - Head.Length - Call.Length - 4)}*/";

        return AllRules.Verify($"{Wire}static class Caller {{ {Head}{padding}{(isSeen ? Marked(Call) : Call)}{Neighbour} }}");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task FullBody_IsLookedAtUpToItsLastOperation(int beyond, bool isSeen)
    {
        // An empty statement is one operation.
        var others = OperationsIn(Full(0, ""));
        var source = Full(SharedWalk.MostOperations - others + beyond, isSeen ? "RT1001" : "");
        Assert.Equal(SharedWalk.MostOperations + beyond, OperationsIn(source));

        await AllRules.Verify(source);
    }

    // Every condition doubles the number of ways through a body. Whether something is found depends on how far they were followed. Fifty at least: who followed each way would be done with twenty in seconds.
    [Fact]
    public async Task BodyOfManyBranches_IsFollowedToAnEnd()
    {
        var source = new StringBuilder(Rules.RT3001BorrowedValueAfterItsTimeTests.Lender + "class Caller { void Talk(Reader reader, bool[] b) { var text = reader.Next(); ");
        for (var i = 0; i < Math.Max(50, Thoroughness.Of(500)); i++)
        {
            source.Append(CultureInfo.InvariantCulture, $"if (b[{i}]) {{ reader.MoveNext(); }} else {{ for (var j = 0; b[j]; j++) text = reader.Next(); }} ");
        }

        source.Append("System.Console.WriteLine(text.Span.Length); } }");
        var compilation = TestProject.Compile(source.ToString());

        var found = await AnalyzerVerifier.RunOnWhatCompiles(compilation, new RealtimeAnalyzer());

        Assert.DoesNotContain(found, static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private static string Marked(string call) => call.Replace("Write", "{|RT1001:Write|}", StringComparison.Ordinal);

    private static string Full(int statements, string marked) =>
        $"{Wire}static class Caller {{ static void Huge() {{ {new string(';', statements)}{(marked.Length > 0 ? Marked("Wire.Write(1);") : "Wire.Write(1);")} }}{Neighbour} }}";

    private static int OperationsIn(string markup)
    {
        var tree = TestProject.Parse(Markup.Parse(markup).Code, TestProject.FileName);
        var compilation = TestProject.Compile("").AddSyntaxTrees(tree);
        var huge = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single(static method => method.Identifier.ValueText == "Huge");
        return BodySyntax.RootOf(compilation.GetSemanticModel(tree), huge, TestContext.Current.CancellationToken)!.DescendantsAndSelf().Count();
    }
}
