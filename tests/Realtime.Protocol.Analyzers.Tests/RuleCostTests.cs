using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Tests.Costs;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>What the rules cost. Held always: where nothing is mentioned, nothing is bound. Measured when asked: <c>REALTIME_RULE_COSTS=1</c>, after <c>dotnet build</c>.</summary>
/// <remarks>
/// Times are printed beside their goals and decide nothing. They are processor time of the one thread that compiles and analyzes, so that other work
/// on the machine is not in them. What decides are counts: no rule throws, and no body is bound that lacks the words of the rules that look at it.
/// <c>REALTIME_RULE_COSTS=3</c> takes the best of three. <c>REALTIME_RULE_COSTS_OF=Transport,Tool</c> measures the projects whose names end like that, for a first look.
/// </remarks>
public class RuleCostTests(ITestOutputHelper output)
{
    private const string Transport = "Realtime.Protocol.Transport";
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
        if (!int.TryParse(Environment.GetEnvironmentVariable("REALTIME_RULE_COSTS"), CultureInfo.InvariantCulture, out var rounds) || rounds < 1)
        {
            Assert.Skip("set REALTIME_RULE_COSTS=1 to measure");
        }

        var projects = BuiltProject.In("src", "generators", "analyzers", "tests", "benchmarks").ToList();
        foreach (var (name, _) in projects.Where(static found => found.Project is null))
        {
            output.WriteLine($"not measured, because it was not built: {name}");
        }

        if (Environment.GetEnvironmentVariable("REALTIME_RULE_COSTS_OF") is { Length: > 0 } some)
        {
            projects.RemoveAll(found => found.Name != Transport && !some.Split(',').Any(ending => found.Name.EndsWith(ending, StringComparison.Ordinal)));
        }

        // Once for nothing: what runs first pays for its own compilation.
        var transport = projects.Single(static found => found.Name == Transport).Project;
        Assert.True(transport is not null, "nothing was built: dotnet build");
        await Measure(transport, rounds: 1);

        await MeasureStrangers("knows no library", Knows.Nothing, goal: 10);
        await MeasureStrangers("references us and mentions nothing", Knows.Ours | Knows.Session | Knows.ExtensionsAI, goal: 200);

        var all = new Spent(0, new Dictionary<string, long>(), new Dictionary<string, int>());
        var ofTransport = all;
        foreach (var project in projects.Select(static found => found.Project).OfType<BuiltProject>())
        {
            if (await Measure(project, rounds) is not var (spent, costs))
            {
                output.WriteLine($"not measured, because it does not compile as it was built: {project.Name}");
                continue;
            }

            output.WriteLine($"{project.Name}, {project.Lines:N0} lines: {spent}; {costs.BodiesBound:N0} of {costs.BodiesWithWords:N0} bodies with words bound, {costs.GraphsMade:N0} graphs");
            all = all.And(spent);
            ofTransport = project == transport ? spent : ofTransport;
        }

        foreach (var (pocket, time) in all.Pockets.OrderByDescending(static pocket => pocket.Value))
        {
            output.WriteLine($"{pocket}: {time / 1e6:F1} ms, {ofTransport.Pockets.GetValueOrDefault(pocket) / 1e6:F1} of them in Transport{(all.Alone.TryGetValue(pocket, out var alone) ? $"; {alone:N0} bodies bound for it alone" : "")}");
        }

