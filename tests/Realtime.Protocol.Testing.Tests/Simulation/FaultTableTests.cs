using System.Reflection;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>The page's table of faults and switches is the catalogue: how each is written, what it is called in C#, what it does.</summary>
public class FaultTableTests
{
    [Fact]
    public void ThePage_ShowsTheCatalogue() => PageTable.IsShown(
        "### The table of them",
        [["written", "in C#", "memory", "order", "what happens"], .. FaultCatalogue.Rows.Select(static row => new[] { Written(row), $"`{Member(row)}`", NeedsAWire(row) ? "" : "memory", row.Breaks == ServerRules.None ? "" : "broken", Said(row) })]);

    private static string Written(FaultRow row) => row.IsSwitch
        ? $"`{row.Name}:` {string.Join(", ", row.Values.Split(", ").Select(static value => $"`{value}`"))}"
        : $"`{row.Name}{(row.Values.Length == 0 ? "" : ":" + row.Values)}{(row.HasPlace ? "@…" : "")}`";

    private static string Said(FaultRow row) => row.HasPlace ? "the event " + row.Summary : row.Summary;

    private static bool NeedsAWire(FaultRow row) => !row.IsSwitch && new SimulatorOptions().WithFault(row.Name == "alter" ? "alter:a=1@response.done/1" : row.Example).Faults.NeedAWire.Any();

    /// <summary>The method of a plan or the path of a switch that has this name.</summary>
    private static string Member(FaultRow row) => Members(row.IsSwitch).Single(member => Matches(member, row.Name));

    private static bool Matches(string member, string name) => member switch
    {
        "CloseAt" => name == "close",
        "InjectBefore" => name == "inject",
        "PingsBetween" => name == "pings",
        "BadUtf8" => name == "bad-utf8",
        _ => FaultValue.Kebab(member.Split('.')[^1]) == name,
    };

    private static IEnumerable<string> Members(bool ofSwitches) => ofSwitches
        ? typeof(ServiceSwitches).GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(static property =>
            property.PropertyType == typeof(AutoResponse) ? typeof(AutoResponse).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static nested => $"AutoResponse.{nested.Name}") : [property.Name])
        : typeof(FaultPlan).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static method => method.ReturnType == typeof(FaultPlan)).Select(static method => method.Name).Distinct();
}
