using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>One fault as a file writes it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Add">Adds it to a plan.</param>
internal sealed record FaultShape(string Name, Func<FaultPlan, PlannedFault, FaultPlan> Add)
{
    private static readonly RawCodec Words = new("an object, or a text that is sent to the letter", mayBeText: true);

    /// <summary>What may stand in it.</summary>
    public string[] Members { get; private init; } = ["fault", "connection", "chance"];

    /// <summary>What has to stand in it.</summary>
    public string[] Needed { get; private init; } = [];

    /// <summary>Looks at its value.</summary>
    public Func<Located, PlannedFault, PlannedFault> Read { get; private init; } = static (_, fault) => fault;

    /// <summary>Whether it can last for ever.</summary>
    public bool MayLastForEver { get; private init; }

    /// <summary>How long it lasts at least, in milliseconds.</summary>
    public int LeastMs { get; private init; }

    private Func<JsonObject>? Value { get; init; }

    public static FaultShape AtAnEvent(string name, Func<FaultPlan, PlannedFault, FaultPlan> add) => new FaultShape(name, add).Needing("at").Allowing("nth");

    public static FaultShape Anywhere(string name, Func<FaultPlan, PlannedFault, FaultPlan> add) => new(name, add);

    /// <summary>A text as a file writes it: an object where it is one in its canonical form.</summary>
    public static string Quoted(string text) => AnythingCodec.Written(to => Words.Write(to, text));

    public FaultShape Needing(string member) => this with { Members = [.. Members, member], Needed = [.. Needed, member] };

    public FaultShape Allowing(params string[] members) => this with { Members = [.. Members, .. members] };

    /// <summary>It lasts.</summary>
    public FaultShape Lasting(int leastMs = 0, bool maybeForEver = false) => Needing("for") with { LeastMs = leastMs, MayLastForEver = maybeForEver };

    public FaultShape Valued<T>(Codec<T> codec) => Needing("value") with
    {
        Value = () => codec.Schema([]),
        Read = (at, fault) => codec.Read(at, $"\"value\" of \"{Name}\"") is var read ? fault with { Value = AnythingCodec.Written(to => codec.Write(to, read)) } : fault,
    };

    public FaultShape Worded() => Needing("value") with
    {
        Value = static () => Words.Schema([]),
        Read = (at, fault) => fault with { Value = null, Text = Words.Read(at, $"\"value\" of \"{Name}\"") },
    };

    public JsonObject Schema()
    {
        var properties = new JsonObject();
        var schema = new JsonObject { ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. Members.Select(static member => (JsonNode)member)]) } };
        if (Needed.Length > 0)
        {
            schema["required"] = new JsonArray([.. Needed.Select(static member => (JsonNode)member)]);
        }

        if (Value is not null)
        {
            properties["value"] = Value();
        }

        if (Members.Contains("at") && Name is not ("drop" or "deaf"))
        {
            properties["at"] = new JsonObject { ["not"] = new JsonObject { ["pattern"] = "^" + FaultPlaceCodec.Client } };
        }

        if (Members.Contains("for") && !(MayLastForEver && LeastMs == 0))
        {
            properties["for"] = new JsonObject { ["minimum"] = LeastMs };
            if (!MayLastForEver)
            {
                properties["for"]!["not"] = new JsonObject { ["const"] = FixedSpanCodec.ForEver };
            }
        }

        schema["properties"] = properties;
        return schema;
    }
}
