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

    [Theory]
    [InlineData("A|B", "Events")]
    [InlineData("class", "Events")]
    [InlineData("Shapes", "Events..More")]
    [InlineData("Shapes", "Events; class C {")]
    public void AFamilyThatIsNoName_IsReportedAndNotGenerated(string family, string ns)
    {
        var run = new GeneratorRun(_ => (family, ns), ("a/server/ping", Ping), ("a/objects/who", Who));
        Assert.Equal("RT9008", Assert.Single(run.Problems).Id);
        Assert.Empty(run.OutputNames);
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

    private static GeneratorRun TwoFamilies((string, string) planes, (string, string) solids) => new(
        path => path.StartsWith("/schemas/planes/", StringComparison.Ordinal) ? planes : solids,
        ("planes/server/ping", Ping),
        ("planes/objects/who", Who),
        ("solids/server/ping", Ping),
        ("solids/objects/who", Who));
}
