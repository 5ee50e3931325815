using System.Globalization;

namespace Realtime.Protocol.Testing.Simulation.Faults.Words;

/// <summary>One wish of a command line, taken apart: <c>NAME[:VALUE][@TYPE/N][,conn=N][,chance=P]</c>. What the words mean is the catalogue's.</summary>
/// <param name="Name">Which fault or switch.</param>
/// <param name="Value">What stands behind the colon; empty for nothing.</param>
/// <param name="Place">At which event; null where none is named.</param>
/// <param name="Connection">On which connection; <see cref="FaultPlan.Every"/> for all.</param>
/// <param name="Chance">How likely.</param>
internal sealed record FaultWish(string Name, string Value, FaultPlace? Place, int Connection, double Chance)
{
    /// <exception cref="FormatException">It is not written like this.</exception>
    public static FaultWish Parse(string wish)
    {
        string rest = wish;
        int connection = FaultPlan.Every;
        double chance = 1;

        // A text before the place may have anything in it.
        while (rest.LastIndexOf(',') is var comma and >= 0 && !rest.AsSpan(comma).Contains('@') && (rest.AsSpan(comma).StartsWith(",conn=") || rest.AsSpan(comma).StartsWith(",chance=")))
        {
            string[] option = rest[(comma + 1)..].Split('=', 2);
            if (option[0] == "conn")
            {
                connection = FaultValue.Number(option[1], 1, int.MaxValue);
            }
            else if (!double.TryParse(option[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out chance) || chance > 1)
            {
                throw new FormatException($"'{option[1]}' is no probability: from 0 to 1, such as chance=0.01.");
            }

            rest = rest[..comma];
        }

        int at = rest.LastIndexOf('@');
        FaultPlace? place = at < 0 ? null : FaultPlace.Parse(rest[(at + 1)..]);
        rest = at < 0 ? rest : rest[..at];
        string[] parts = rest.Split(':', 2);
        return new(parts[0], parts.Length > 1 ? parts[1] : "", place, connection, chance);
    }

    /// <summary>As a command line writes it.</summary>
    public override string ToString()
    {
        string value = Value.Length == 0 ? "" : $":{Value}";
        string place = Place is null ? "" : $"@{Place}";
        string connection = Connection == FaultPlan.Every ? "" : string.Create(CultureInfo.InvariantCulture, $",conn={Connection}");
        string chance = Chance >= 1 ? "" : $",chance={FaultValue.Shown(Chance)}";
        return Name + value + place + connection + chance;
    }
}

/// <summary>An event: the nth of a type, of the server's or of the client's; or of the server's from a time on.</summary>
internal sealed record FaultPlace(string Type, int Occurrence, bool IsClients)
{
    private const string Client = FaultPlan.ClientPrefix;
    private const string Any = "any";

    /// <summary>True for a time: no event's type begins with a digit.</summary>
    public static bool IsTime(string type) => type.Length > 0 && char.IsAsciiDigit(type[0]);

    /// <summary>A time as a place.</summary>
    public static string Time(int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

    /// <summary>How a plan names the events.</summary>
    public string EventType => IsClients ? Client + Type : Type;

    /// <summary>The place of a fault of a plan.</summary>
    public static FaultPlace Of(string eventType, int occurrence) => eventType.StartsWith(Client, StringComparison.Ordinal)
        ? new(eventType[Client.Length..], occurrence, IsClients: true)
        : new(eventType, occurrence, IsClients: false);

    /// <exception cref="FormatException">It is no place.</exception>
    public static FaultPlace Parse(string place)
    {
        bool isClients = place.StartsWith(Client, StringComparison.Ordinal);
        string[] parts = (isClients ? place[Client.Length..] : place).Split('/', 2);
        IReadOnlyList<string> known = isClients ? EventTypes.Client : EventTypes.Server;
        if (!isClients && IsTime(parts[0]))
        {
            parts[0] = Time(FaultValue.Span(parts[0]));
        }
        else if (parts[0] != Any && !known.Contains(parts[0]))
        {
            throw new FormatException($"'{parts[0]}' is no event of the {(isClients ? "client" : "server")}.{FaultValue.Meant(parts[0], known)}");
        }

        int occurrence = parts is [_, "every"] ? FaultPlan.Every : parts.Length == 1 ? 1 : FaultValue.Number(parts[1], 1, int.MaxValue);
        return new(parts[0] == Any ? FaultPlan.AnyEvent : parts[0], occurrence, isClients);
    }

    /// <summary>As a command line writes it.</summary>
    public override string ToString()
    {
        string occurrence = Occurrence == FaultPlan.Every ? "every" : Occurrence.ToString(CultureInfo.InvariantCulture);
        return $"{(IsClients ? Client : "")}{(Type == FaultPlan.AnyEvent ? Any : Type)}/{occurrence}";
    }
}
