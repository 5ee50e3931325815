namespace Realtime.Protocol.Generator.Tests;

/// <summary>An editor says of a schema file what the build will say: the meta-schema takes what is there, and no union that the generator refuses.</summary>
public class MetaSchemaTests
{
    private static readonly string[] Alternatives =
    [
        """{ "type": "null" }""",
        """{ "type": "string" }""",
        """{ "type": "string", "enum": ["auto"] }""",
        """{ "type": "integer" }""",
        """{ "type": "number" }""",
        """{ "type": "boolean" }""",
        """{ "const": "inf" }""",
        """{ "$ref": "../objects/circle.json" }""",
        """{ "$ref": "../objects/square.json" }""",
        """{ "type": "array", "items": { "type": "string" } }""",
        """{ "type": "object", "properties": { "x": { "type": "string" } }, "required": ["x"] }""",
        """{ "type": "object", "additionalProperties": { "type": "string" } }""",
        """{ "type": "string", "contentEncoding": "base64", "contentMediaType": "audio/*" }""",
        """{ "x-open": true }""",
    ];

    public static TheoryData<string> RealFiles => [.. Schemas.Real.Select(static file => file.Key)];

    [Theory]
    [MemberData(nameof(RealFiles))]
    public void EveryFileOfTheSchema_IsAccepted(string key) =>
        Assert.True(MetaSchema.Accepts(key.Split('/')[1], Schemas.Real.Single(file => file.Key == key).Json));

    [Fact]
    public void EveryUnionOfTwoOrThree_IsAcceptedOnlyIfTheGeneratorReadsIt()
    {
        var run = new GeneratorRun(
            ("geometry/server/a", Event("")),
            ("geometry/objects/circle", """{ "properties": { "type": { "const": "circle" } }, "required": ["type"] }"""),
            ("geometry/objects/square", """{ "properties": { "type": { "const": "square" } }, "required": ["type"] }"""));
        int accepted = 0;
        foreach (string union in Unions())
        {
            string json = Event($$"""{ "oneOf": [{{union}}] }""");
            bool isRead = !run.Edit("geometry/server/a", json).Problems.Any();
            bool isAccepted = MetaSchema.Accepts("server", json);
            Assert.True(isRead || !isAccepted, $"The generator refuses and the meta-schema accepts {union}");

            // The generator takes a constant for an enumeration of one value; to people it would say "inf" where no number is.
            Assert.True(isAccepted || !isRead || union.Contains("const", StringComparison.Ordinal), $"The generator reads and the meta-schema refuses {union}");
            accepted += isAccepted ? 1 : 0;
        }

        Assert.True(accepted > 20, $"{accepted} unions were accepted");
    }

    [Theory]
    [InlineData("""{ "type": "string" }, { "type": "integer" }""", false)]
    [InlineData("""{ "$ref": "../objects/circle.json" }, { "type": "integer" }""", false)]
    [InlineData("""{ "$ref": "../objects/circle.json" }, { "type": "string" }, { "type": "string", "enum": ["auto"] }""", false)]
    [InlineData("""{ "$ref": "../objects/circle.json" }, { "$ref": "../objects/circle.json" }""", false)]
    [InlineData("""{ "$ref": "../objects/circle.json" }, { "type": "string" }""", true)]
    [InlineData("""{ "$ref": "../objects/circle.json" }, { "$ref": "../objects/square.json" }""", true)]
    public void AUnionOfItsOwnFile_IsJudgedLikeOneInPlace(string union, bool isAccepted) =>
        Assert.Equal(isAccepted, MetaSchema.Accepts("objects", $$"""{ "$schema": "../../object.schema.json", "description": "One of two.", "oneOf": [{{union}}] }"""));

    private static IEnumerable<string> Unions()
    {
        for (int first = 0; first < Alternatives.Length; first++)
        {
            for (int second = first + 1; second < Alternatives.Length; second++)
            {
                yield return $"{Alternatives[first]}, {Alternatives[second]}";
                for (int third = second + 1; third < Alternatives.Length; third++)
                {
                    yield return $"{Alternatives[first]}, {Alternatives[second]}, {Alternatives[third]}";
                }
            }
        }
    }

    private static string Event(string member) => $$"""
        {
          "$schema": "../../event.schema.json",
          "description": "Something.",
          "type": "object",
          "x-number": 1,
          "properties": { "type": { "const": "a" }, "event_id": { "type": "string" }{{(member.Length == 0 ? "" : $", \"b\": {{ \"type\": \"object\", \"properties\": {{ \"c\": {member} }}, \"required\": [\"c\"] }}")}} },
          "required": ["type"],
          "examples": [{ "type": "a" }, { "type": "a", "event_id": "e" }]
        }
        """;
}
