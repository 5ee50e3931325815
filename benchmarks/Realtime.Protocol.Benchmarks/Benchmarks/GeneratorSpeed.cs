using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Generation;

namespace Realtime.Protocol.Benchmarks;

/// <summary>
/// What the generator adds to a build of the core project, and to the editor after one event was edited. Compiling the
/// same project is the yardstick: nobody notices a generator that costs little beside it.
/// </summary>
[MemoryDiagnoser, MinColumn]
public class GeneratorSpeed : CheckedBenchmark
{
    private const string EditedEvent = "realtime/server/response.output_text.done";
    private const string Addition = "Edited. ";

    private CoreProject _core = null!;
    private GeneratorDriver _generated = null!;
    private ImmutableArray<SourceText> _generatedTexts;
    private SchemaFile _before = null!;
    private SchemaFile _after = null!;

    public override void Prepare()
    {
        _core = CoreProject.Load();
        _generated = _core.NewDriver().RunGenerators(_core.HandWritten);
        _generatedTexts = [.. Texts(_generated).Values];
        _before = _core.Schema.Single(file => file.Key == EditedEvent);
        _after = new SchemaFile(EditedEvent, _before.Json.Replace("\"description\": \"", "\"description\": \"" + Addition, StringComparison.Ordinal));
    }

    [Benchmark(Baseline = true)]
    public EmitResult Compile() => _core.Build(_generatedTexts);

    [Benchmark]
    public GeneratorDriver GenerateEverything() => _core.NewDriver().RunGenerators(_core.HandWritten);

    // A driver never changes: each call starts from the one that has generated everything before the edit.
    [Benchmark]
    public GeneratorDriver RegenerateOneEvent() => _generated.ReplaceAdditionalText(_before, _after).RunGenerators(_core.HandWritten);

    public override IEnumerable<AnswerCheck> Checks() =>
    [
        new(nameof(Compile), () => Compile() is { Success: false } failed
            ? $"it does not compile: {failed.Diagnostics.First(problem => problem.Severity == DiagnosticSeverity.Error)}"
            : null),
        new(nameof(GenerateEverything), () => MissingFrom(GenerateEverything())),
        new(nameof(RegenerateOneEvent), () => EditFault(RegenerateOneEvent())),
    ];

    private string? MissingFrom(GeneratorDriver driver)
    {
        if (Problem(driver) is { } problem)
        {
            return problem;
        }

        string all = string.Concat(Texts(driver).Values);
        return _core.Schema.FirstOrDefault(file => !all.Contains($"\n// From schema/{file.Key}.json.", StringComparison.Ordinal)) is { } forgotten
            ? $"nothing was generated from {forgotten.Key}.json"
            : null;
    }

    private string? EditFault(GeneratorDriver driver)
    {
        if (Problem(driver) is { } problem)
        {
            return problem;
        }

        Dictionary<string, SourceText> before = Texts(_generated);
        Dictionary<string, SourceText> after = Texts(driver);
        string[] changed = [.. after.Where(file => !before.TryGetValue(file.Key, out SourceText? text) || !text.ContentEquals(file.Value)).Select(file => file.Key).Order(StringComparer.Ordinal)];
        const string own = "Realtime.ResponseOutputTextDone.g.cs";
        return after.Count != before.Count ? $"{before.Count} files became {after.Count}"
            : !changed.Contains(own) ? $"{own} did not change"
            : !after[own].ToString().Contains(Addition, StringComparison.Ordinal) ? $"{own} does not say what the schema says now"
            : null;
    }

    private static string? Problem(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        return result.Exception?.Message ?? result.Diagnostics.FirstOrDefault()?.ToString();
    }

    private static Dictionary<string, SourceText> Texts(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText);
}