        var dearest = ofTransport.Pockets.Where(static pocket => pocket.Key.StartsWith("RT", StringComparison.Ordinal)).MaxBy(static pocket => pocket.Value);
        output.WriteLine($"goal, each rule at most 50 ms in Transport: {Verdict(dearest.Value / 1e6, 50)}, {dearest.Key} takes {dearest.Value / 1e6:F1} ms");
        output.WriteLine($"goal, all rules at most 5 % of compiling the solution: {Verdict(all.Percent, 5)}, {all}");
    }

    private static async Task<(Spent Spent, WalkCosts Costs)?> Measure(BuiltProject project, int rounds)
    {
        var (compiling, costs) = (long.MaxValue, new List<WalkCosts>());
        for (var round = 0; round < rounds; round++)
        {
            var (compilation, errors, spent) = project.Compile();
            if (!errors.IsEmpty)
            {
                // Its sources are newer than the command line that the last build left.
                return null;
            }

            compiling = Math.Min(compiling, spent);

            costs.Add(new WalkCosts(ThreadClock.Now) { Binds = AssertEachHasItsWords });
            Assert.Empty(await project.Analyze(compilation, new RealtimeAnalyzer(Rule.All, costs[^1])));
        }

        var best = costs.MinBy(static measured => measured.Ticks.Values.Sum())!;
        return (new(compiling, best.Ticks, best.Alone), best);
    }

    private async Task MeasureStrangers(string what, Knows knows, double goal)
    {
        var files = Enumerable.Range(0, 1_040).Select(Enlarged).ToList();
        var nanoseconds = long.MaxValue;
        for (var round = 0; round < 2; round++)
        {
            var compilation = TestProject.Compile("", knows).AddSyntaxTrees(files.Select(static file => TestProject.Parse(file.Text, file.Name)));
            compilation.GetDiagnostics(TestContext.Current.CancellationToken); // what the compiler finds out for itself is not what the rules cost
            var costs = new WalkCosts(ThreadClock.Now);
            await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer(Rule.All, costs), concurrently: false);

            Assert.Equal((0, 0), (costs.BodiesWithWords, costs.BodiesBound));
            nanoseconds = Math.Min(nanoseconds, costs.Ticks.Values.Sum());
        }

        output.WriteLine($"goal, {what}, {files.Sum(static file => file.Text.AsSpan().Count('\n')):N0} lines, at most {goal} ms: {Verdict(nanoseconds / 1e6, goal)}, {nanoseconds / 1e6:F1} ms");
    }

    // By the text, and not by the walk's own search.
    private static void AssertEachHasItsWords(SyntaxNode body, IReadOnlyList<Interests> asked)
    {
        var text = (body.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? body).ToString();
        Assert.NotEmpty(asked);
        Assert.All(asked, interests => Assert.All(interests.WordGroups, group => Assert.True(group.Used.Concat(group.Declared).Any(word => text.Contains(word, StringComparison.Ordinal)), $"{interests.Rule} looks at {text}")));
    }

    private static string Verdict(double measured, double goal) => measured <= goal ? "ok" : "short";

    // A hundred lines that use the words of the rules for other things.
    private static (string Name, string Text) Enlarged(int number)
    {
        var text = new StringBuilder($"using System; using System.IO; namespace Stranger{number};\nclass Audio\n{{\n");
        for (var i = 0; i < 16; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    public byte[] Write{i}(string input, Stream raw)\n    {{\n        var t = Convert.ToBase64String(new byte[{i}]);\n        raw.Write(System.Text.Encoding.UTF8.GetBytes(t));\n        return raw.Length > {i} ? new byte[1] : [];\n    }}\n");
        }

        return ($"Stranger{number}.cs", text.Append("}\n").ToString());
    }

    /// <summary>What compiling took and what the rules took, in nanoseconds, and the bodies that were bound for one rule alone.</summary>
    private sealed record Spent(long Compiling, IReadOnlyDictionary<string, long> Pockets, IReadOnlyDictionary<string, int> Alone)
    {
        public long Rules => Pockets.Values.Sum();

        public double Percent => 100.0 * Rules / Compiling;

        public Spent And(Spent other) => new(Compiling + other.Compiling, Added(Pockets, other.Pockets), Added(Alone, other.Alone));

        public override string ToString() => $"rules {Rules / 1e6:F1} ms, compiling {Compiling / 1e6:N0} ms, {Percent:F1} %";

        private static Dictionary<string, T> Added<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other)
            where T : struct, System.Numerics.INumber<T> =>
            one.Keys.Union(other.Keys).ToDictionary(static key => key, key => one.GetValueOrDefault(key) + other.GetValueOrDefault(key));
    }
}
