namespace Realtime.Protocol.Generator.Tests;

/// <summary>Schemas that are JSON and say something odd: of each it is said at its place, or it works; and either way what is generated compiles.</summary>
public class ForeignShapeTests
{
    private const string Place = "/schemas/geometry/objects/a.json";

    /// <summary>What an object's file says, with a mark where the first problem is reported, or none.</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        // Of itself
        { "", """{ "properties": { "next": { "$ref": "../objects/a.json" } } }""" },
        { "", """{ "properties": { "next": { "$ref": "../objects/a.json" } }, "required": ["next"] }""" },
        { "", """{ "properties": { "next": { "oneOf": [{ "$ref": "../objects/a.json" }, { "type": "null" }] } } }""" },
        { "", """{ "properties": { "next": { "type": "array", "items": { "$ref": "../objects/a.json" } } } }""" },
        { "", """{ "properties": { "next": { "$ref": "../objects/user.json" } }, "required": ["next"] }""" },
        { "RT9003", """{ "$ref": ▸"../objects/a.json" }""" },
        { "RT9003", """{ "$ref": ▸"../objects/other_name.json" }""" },
        { "RT9003", """{ "type": "array", "items": { "$ref": ▸"../objects/a.json" } }""" },
        { "RT9002", """{ "oneOf": [{ "$ref": ▸"../objects/a.json" }, { "type": "string" }] }""" },
        { "RT9002", """{ "oneOf": [{ "$ref": ▸"../objects/a.json" }] }""" },

        // Of nothing
        { "RT9002", """{ "oneOf": ▸[] }""" },
        { "RT9002", """{ "enum": ▸[] }""" },
        { "RT9002", """{ "enum": ▸{ } }""" },
        { "RT9002", """{ "properties": ▸[] }""" },
        { "RT9002", """{ "properties": { }, "required": ▸"all" }""" },
        { "RT9002", "▸{ }" },
        { "", """{ "properties": { } }""" },
        { "", """{ "properties": { "": { "type": "string" } } }""" },

        // Of what is no alternative, or has another one's name
        { "RT9003", """{ "oneOf": [{ "$ref": "../objects/x-y.json" }, { "$ref": ▸"../objects/nowhere.json" }] }""" },
        { "RT9005", """{ "oneOf": [{ "$ref": "../objects/x-y.json" }, { "$ref": ▸"../objects/x_y.json" }] }""" },
        { "RT9005", """{ "oneOf": [{ "$ref": "../objects/x-y.json" }, { "$ref": ▸"../objects/unknown.json" }] }""" },
        { "RT9005", """{ "oneOf": [{ "$ref": "../objects/x-y.json" }, { "$ref": ▸"../objects/words.json" }, { "type": "string" }] }""" },

