using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>The tables of the README, the names in the code and what the tests expect are the same.</summary>
public sealed partial class TelemetryTableTests
{
    private static readonly string[] Names =
    [
        .. ConstantsOf(typeof(Attributes)),
        .. ConstantsOf(typeof(Instruments)).Where(static name => name.Contains('.', StringComparison.Ordinal)),
    ];

    [Fact]
    public void TheTables_HaveTheNamesOfTheCode_AndNoOther()
    {
        string page = File.ReadAllText(RepositoryFolder.PathOf("src/Realtime.Protocol.Transport/README.md"));
        int begin = page.IndexOf("## Observability", StringComparison.Ordinal);
        string section = page[begin..page.IndexOf("\n## ", begin, StringComparison.Ordinal)];
        string[] shown = [.. Quoted().Matches(section).Select(static match => match.Groups[1].Value).Distinct()];

        Assert.Equal(Names.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.All(ConstantsOf(typeof(Spans)), name => Assert.Contains($"| `{name}`", section, StringComparison.Ordinal));
    }

    [Fact]
    public void EachName_IsExpectedByATest()
    {
        string tests = string.Concat(Directory.GetFiles(RepositoryFolder.PathOf("tests/Realtime.Protocol.Transport.Tests/Telemetry"), "*.cs").Select(File.ReadAllText));

        Assert.All(Names, name => Assert.Contains(name, tests, StringComparison.Ordinal));
    }

    [Fact]
    public void EachInstrument_HasANameAUnitAndADescription()
    {
        Instrument[] instruments = [.. typeof(Instruments).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => field.GetValue(null)).OfType<Instrument>()];

        Assert.Equal(ConstantsOf(typeof(Instruments)).Where(static name => name.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal), instruments.Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.All(instruments, static one => Assert.False(string.IsNullOrEmpty(one.Unit) || string.IsNullOrEmpty(one.Description)));
    }

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public).Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"`((?:gen_ai|realtime|server|error)\.[a-z_.]+)`")]
    private static partial Regex Quoted();
}
