using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>Where a fault happens: the type of an event, of either side, or any.</summary>
internal sealed class FaultPlaceCodec : Codec<string>
{
    public const string Client = FaultPlan.ClientPrefix;
    private const string Any = "any";

    private static readonly string[] All = [Any, .. EventTypes.Server, Client + Any, .. EventTypes.Client.Select(static type => Client + type)];

    private static readonly FixedSpanCodec Time = new();

    public override string What => "the type of a server event, \"any\", one of a client's as \"client:response.create\", or a time of the session as \"30s\"";

    public override string Read(Located at, string name)
    {
        string place = at.Kind == JsonValueKind.String ? at.Text : throw Unfit(at, name);
        if (FaultPlace.IsTime(place))
        {
            return FaultPlace.Time(Time.Read(at, name));
        }

        string side = place.StartsWith(Client, StringComparison.Ordinal) ? "client" : "server";
        return !All.Contains(place) ? throw at.Fault($"The {side} has no event \"{place}\".{Spelling.Meant(place, All)}")
            : place == Any ? FaultPlan.AnyEvent
            : place == Client + Any ? Client + FaultPlan.AnyEvent
            : place;
    }

    public override void Write(Utf8JsonWriter to, string value) => to.WriteStringValue(value == FaultPlan.AnyEvent ? Any : value == Client + FaultPlan.AnyEvent ? Client + Any : value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray([.. All.Select(static place => (JsonNode)place)]) }, new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+([.][0-9]+)?(ms|s|m)$" }) };
}

/// <summary>A number from 1 on, or every one.</summary>
internal sealed class NumberOrEveryCodec : Codec<int>
{
    private const string Every = "every";

    private static readonly WholeCodec Number = new(1, int.MaxValue);

    public override string What => "a whole number from 1 on, or \"every\"";

    public override int Read(Located at, string name) =>
        at.Kind == JsonValueKind.String && at.Text == Every ? FaultPlan.Every
        : at.TryInteger(out long number) && number is >= 1 and <= int.MaxValue ? (int)number
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, int value)
    {
        if (value == FaultPlan.Every)
        {
            to.WriteStringValue(Every);
        }
        else
        {
            Number.Write(to, value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(Number.Schema(definitions), new JsonObject { ["const"] = Every }) };
}

/// <summary>A part of a whole, from 0 to 1.</summary>
internal sealed class ShareCodec(bool mayBeNothing) : Codec<double>
{
    public override string What => mayBeNothing ? "a number from 0 to 1" : "a number above 0, and 1 at most";

    public override double Read(Located at, string name) => at.TryReal(out double share) && share is >= 0 and <= 1 && (share > 0 || mayBeNothing) ? share : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, double value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "number", [mayBeNothing ? "minimum" : "exclusiveMinimum"] = 0, ["maximum"] = 1 };
}

/// <summary>A number of bytes, or a text with a unit.</summary>
internal sealed class SizeCodec : Codec<int>
{
    private static readonly (string Unit, int Bytes)[] Units = [("KiB", 1 << 10), ("MiB", 1 << 20)];

    public override string What => "a number of bytes such as 20, \"64KiB\" or \"16MiB\"";

    public override int Read(Located at, string name)
    {
        if (at.TryInteger(out long bytes) && bytes is >= 0 and <= int.MaxValue)
        {
            return (int)bytes;
        }

        (string unit, int each) = Array.Find(Units, unit => at.Kind == JsonValueKind.String && at.Text.EndsWith(unit.Unit, StringComparison.Ordinal));
        return each > 0 && int.TryParse(at.Text.AsSpan(0, at.Text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && (long)count * each <= int.MaxValue
            ? count * each
            : throw Unfit(at, name);
    }

    public override void Write(Utf8JsonWriter to, int value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = int.MaxValue }, new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+(KiB|MiB)$" }) };
}

/// <summary>A span that is no range, in milliseconds, or for ever.</summary>
internal sealed class FixedSpanCodec : Codec<int>
{
    public const string ForEver = "forever";

    private static readonly DelayCodec Span = new();

    public override string What => $"{Span.What} that is no range, or \"{ForEver}\"";

    public override int Read(Located at, string name)
    {
        if (at.Kind == JsonValueKind.String && at.Text == ForEver)
        {
            return Timeout.Infinite;
        }

        Simulation.Delay span = at.Kind is JsonValueKind.Number or JsonValueKind.String ? Span.Read(at, name) : throw Unfit(at, name);
        return span.LeastMs == span.MostMs ? (int)span.LeastMs : throw at.Fault("A fault is as long each time; a range is not taken here.");
    }

    public override void Write(Utf8JsonWriter to, int value)
    {
        if (value == Timeout.Infinite)
        {
            to.WriteStringValue(ForEver);
        }
        else
        {
            to.WriteNumberValue(value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(Span.SchemaOfOne(definitions), new JsonObject { ["const"] = ForEver }) };
}

/// <summary>Any JSON value, as it stands, without what is between its tokens.</summary>
internal sealed class AnythingCodec : Codec<string>
{
    public override string What => "a value";

    /// <summary>What is written by a codec, as text.</summary>
    public static string Written(Action<Utf8JsonWriter> write)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public override string Read(Located at, string name) => at.Minified;

    public override void Write(Utf8JsonWriter to, string value)
    {
        using JsonDocument document = JsonDocument.Parse(value);
        document.WriteTo(to);
    }

    public override JsonObject Schema(JsonObject definitions) => [];
}
