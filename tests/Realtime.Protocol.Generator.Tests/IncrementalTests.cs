using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>What an edit costs: nothing more than what it changes.</summary>
public class IncrementalTests
{
    [Fact]
    public void EditingCSharp_RunsNothingAgain()
    {
        var run = new GeneratorRun(Schemas.Foreign);
        run.EditCSharp("class Program { int _other; }");
        Assert.All(run.OutputReasons, static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.NotEmpty(run.OutputReasons);
    }

    [Fact]
    public void WhiteSpaceInASchema_ChangesNoOutput()
    {
        var run = new GeneratorRun(Schemas.Foreign);
        run.Edit("geometry/server/ping", "\n\n" + Schemas.Ping.Replace(": ", " :  ", StringComparison.Ordinal));
        Assert.All(run.OutputReasons, static reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
    }

    [Fact]
    public void EditingOneEvent_ChangesOneOutput()
    {
        var run = new GeneratorRun(Schemas.Real);
        string json = Schemas.Real.Single(static file => file.Key == "realtime/server/response.output_text.done").Json;
        run.Edit("realtime/server/response.output_text.done", json.Replace("\"description\": \"", "\"description\": \"Now: ", StringComparison.Ordinal));
        Assert.Single(ChangedTypes(run));
    }

    [Fact]
    public void EditingOneSharedObject_ChangesOneOutput()
    {
        var run = new GeneratorRun(Schemas.Foreign);
        run.Edit("geometry/objects/corner", """{ "type": "string", "enum": ["left", "right", "top"] }""");
        Assert.Single(ChangedTypes(run));
        Assert.Contains("Top = 3", run.Output("Foreign.Corner.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void DeletingASchemaFile_RemovesItsTypeAndItsKind()
    {
        var run = new GeneratorRun(Schemas.Foreign);
        Assert.Contains("Foreign.Ping.g.cs", run.OutputNames);
        run.Delete("geometry/server/ping");
        Assert.DoesNotContain("Foreign.Ping.g.cs", run.OutputNames);
        Assert.DoesNotContain("Ping", run.Output("Foreign.ServerEventKind.g.cs"), StringComparison.Ordinal);
        Assert.Empty(run.CompilerProblems());

        // Nothing is left of a direction whose last event goes.
        run.Delete("geometry/server/tone");
        Assert.DoesNotContain("Foreign.ServerEventKind.g.cs", run.OutputNames);
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void TwoRuns_GiveTheSameBytesInWhateverOrderTheFilesCome()
    {
        var first = new GeneratorRun(Schemas.Real);
        var second = new GeneratorRun([.. Schemas.Real.Reverse()]);
        Assert.Equal(
            first.Result.GeneratedSources.OrderBy(static source => source.HintName, StringComparer.Ordinal).Select(static source => source.HintName + source.SourceText),
            second.Result.GeneratedSources.OrderBy(static source => source.HintName, StringComparer.Ordinal).Select(static source => source.HintName + source.SourceText));
    }

    private static IEnumerable<IncrementalGeneratorRunStepOutput> ChangedTypes(GeneratorRun run) =>
        run.Result.TrackedSteps["Types"]
            .SelectMany(static step => step.Outputs)
            .Where(static output => output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged))
            .Select(static output => new IncrementalGeneratorRunStepOutput(output.Value, output.Reason));

    private sealed record IncrementalGeneratorRunStepOutput(object Value, IncrementalStepRunReason Reason);
}
