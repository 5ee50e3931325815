using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>What the rules cost. Held always: where nothing is mentioned, nothing is bound. Measured when asked: <c>REALTIME_RULE_COSTS=1</c>, on an idle machine.</summary>
public class RuleCostTests(ITestOutputHelper output)
{
    private const string Stranger = "using System.IO; class Audio { public byte[] Write(string input, Stream raw) { var t = System.Convert.ToBase64String(new byte[2]); raw.Write(System.Text.Encoding.UTF8.GetBytes(t)); return new byte[1]; } }";

    [Fact]
    public void CompilationThatKnowsNoLibrary_IsLeftAtOnce() => Assert.Null(World.Of(TestProject.Compile(Stranger, Knows.Nothing)));

    [Fact]
    public void CompilationThatMentionsNoLibrary_SpeaksOfNone()
    {
        var world = World.Of(TestProject.Compile(Stranger, Knows.Ours | Knows.Session | Knows.OpenAI))!;

        Assert.Equal(Apis.Library.None, world.Apis.Spoken);
        Assert.Null(world.RawAudio);
        Assert.Null(world.Sequenced);
    }

    [Fact]
    public async Task Costs_AreMeasured()
    {
        if (Environment.GetEnvironmentVariable("REALTIME_RULE_COSTS") != "1")
        {
            Assert.Skip("set REALTIME_RULE_COSTS=1 to measure");
        }

        const Knows Session = Knows.Ours | Knows.Session | Knows.ExtensionsAI;
        var strangers = Enumerable.Range(0, 1_040).Select(i => Enlarged(i)).ToList();
        await Measure($"knows no library, {strangers.Sum(Lines):N0} lines", strangers, Knows.Nothing, eachRule: false);
        await Measure($"references us and mentions nothing, {strangers.Sum(Lines):N0} lines", strangers, Session, eachRule: false);

        foreach (var project in new[] { "Realtime.Protocol.Transport", "Realtime.Protocol.Testing", "Realtime.Protocol.Hosting", "Realtime.Protocol.Gateway", "Realtime.Protocol.Tool" })
        {
            var files = Directory.EnumerateFiles(RepositoryFolder.PathOf("src/" + project), "*.cs", SearchOption.AllDirectories).Select(file => (file, File.ReadAllText(file))).ToList();
            await Measure($"{project}, {files.Sum(Lines):N0} lines", files, project.EndsWith("Transport", StringComparison.Ordinal) ? Knows.Ours | Knows.ExtensionsAI : Session, eachRule: true);
        }
    }

    private async Task Measure(string what, List<(string Name, string Text)> files, Knows knows, bool eachRule)
    {
        var rules = eachRule ? [Rule.All, .. Rule.All.Select(rule => (System.Collections.Immutable.ImmutableArray<Rule>)[rule])] : new[] { Rule.All };
        foreach (var chosen in rules)
        {
            var (analyzer, all) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < 3; round++)
            {
                var compilation = TestProject.Compile("", knows).AddSyntaxTrees(files.Select(file => TestProject.Parse(file.Text, file.Name)));
                var begun = Stopwatch.GetTimestamp();
                compilation.GetDiagnostics(TestContext.Current.CancellationToken);
                all = Math.Min(all, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);

                var tested = new RealtimeAnalyzer(chosen);
                var run = compilation.WithAnalyzers([tested], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true));
                await run.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
                var telemetry = await run.GetAnalyzerTelemetryInfoAsync(tested, TestContext.Current.CancellationToken);
                analyzer = Math.Min(analyzer, telemetry.ExecutionTime.TotalMilliseconds);
            }

            var ids = chosen.Length == Rule.All.Length ? "all rules" : string.Join('+', chosen[0].Descriptors.Select(descriptor => descriptor.Id).Distinct());
            output.WriteLine($"{what}: {ids} {analyzer:F1} ms, binding all of it {all:F0} ms");
        }
    }

    private static int Lines((string Name, string Text) file) => file.Text.AsSpan().Count('\n');

    // A hundred lines that use the words of the rules for other things.
    private static (string Name, string Text) Enlarged(int number)
    {
        var text = new StringBuilder($"using System; using System.IO; namespace Stranger{number};\nclass Audio\n{{\n");
        for (var i = 0; i < 16; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    public byte[] Write{i}(string input, Stream raw)\n    {{\n        var t = Convert.ToBase64String(new byte[{i}]);\n        raw.Write(System.Text.Encoding.UTF8.GetBytes(t));\n        return raw.Length > {i} ? new byte[1] : [];\n    }}\n");
        }

        return ($"Stranger{number}.cs", text.Append("}\n").ToString());
    }
}
