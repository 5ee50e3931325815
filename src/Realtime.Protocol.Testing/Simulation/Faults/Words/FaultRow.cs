using System.Globalization;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Simulation.Faults.Words;

/// <summary>One row of the catalogue: a fault at a place, a fault of the whole connection, or a switch.</summary>
/// <param name="Name">As a command line has it.</param>
/// <param name="Values">What stands behind the colon; empty for nothing. Of a switch: all it can be, the default first.</param>
/// <param name="Summary">What happens, as the end of a sentence about the event, or a sentence of its own; of a switch, what it decides.</param>
/// <param name="HasPlace">Whether it happens at an event.</param>
/// <param name="IsSwitch">Whether it is a decision of the service.</param>
/// <param name="Apply">Adds it.</param>
internal sealed record FaultRow(string Name, string Values, string Summary, bool HasPlace, bool IsSwitch, Func<SimulatorOptions, FaultWish, SimulatorOptions> Apply)
{
    /// <summary>Of a switch: what it is, in words; null where it is as the service.</summary>
    public Func<ServiceSwitches, string?> Shown { get; private init; } = static _ => null;

    /// <summary>Which rules of order it can break for who hears the server; of a switch, with the last of its values.</summary>
    public ServerRules Breaks { get; init; }

    /// <summary>How it is written.</summary>
    public string Example => Name + (Values.Length == 0 ? "" : ":" + Values.Split(", ")[^1].Split('|')[0]) + (HasPlace ? "@response.done/1" : "");

    /// <summary>A fault that happens at an event.</summary>
    public static FaultRow At(string name, string values, string summary, Func<FaultPlan, FaultPlace, string, FaultPlan> add) => new(name, values, summary, true, false, (options, wish) =>
    {
        FaultPlace place = wish.Place ?? throw new FormatException($"{name} needs a place, such as {name}{(values.Length == 0 ? "" : ":" + values.Split('|')[0])}@response.done/1.");
        if (place.IsClients && name is not ("drop" or "deaf"))
        {
            throw new FormatException($"{name} happens to the server's events; at a client's, only drop and deaf do.");
        }

        return options with { Faults = add(Drawn(options.Faults, wish), place, Value(name, values, wish)).WithChance(1).OnConnection(FaultPlan.Every) };
    });

    /// <summary>A fault of every event, or of those at a place.</summary>
    public static FaultRow Anywhere(string name, string values, string summary, Func<FaultPlan, FaultPlace, string, FaultPlan> add) => new(name, values, summary, false, false, (options, wish) =>
    {
        FaultPlace place = wish.Place ?? FaultPlace.Of(FaultPlan.AnyEvent, FaultPlan.Every);
        return place.IsClients
            ? throw new FormatException($"{name} happens to the server's events; at a client's, only drop and deaf do.")
            : options with { Faults = add(Drawn(options.Faults, wish), place, Value(name, values, wish)).WithChance(1).OnConnection(FaultPlan.Every) };
    });

    /// <summary>A fault of the whole connection.</summary>
    public static FaultRow Always(string name, string values, string summary, Func<FaultPlan, string, FaultPlan> add) => new(name, values, summary, false, false, (options, wish) =>
        options with { Faults = add(Drawn(options.Faults, WithoutPlace(wish)), Value(name, values, wish)).WithChance(1).OnConnection(FaultPlan.Every) });

    /// <summary>A switch that takes a number.</summary>
    public static FaultRow Switch(string name, string summary, Func<ServiceSwitches, int> get, Func<ServiceSwitches, int, ServiceSwitches> set, int most) =>
        Switch(name, summary, $"{Number(get(ServiceSwitches.Default))}, n", (service, value) => set(service, FaultValue.Number(value, 0, most)), service => get(service) == get(ServiceSwitches.Default) ? null : Number(get(service)));

    /// <summary>A switch that is true or false.</summary>
    public static FaultRow Switch(string name, string summary, Func<ServiceSwitches, bool, ServiceSwitches> set)
    {
        // The default is what the switch does not change.
        string[] words = set(ServiceSwitches.Default, true) == ServiceSwitches.Default ? ["true", "false"] : ["false", "true"];
        return Switch(name, summary, words, (service, word) => set(service, word == "true"));
    }

    /// <summary>A switch that is one of some words.</summary>
    public static FaultRow Switch<T>(string name, string summary, Func<ServiceSwitches, T, ServiceSwitches> set)
        where T : struct, Enum
    {
        T[] values = [.. Enum.GetValues<T>().OrderBy(value => set(ServiceSwitches.Default, value) != ServiceSwitches.Default)];
        string[] words = [.. values.Select(static value => FaultValue.Kebab(value.ToString()))];
        return Switch(name, summary, words, (service, word) => set(service, values[Array.IndexOf(words, word)]));
    }

    // Whatever the service is set to, setting it again changes nothing.
    private static FaultRow Switch(string name, string summary, string[] words, Func<ServiceSwitches, string, ServiceSwitches> set) => Switch(
        name,
        summary,
        string.Join(", ", words),
        (service, value) => set(service, FaultValue.OneOf(name, value, words)),
        service => words.Skip(1).FirstOrDefault(word => set(service, word) == service));

    private static FaultRow Switch(string name, string summary, string values, Func<ServiceSwitches, string, ServiceSwitches> set, Func<ServiceSwitches, string?> shown) => new(name, values, summary, false, true, (options, wish) =>
        options with { Service = set(options.Service, Value(name, values, Everywhere(wish))) })
    {
        Shown = shown,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static FaultPlan Drawn(FaultPlan plan, FaultWish wish) => plan.OnConnection(wish.Connection).WithChance(wish.Chance);

    private static FaultWish WithoutPlace(FaultWish wish) => wish.Place is null ? wish : throw new FormatException($"{wish.Name} concerns the whole connection and has no place.");

    private static FaultWish Everywhere(FaultWish wish) => WithoutPlace(wish) is { Connection: FaultPlan.Every, Chance: 1 }
        ? wish
        : throw new FormatException($"{wish.Name} is how the service decides, on every connection and always.");

    private static string Value(string name, string values, FaultWish wish) => values.Length > 0 || wish.Value.Length == 0
        ? wish.Value
        : throw new FormatException($"{name} has no value.");
}
