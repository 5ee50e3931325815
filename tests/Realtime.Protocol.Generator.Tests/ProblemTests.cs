using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>What is wrong with a schema is said at its place in the JSON, and never by an exception.</summary>
public class ProblemTests
{
    private const string Valid = """{ "x-number": 1, "properties": { "type": { "const": "a" } }, "required": ["type"] }""";

    public static TheoryData<string, string, string> Faults => new()
    {
        { "RT9001", "▸", "" },
        { "RT9001", """{ "x-number": 1, ▸}""", "" },
        { "RT9001", """{ "x-number": 0▸1 }""", "" },
        { "RT9001", """{ ▸"x": 1, "x": 2 }""", "second name" },
        { "RT9001", "{ \"x\": \"▸\n\" }", "" },
        { "RT9001", """{ "x": "▸\q" }""", "" },
        { "RT9001", """[1, 2▸""", "" },
        { "RT9002", "▸[1]", "" },
        { "RT9002", "▸{ }", "" },
        { "RT9002", """{ "properties": { "type": { "const": ▸7 } } }""", "" },
        { "RT9002", """{ "properties": { "type": { "const": ▸"a" } } }""", "" },
        { "RT9002", """{ "x-number": ▸0, "properties": { "type": { "const": "a" } } }""", "" },
        { "RT9002", """{ "x-number": ▸"1", "properties": { "type": { "const": "a" } } }""", "" },
        { "RT9002", """{ "x-number": 1, ▸"allOf": [], "properties": { "type": { "const": "a" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": ▸true } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": ▸{ } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "type": ▸"tuple" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": ▸{ "type": "object" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": ▸{ "type": "array" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "type": "array", "items": ▸{ "type": "boolean" } } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "type": "string", "contentEncoding": ▸"base32" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "$ref": ▸"#/$defs/b" } } }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" } }, "required": [▸"b"] }""", "" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": ▸{ "type": "string", "contentEncoding": "base64" } } }""", "optional audio" },
        { "RT9002", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "oneOf": [{ "type": "string" }, ▸{ "type": "integer" }] } } }""", "" },
        { "RT9003", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "$ref": ▸"../objects/nowhere.json" } } }""", "" },
        { "RT9005", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b_c": { "type": "string" }, ▸"b.c": { "type": "string" } } }""", "" },
        { "RT9005", """{ "x-number": 1, "properties": { "type": { "const": "a" }, ▸"a": { "type": "string" } } }""", "" },
        { "RT9005", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "type": "string", "enum": ["x y", ▸"x-y"] } } }""", "" },
        { "RT9006", """{ "x-number": 1, "properties": { "type": { "const": ▸"b" } } }""", "" },
        { "RT9007", """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "type": "string", "description": ▸"Base64 of something." } } }""", "" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_IsReportedAtItsPlace(string id, string marked, string remark)
    {
        _ = remark;
        int position = marked.IndexOf('▸', StringComparison.Ordinal);
        string json = marked.Remove(position, 1);
        Diagnostic problem = Assert.Single(new GeneratorRun(("geometry/server/a", json)).Problems);
        Assert.Equal(id, problem.Id);
        Assert.Equal(DiagnosticSeverity.Error, problem.Severity);
        FileLinePositionSpan place = problem.Location.GetLineSpan();
        Assert.Equal("/schemas/geometry/server/a.json", place.Path);
        int expected = id == "RT9001" && json.StartsWith("{ \"x\": 1", StringComparison.Ordinal) ? json.LastIndexOf("\"x\"", StringComparison.Ordinal) : position;
        Assert.Equal(Line(json, expected), (place.StartLinePosition.Line, place.StartLinePosition.Character));
    }

    [Fact]
    public void TwoEventsWithOneNumber_AreReported()
    {
        var run = new GeneratorRun(("geometry/server/a", Valid), ("geometry/server/b", Valid.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)));
        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal("RT9004", problem.Id);
        Assert.EndsWith("b.json", problem.Location.GetLineSpan().Path, StringComparison.Ordinal);
    }

    [Fact]
    public void OneNumberInBothDirections_IsFine() =>
        Assert.Empty(new GeneratorRun(("geometry/server/a", Valid), ("geometry/client/b", Valid.Replace("\"a\"", "\"b\"", StringComparison.Ordinal))).Problems);

    [Fact]
    public void AReferenceToAnotherFamily_IsReportedAtItsPlaceAndBreaksNoCode()
    {
        const string json = """{ "x-number": 1, "properties": { "type": { "const": "a" }, "b": { "$ref": "../../translation/objects/b.json" } } }""";
        var run = new GeneratorRun(("geometry/server/a", json), ("translation/objects/b", """{ "properties": { "x": { "type": "string" } } }"""));
        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal("RT9003", problem.Id);
        Assert.Contains("belongs to the family Translation, this file to Foreign", problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        FileLinePositionSpan place = problem.Location.GetLineSpan();
        Assert.Equal("/schemas/geometry/server/a.json", place.Path);
        Assert.Equal(json.IndexOf("\"../../", StringComparison.Ordinal), place.StartLinePosition.Character);
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void TwoAlternativesWithOneType_AreReported()
    {
        const string circle = """{ "properties": { "type": { "const": "circle" } }, "required": ["type"] }""";
        var run = new GeneratorRun(
            ("geometry/objects/shape", """{ "oneOf": [{ "$ref": "../objects/circle.json" }, { "$ref": "../objects/ring.json" }] }"""),
            ("geometry/objects/circle", circle),
            ("geometry/objects/ring", circle));
        Assert.Equal("RT9004", Assert.Single(run.Problems).Id);
    }

    [Fact]
    public void TwoFilesThatMakeOneType_AreReported()
    {
        var run = new GeneratorRun(("geometry/objects/a_b", """{ "properties": { "x": { "type": "string" } } }"""), ("geometry/objects/a.b", """{ "properties": { "x": { "type": "string" } } }"""));
        Assert.Equal("RT9005", Assert.Single(run.Problems).Id);
    }

    [Fact]
    public void ATypeNamedAsTheGeneratorNamesItsOwn_IsReported()
    {
        var run = new GeneratorRun(("geometry/server/a", Valid), ("geometry/objects/server_event", """{ "properties": { "x": { "type": "string" } } }"""));
        Assert.Equal("RT9005", Assert.Single(run.Problems).Id);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("read_only_span")]
    [InlineData("wire")]
    [InlineData("list")]
    public void ATypeNamedAsWhatGeneratedCodeStandsOn_IsReported(string name)
    {
        var run = new GeneratorRun(("geometry/server/a", Valid), ($"geometry/objects/{name}", """{ "properties": { "x": { "type": "string" } } }"""));
        Assert.Equal("RT9005", Assert.Single(run.Problems).Id);
        Assert.Empty(run.CompilerProblems());
    }

    /// <summary>Every prefix of real files, and files with one byte changed: a diagnostic or code, never an exception.</summary>
    [Fact]
    public void MalformedSchemas_NeverMakeTheGeneratorThrow()
    {
        var random = new Random(20_260_801);
        (string Key, string Json)[] files = [.. Schemas.Real.Where(static file => file.Key.EndsWith("session", StringComparison.Ordinal) || file.Key.EndsWith("item", StringComparison.Ordinal) || file.Key.EndsWith("response.create", StringComparison.Ordinal) || file.Key.EndsWith("error", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        foreach ((string key, string json) in files)
        {
            var run = new GeneratorRun((key, json));
            for (int i = 0; i < 60; i++)
            {
                string broken = random.Next(2) == 0
                    ? json[..random.Next(json.Length)]
                    : json.Remove(random.Next(json.Length), 1).Insert(random.Next(json.Length), "{}[]\",:x0 "[random.Next(10)].ToString());
                run.Edit(key, broken);
            }
        }
    }

    private static (int Line, int Column) Line(string text, int position) =>
        (text[..position].Count(static character => character == '\n'), position - (text[..position].LastIndexOf('\n') + 1));
}