        // By names of what every type has
        { "RT9005", """{ "properties": { ▸"to_string": { "type": "string" } } }""" },
        { "RT9005", """{ "properties": { ▸"get_type": { "type": "string" } } }""" },
        { "RT9005", """{ "properties": { ▸"slots": { "type": "string" } } }""" },
        { "RT9005", """{ "properties": { ▸"json": { "type": "string" } } }""" },
        { "", """{ "properties": { "class": { "type": "string" }, "value": { "type": "string" }, "field": { "type": "string" }, "output": { "type": "string" }, "text": { "type": "string" } } }""" },
        { "", """{ "properties": { "x\u2028y": { "type": "string" }, "x\u0000": { "type": "string", "enum": ["a\u0000"] }, "1": { "type": "string" } } }""" },
        { "RT9005", """{ "properties": { "é": { "type": "string" }, ▸"日本": { "type": "string" } } }""" },
        { "RT9002", $$$"""{ "properties": { ▸"{{{new string('n', 201)}}}": { "type": "string" } } }""" },
        { "RT9002", $$$"""{ "enum": [▸"{{{new string('v', 201)}}}"] }""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AShape_WorksOrIsReportedAtItsPlace(string id, string marked)
    {
        int position = marked.IndexOf('▸', StringComparison.Ordinal);
        GeneratorRun run = Run(marked.Replace("▸", "", StringComparison.Ordinal));
        string?[] said = [.. run.Problems.Where(static problem => problem.Location.GetLineSpan().Path == Place).Select(static problem => $"{problem.Id} at {problem.Location.GetLineSpan().StartLinePosition.Character}")];

        Assert.Equal(id.Length == 0 ? [] : [$"{id} at {position}"], said);
        Assert.Equal(id.Length == 0, !run.Problems.Any());
        Assert.Empty(run.Breaks());
    }

    [Theory]
    [InlineData("""{ "type": "number" }""")]
    [InlineData("""{ "type": "object", "additionalProperties": { "type": "string" } }""")]
    [InlineData("""{ "type": "array", "items": { "type": "string" } }""")]
    [InlineData("""{ "type": "string", "contentEncoding": "base64" }""")]
    public void AShapeThatAnArrayCannotHold_IsReportedWhereTheArrayIs(string json)
    {
        GeneratorRun run = Run(json, ("geometry/objects/list", """{ "properties": { "items": { "type": "array", "items": { "$ref": "../objects/a.json" } } } }"""));

        Assert.Contains(run.Problems, static problem => problem.Id == "RT9002" && problem.Location.GetLineSpan().Path == "/schemas/geometry/objects/list.json");
        Assert.Empty(run.Breaks());
    }

    [Fact]
    public void AListUnderAName_HoldsWhatItsReferenceLeadsTo()
    {
        GeneratorRun run = Run("""{ "type": "array", "items": { "$ref": "../objects/other_name_of_words.json" } }""", ("geometry/objects/other_name_of_words", """{ "$ref": "../objects/words.json" }"""));

        Assert.Empty(run.Problems);
        Assert.Contains("FieldList<Words>", run.Output("Foreign.Say.g.cs"), StringComparison.Ordinal);
        Assert.Empty(run.Breaks());
    }

    [Fact]
    public void TwoEventsOfOneName_BreakNoCode()
    {
        var run = new GeneratorRun(
            ("geometry/client/bell", """{ "x-number": 1, "properties": { "type": { "const": "bell" } }, "required": ["type"] }"""),
            ("geometry/server/bell", """{ "x-number": 1, "properties": { "type": { "const": "bell" } }, "required": ["type"] }"""));

        Assert.Equal("RT9005", Assert.Single(run.Problems).Id);
        Assert.Empty(run.Breaks());
    }

    [Fact]
    public void TwoEventsOfOneNumber_BreakNoCode()
    {
        var run = new GeneratorRun(
            ("geometry/server/bell", """{ "x-number": 1, "properties": { "type": { "const": "bell" } }, "required": ["type"] }"""),
            ("geometry/server/call", """{ "x-number": 1, "properties": { "type": { "const": "call" } }, "required": ["type"] }"""));

        Assert.Equal("RT9004", Assert.Single(run.Problems).Id);
        Assert.Empty(run.Breaks());
    }

    /// <summary>The shape, among others that refer to it in every way that they may.</summary>
    private static GeneratorRun Run(string json, params (string, string)[] more) => new(
        [
            ("geometry/objects/a", json),
            ("geometry/objects/user", """{ "properties": { "a": { "$ref": "../objects/a.json" } }, "required": ["a"] }"""),
            ("geometry/objects/other_name", """{ "$ref": "../objects/a.json" }"""),
            ("geometry/objects/x-y", Tagged("x-y")),
            ("geometry/objects/x_y", Tagged("x_y").Replace("{ \"prop", "{ \"x-name\": \"Another\", \"prop", StringComparison.Ordinal)),
            ("geometry/objects/unknown", Tagged("unknown")),
            ("geometry/objects/words", Tagged("text")),
            ("geometry/client/say", """{ "x-number": 1, "properties": { "type": { "const": "say" }, "b": { "$ref": "../objects/a.json" }, "c": { "$ref": "../objects/other_name.json" } }, "required": ["type"] }"""),
            ("geometry/server/said", """{ "x-number": 1, "properties": { "type": { "const": "said" }, "b": { "$ref": "../objects/a.json" }, "c": { "$ref": "../objects/other_name.json" } }, "required": ["type", "b", "c"] }"""),
            .. more,
        ]);

    private static string Tagged(string type) => $$"""{ "properties": { "type": { "const": "{{type}}" } }, "required": ["type"] }""";
}
