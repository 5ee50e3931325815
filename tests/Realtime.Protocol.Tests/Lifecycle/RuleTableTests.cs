using System.Reflection;
using System.Text.RegularExpressions;
using Realtime.Protocol.Tests.Lifecycle.Scenarios;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The table of rules beside the machine says what is there: each rule has its one place, its tests and its scenario.</summary>
public partial class RuleTableTests
{
    private static readonly string Folder = RepositoryFolder.PathOf("src", "Realtime.Protocol", "Lifecycle");

    [Fact]
    public void EveryBuiltRule_NamesThePlaceWhereItIsDecided()
    {
        Dictionary<string, string[]> places = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Mark().Matches(File.ReadAllText(file)).Select(mark => (Rule: mark.Groups[1].Value, Place: Path.GetRelativePath(Folder, file).Replace('\\', '/'))))
            .GroupBy(mark => mark.Rule)
            .ToDictionary(rule => rule.Key, rule => rule.Select(mark => mark.Place).Distinct().ToArray());
        Dictionary<string, string> rows = BuiltRows().ToDictionary(row => row.Rule, row => row.Place);

        Assert.Equal(places.Keys.Order(), rows.Keys.Order());
        Assert.All(places, rule => Assert.Equal(rows[rule.Key], Assert.Single(rule.Value)));
    }

    [Fact]
    public void EveryBuiltRule_IsShownByATestOfItsName()
    {
        foreach ((string rule, _, string tests) in BuiltRows())
        {
            Type type = typeof(RuleTableTests).Assembly.GetType($"{typeof(RuleTableTests).Namespace}.{tests}", throwOnError: true)!;
            Assert.True(type.GetMethods().Any(method => method.Name.StartsWith(rule.Replace("-", "", StringComparison.Ordinal) + "_", StringComparison.Ordinal) && method.GetCustomAttribute<FactAttribute>() is not null), $"{tests} has no test named {rule}");
        }
    }

    [Fact]
    public void EveryBuiltRule_HasItsScenario()
    {
        string[] shown = [.. typeof(ScenarioTests).GetMethod(nameof(ScenarioTests.EveryRule_IsKeptInItsScenario))!
            .GetCustomAttributes<InlineDataAttribute>().Select(static row => (string)row.Data[0]!).Distinct()];
        string[] built = [.. BuiltRows().Select(static row => row.Rule)];

        Assert.True(!built.Except(shown).Any(), $"{string.Join(", ", built.Except(shown))}: built, but without a scenario. Give each a row in ScenarioTests: a short conversation in which it is kept.");
        Assert.True(!shown.Except(built).Any(), $"{string.Join(", ", shown.Except(built))}: a row in ScenarioTests, but no rule in the table of built rules (src/Realtime.Protocol/Lifecycle/README.md).");
    }

    private static (string Rule, string Place, string Tests)[] BuiltRows() =>
        [.. BuiltRow().Matches(Readme()).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];

    private static string Readme() => File.ReadAllText(Path.Combine(Folder, "README.md"));

    [GeneratedRegex("""^\s*\[LifecycleRule\("([A-Z]+-\d+)"\)\]""", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex("""^\| ([A-Z]+-\d+) \| [^|]+ \| \[[^\]]+\]\(([^)]+)\) \| (\w+) \|$""", RegexOptions.Multiline)]
    private static partial Regex BuiltRow();
}
