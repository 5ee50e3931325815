using System.Globalization;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Any few of the faults, row by row of the catalogue: a fault that is new there is drawn here, as its example has it.</summary>
internal static class RandomFaults
{
    private static readonly FaultRow[] All = [.. FaultCatalogue.Rows.Where(static row => !row.IsSwitch)];

    // drop leaves the order as it is where it is the client's words that are lost.
    private static readonly FaultRow[] Harmless = [.. All.Where(static row => row.Breaks == ServerRules.None || row.Name == "drop")];

    private static readonly string[] Heard = ["session.updated", "conversation.item.added", "response.created", "response.output_audio.delta", "response.done", "error", "any"];

    /// <param name="breaks">Whether those are drawn, too, that break the order of what a client hears.</param>
    public static SimulatorOptions Next(SimulatorOptions options, Random random, bool breaks)
    {
        for (int count = random.Next(4); count > 0; count--)
        {
            FaultRow row = (breaks ? All : Harmless)[random.Next(breaks ? All.Length : Harmless.Length)];
            options = options.WithFault(Wish(row, random, isClients: row.Name == "drop" && (!breaks || random.Next(2) == 0)));
        }

        return options;
    }

    private static string Wish(FaultRow row, Random random, bool isClients)
    {
        string value = row.Name switch
        {
            "repeat" => ":2",
            "late" or "stall" => Number(random, 2_000) + "ms",
            "inject" => """:{"type":"response.done"}""",
            "alter" => ":response.status=null",
            "remove" => ":" + (random.Next(2) == 0 ? "event_id" : "response.usage"),
            "cut" or "pad" => Number(random, 3_000),
            "fragment" or "trickle" => Number(random, 50),
            _ => row.Example.Split('@')[0][row.Name.Length..],
        };
        string what = row.Name + value;
        return !row.HasPlace ? what
            : isClients ? $"{what}@client:{EventTypes.Client[random.Next(EventTypes.Client.Count)]}/{Nth(random)}"
            : random.Next(8) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{what}@{random.Next(1, 20)}s")
            : $"{what}@{(random.Next(2) == 0 ? Heard[random.Next(Heard.Length)] : EventTypes.Server[random.Next(EventTypes.Server.Count)])}/{(row.Name is "close" or "fin" or "reset" ? random.Next(5, 40) : Nth(random))}";
    }

    private static string Nth(Random random) => random.Next(5) is > 0 and var nth ? nth.ToString(CultureInfo.InvariantCulture) : "every";

    private static string Number(Random random, int most) => ":" + random.Next(1, most).ToString(CultureInfo.InvariantCulture);
}
