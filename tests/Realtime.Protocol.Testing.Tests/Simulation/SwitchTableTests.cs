using System.Reflection;
using System.Text.RegularExpressions;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>The page's table of switches names every switch and every value of it, the default first.</summary>
public partial class SwitchTableTests
{
    [Fact]
    public void EverySwitch_HasItsRow_WithItsValues()
    {
        string root = typeof(SwitchTableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!;
        string page = File.ReadAllText(Path.Combine(root, "src", "Realtime.Protocol.Testing", "README.md"));

        Assert.All(
            Switches(typeof(ServiceSwitches), "", ServiceSwitches.Default),
            one => Assert.Contains(page.Split('\n'), line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains($"`{one.Name}`", StringComparison.Ordinal) && line.Contains($"| {one.Values} |", StringComparison.Ordinal)));
        Assert.Equal(Switches(typeof(ServiceSwitches), "", ServiceSwitches.Default).Count(), SwitchCell().Matches(page[page.IndexOf("## How the service decides", StringComparison.Ordinal)..page.IndexOf("What a model makes", StringComparison.Ordinal)]).Count);
    }

    [GeneratedRegex("`[A-Z][A-Za-z.]+`(?=[^|\n]*\\| (?:`|true|false|[0-9]))")]
    private static partial Regex SwitchCell();

    private static IEnumerable<(string Name, string Values)> Switches(Type type, string prefix, object defaults) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => property.GetValue(defaults) switch
        {
            AutoResponse nested => Switches(typeof(AutoResponse), "AutoResponse.", nested),
            bool value => [(prefix + property.Name, value ? "true, false" : "false, true")],
            int value => [(prefix + property.Name, $"{value}, n")],
            Enum value => [(prefix + property.Name, string.Join(", ", Enum.GetNames(value.GetType()).OrderBy(name => name != value.ToString()).Select(static name => $"`{name}`")))],
            var other => throw new InvalidOperationException($"{property.Name} is {other}: how does the page show it?"),
        });
}
