using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>One fault, member by member as a scenario's file writes it. What the fault does to an event is not here.</summary>
/// <param name="Name">As a file has it: <c>ghostDone</c>.</param>
internal sealed record PlannedFault(string Name)
{
    /// <summary>The type of a server event, that of a client's with <c>client:</c> before it, or <see cref="FaultPlan.AnyEvent"/>; null for the whole connection.</summary>
    public string? At { get; init; }

    /// <summary>Which of them, or <see cref="FaultPlan.Every"/>.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>On which connection, or <see cref="FaultPlan.Every"/>.</summary>
    public int Connection { get; init; } = FaultPlan.Every;

    /// <summary>How likely, from 0 to 1.</summary>
    public double Chance { get; init; } = 1;

    /// <summary>A number or any JSON value, as JSON text.</summary>
    public string? Value { get; init; }

    /// <summary>In place of a value, a text that need not be JSON.</summary>
    public string? Text { get; init; }

    /// <summary>Which member of the event.</summary>
    public string? Member { get; init; }

    /// <summary>How long, in milliseconds; <see cref="Timeout.Infinite"/> for ever.</summary>
    public int? ForMs { get; init; }

    /// <summary>So many bytes of the event.</summary>
    public int? Bytes { get; init; }

    /// <summary>One sentence with a goodbye.</summary>
    public string? Reason { get; init; }

    /// <summary>In how many seconds to come again.</summary>
    public int? RetrySeconds { get; init; }

    /// <summary>The same fault as a command line writes it.</summary>
    /// <exception cref="FormatException">It happens at an event that neither side has.</exception>
    public static PlannedFault Of(string wish)
    {
        FaultWish said = FaultWish.Parse(wish);
        var fault = new PlannedFault(Camel(said.Name)) { Connection = said.Connection, Chance = said.Chance };
        if (said.Place is { } place && !(place is { Type: FaultPlan.AnyEvent, Occurrence: FaultPlan.Every, IsClients: false } && said.Name is "fragment" or "trickle" or "pings"))
        {
            fault = fault with { At = place.EventType, Nth = place.Occurrence };
        }

        switch (said.Name)
        {
            case "late" or "ping" or "slow-accept":
                return fault with { ForMs = FaultValue.Span(said.Value) };
            case "deaf":
                return fault with { ForMs = FaultValue.SpanOrForEver(said.Value) };
            case "stall":
                (int milliseconds, int bytes) = FaultValue.Stall(said.Value);
                return fault with { ForMs = milliseconds, Bytes = Unless(bytes, 0) };
            case "cut":
                return fault with { Bytes = FaultValue.Size(said.Value) };
            case "fin" or "reset":
                return fault with { Bytes = Unless(FaultValue.SizeOr(said.Value, 0), 0) };
            case "inject":
                return fault with { Text = said.Value };
            case "alter":
                (string member, string json) = FaultValue.Pair(said.Value);
                return fault with { Member = member, Value = json };
            case "remove":
                return fault with { Member = said.Value };
            case "close":
                (int status, string reason) = FaultValue.Goodbye(said.Value);
                return fault with { Value = Whole(status), Reason = reason.Length > 0 ? reason : null };
            case "http":
                (int refusal, int retry) = FaultValue.Status(said.Value);
                return fault with { Value = Whole(refusal), RetrySeconds = Unless(retry, -1) };
            default:
                return said.Value.Length > 0 ? fault with { Value = said.Value } : fault;
        }
    }

    private static string Camel(string kebab) => string.Concat(kebab.Split('-').Select(static (word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Whole(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int? Unless(int number, int otherwise) => number == otherwise ? null : number;
}
