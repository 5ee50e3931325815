using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Any combination of the switches, row by row of the catalogue: a switch that is new there is drawn here.</summary>
internal static class RandomSwitches
{
    private const int MostOfANewOne = 5;

    /// <param name="breaks">Whether those values are drawn, too, with which a server breaks its own order.</param>
    public static ServiceSwitches Next(Random random, bool breaks = false) => FaultCatalogue.Rows.Where(static row => row.IsSwitch)
        .Aggregate(new SimulatorOptions(), (options, row) => random.Next(2) == 0 ? options : options.WithFault($"{row.Name}:{Value(row, random, breaks)}")).Service;

    private static string Value(FaultRow row, Random random, bool breaks)
    {
        string[] values = row.Values.Split(", ");
        return values[^1] == "n" ? Number(row.Name, random).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : values[random.Next(row.Breaks != ServerRules.None && !breaks ? values.Length - 1 : values.Length)];
    }

    private static int Number(string name, Random random) => name switch
    {
        "truncation-skew-ms" => 85,
        "min-speech-ms" => random.Next(ServiceSwitches.MostMinSpeechMs),
        "hysteresis-db" => random.Next(12),
        _ => random.Next(MostOfANewOne),
    };
}
