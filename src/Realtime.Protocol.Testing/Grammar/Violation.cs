using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar;

/// <summary>
/// One rule that a client broke on one connection, in words that its author understands. It names events, items, calls and members; what was said, heard or shown as a
/// key never stands in it.
/// </summary>
public sealed record Violation
{
    /// <summary>The name of the rule, such as <c>create-while-active</c>; the package's README lists all of them.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is.</summary>
    public required ViolationLevel Level { get; init; }

    /// <summary>What the client did, as a sentence or two.</summary>
    public required string Says { get; init; }

    /// <summary>What to do instead.</summary>
    public required string Instead { get; init; }

    /// <summary>Whose connection it was; they count from 1, and 0 is who was refused at the door.</summary>
    public int Connection { get; init; } = 1;

    /// <summary>When the event was said, in milliseconds of the connection; null when nobody wrote times down.</summary>
    public double? At { get; init; }

    /// <summary>The number of the client's event, from 1; in a recorded log the number of its line. 0 when it is about no event.</summary>
    public long Event { get; init; }

    /// <summary>The wire type of that event; empty when it is about none, or it had none.</summary>
    public string EventType { get; init; } = "";

    /// <summary>The <c>event_id</c> that the client gave the event; null when it gave none.</summary>
    public string? EventId { get; init; }

    /// <summary>How often the rule was broken on this connection. The other members are about the first time.</summary>
    public int Times { get; init; } = 1;

    /// <summary>False for a race, which nobody is blamed for.</summary>
    public bool IsCounted => Level != ViolationLevel.Race;

    /// <summary>The level as it is written: <c>race</c>, <c>wasteful</c>, <c>refused</c> or <c>harmful</c>.</summary>
    internal string LevelName => Level switch
    {
        ViolationLevel.Race => "race",
        ViolationLevel.Wasteful => "wasteful",
        ViolationLevel.Refused => "refused",
        _ => "harmful",
    };

    /// <summary>The entry as one JSON object: <c>rule</c>, <c>level</c>, <c>connection</c>, <c>t_ms</c>, <c>event</c>, <c>type</c>, <c>event_id</c>, <c>says</c>, <c>instead</c>, <c>times</c>.</summary>
    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("rule", Rule);
            json.WriteString("level", LevelName);
            json.WriteNumber("connection", Connection);
            if (At is { } at)
            {
                json.WriteNumber("t_ms", at);
            }
            else
            {
                json.WriteNull("t_ms");
            }

            json.WriteNumber("event", Event);
            json.WriteString("type", EventType);
            json.WriteString("event_id", EventId);
            json.WriteString("says", Says);
            json.WriteString("instead", Instead);
            json.WriteNumber("times", Times);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The entry as one line: <c>event 14 (response.create): response.create while resp_3 is active. Wait for its response.done. [create-while-active, refused]</c>.</summary>
    public override string ToString()
    {
        string place = Event == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"event {Event}{(EventType.Length > 0 ? $" ({EventType})" : "")}: ");
        string times = Times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Times} times");
        return $"{place}{Says} {Instead} [{Rule}, {LevelName}{times}]";
    }
}
