using System.Text.Json;
using Json.Schema;
using Realtime.Protocol.Testing.Scenarios;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>The schema of scenario files, as a stranger reads it: what an editor is told and what the reader says are the same.</summary>
public class SchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Scenario.JsonSchema);

    public static TheoryData<string> Names => [.. Examples.Names];

    public static TheoryData<string, string, bool> Broken => BrokenScenarioTests.Files;

    /// <summary>Whether a file fits the schema, and where it does not.</summary>
    public static (bool Fits, string Why) Fit(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip });
        EvaluationResults results = Schema.Evaluate(document.RootElement, new() { OutputFormat = OutputFormat.List });
        return (results.IsValid, string.Join('\n', (results.Details ?? []).Where(static detail => detail.Errors is not null).Select(static detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")));
    }

    [Fact]
    public void TheShippedFile_IsTheSchema()
    {
        if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
        {
            File.WriteAllText(Examples.SchemaFile, Scenario.JsonSchema);
        }

        Assert.Equal(Scenario.JsonSchema, File.ReadAllText(Examples.SchemaFile));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryExample_Fits(string name)
    {
        (bool fits, string why) = Fit(File.ReadAllText(Examples.PathOf(name)));
        Assert.True(fits, why);

        (fits, why) = Fit(Scenario.Load(Examples.PathOf(name)).ToJson());
        Assert.True(fits, why);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void WhatIsBroken_IsToldByTheSchema_WhereASchemaCanTell(string json, string line, bool schemaTells)
    {
        try
        {
            Assert.True(schemaTells != Fit(json.TrimStart('\uFEFF')).Fits, line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            Assert.False(schemaTells, line);
        }
    }
}
