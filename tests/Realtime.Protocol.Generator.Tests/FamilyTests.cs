using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>What a project says of its families in the metadata of its items is as foreign as the schema, and breaks the generator as little.</summary>
public class FamilyTests
{
    private const string Ping = """{ "x-number": 1, "properties": { "type": { "const": "ping" }, "who": { "$ref": "../objects/who.json" } }, "required": ["type"] }""";

    private const string Who = """{ "properties": { "name": { "type": "string" } } }""";

    [Fact]
    public void ASecondNamespaceInOneFamily_IsReportedAndOnlyTheFirstIsGenerated()
    {
        GeneratorRun run = TwoFamilies(("Shapes", "First"), ("Shapes", "Second"));
        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal("RT9008", problem.Id);
        Assert.Equal("/schemas/solids/objects/who.json", problem.Location.GetLineSpan().Path);
        Assert.Equal("The family Shapes is in the namespace First according to 'planes/objects/who' and in Second according to 'solids/objects/who'; a family has one RealtimeNamespace, and another namespace is another family", problem.GetMessage(null));
        Assert.Contains("namespace First;", run.Output("Shapes.ServerEvent.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Result.GeneratedSources, static source => source.SourceText.ToString().Contains("Second", StringComparison.Ordinal));
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void TheRefusedNamespace_TakesNoTypeFromTheOther()
    {
        var run = new GeneratorRun(
            static path => ("Shapes", path.Contains("/b/", StringComparison.Ordinal) ? "Second" : "First"),
            ("a/server/ping", Ping),
            ("b/objects/who", Who),
            ("a/objects/who", Who));
        Assert.Equal(["RT9008"], run.Problems.Select(static problem => problem.Id));
        Assert.Contains("Shapes.Who.g.cs", run.OutputNames);
    }

    [Fact]
    public void FamiliesThatDifferInCaseOnly_AreReported() =>
        Assert.Equal("RT9008", Assert.Single(TwoFamilies(("Shapes", "First"), ("SHAPES", "Second")).Problems).Id);

    public static TheoryData<string> NoNames => ["1abc", "a..b", ".a", "a.", "a.1", "class", "a.namespace", "nameof", " ", "a b", "a-b", "A|B", "@a", "a;b", "Events; class C {", "a\nb", "a<b>", "a\u0301", "a\u200D"];

    [Theory]
    [MemberData(nameof(NoNames))]
    public void AFamilyThatIsNoName_IsReportedAndNotGenerated(string family) => AssertRefused((family, "Events"), $"The RealtimeFamily '{family}' is not a C# name: letters, digits and _, no digit first, no keyword, parts put together with dots");

    [Theory]
    [MemberData(nameof(NoNames))]
    public void ANamespaceThatIsNoName_IsReportedAndNotGenerated(string ns) => AssertRefused(("Shapes", ns), $"The RealtimeNamespace '{ns}' is not a C# namespace: letters, digits and _, no digit first, no keyword, parts put together with dots");

    [Theory]
    [InlineData("System")]
    [InlineData("Realtime.Protocol")]
    public void ANamespaceOfWhatGeneratedCodeStandsOn_IsReported(string ns) => AssertRefused(("Shapes", ns), $"The RealtimeNamespace '{ns}' holds what generated code stands on; give the family a namespace of its own");

    [Fact]
    public void ANamespaceWithoutAFamily_IsReported() => AssertRefused(("", "Shapes"), "A RealtimeNamespace, 'Shapes', without a RealtimeFamily; say both of a schema file");

    [Fact]
    public void AFileWithNeither_IsNoSchema()
    {
        var run = new GeneratorRun(static _ => ("", ""), ("a/server/ping", "this is no JSON"));

        Assert.Empty(run.Problems);
        Assert.Empty(run.OutputNames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("var")]
    [InlineData("record")]
    [InlineData("global")]
    [InlineData("field")]
    [InlineData("Küche")]
    [InlineData("_1")]
    [InlineData("Ping")]
    [InlineData("Realtime")]
    [InlineData("Acme.Realtime.Events")]
    [InlineData("Acme.System.Text")]
    [InlineData("System.Shapes")]
    public void AnyOtherNamespace_Compiles(string ns)
    {
        var run = new GeneratorRun(_ => ("Shapes", ns), ("a/server/ping", Ping), ("a/objects/who", Who));

        Assert.Empty(run.Problems);
        Assert.Contains($"namespace {(ns.Length == 0 ? "Shapes" : ns)};", run.Output("Shapes.ServerEvent.g.cs"), StringComparison.Ordinal);
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void TwoFamiliesWithTheirOwnNamespaces_AreFine()
    {
        GeneratorRun run = TwoFamilies(("Planes", "First"), ("Solids", "Second"));
        Assert.Empty(run.Problems);
        Assert.Empty(run.CompilerProblems());
        Assert.Contains("Planes.ServerEvent.g.cs", run.OutputNames);
        Assert.Contains("Solids.ServerEvent.g.cs", run.OutputNames);
    }

    [Fact]
    public void TypesThatDifferInCaseOnly_AreReported()
    {
        var run = new GeneratorRun(("geometry/objects/who", Who), ("geometry/objects/wHO", Who));
        Assert.Equal("RT9005", Assert.Single(run.Problems).Id);
    }

    private static void AssertRefused((string, string) family, string expected)
    {
        var run = new GeneratorRun(_ => family, ("a/server/ping", Ping), ("a/objects/who", Who));

        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal(("RT9008", "/schemas/a/objects/who.json", expected), (problem.Id, problem.Location.GetLineSpan().Path, problem.GetMessage(null)));
        Assert.Empty(run.OutputNames);
    }

    private static GeneratorRun TwoFamilies((string, string) planes, (string, string) solids) => new(
        path => path.StartsWith("/schemas/planes/", StringComparison.Ordinal) ? planes : solids,
        ("planes/server/ping", Ping),
        ("planes/objects/who", Who),
        ("solids/server/ping", Ping),
        ("solids/objects/who", Who));
}
