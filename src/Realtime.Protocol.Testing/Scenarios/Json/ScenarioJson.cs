using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>A scenario as a file, and the schema of such files.</summary>
internal static class ScenarioJson
{
    private const string SchemaFile = "scenario.schema.json";

    private static readonly string[] OfResponses = ["turns", "otherwise", "mcp"];

    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    private static readonly ObjectCodec<SessionWish> Session = new ObjectCodec<SessionWish>("session", "a session", new())
        .With("type", "What a session is for.", new ChoiceCodec<SimulatedSessionKind>(("realtime", SimulatedSessionKind.Realtime), ("transcription", SimulatedSessionKind.Transcription), ("translation", SimulatedSessionKind.Translation)), static wish => wish.Kind, static (wish, kind) => wish with { Kind = kind })
        .With("model", "The model's name, where the client names none.", new TextCodec("the name of a model", mayBeEmpty: false), static wish => wish.Model, static (wish, model) => wish with { Model = model })
        .With("lifetime", "How long a session may last.", new DelayCodec(1, Delay.LongestMs, ", from a millisecond on"), static wish => wish.Lifetime, static (wish, span) => wish with { Lifetime = span })
        .With("vad", "With which detection of turns a session begins, which the client may change; or that turns are where \"hears\" says.", new ChoiceCodec<SimulatedTurnDetection>(("server", SimulatedTurnDetection.Server), ("semantic", SimulatedTurnDetection.Semantic), ("none", SimulatedTurnDetection.None), ("scripted", SimulatedTurnDetection.Scripted)), static wish => wish.Vad, static (wish, vad) => wish with { Vad = vad })
        .With("keepAudio", "How much of the user's sound a session keeps for whoever retrieves it; where nothing is said, all in memory, and 256 KiB on a host or less when it has many sessions.", new KeptAudioCodec(), static wish => wish.KeptAudioBytes, static (wish, bytes) => wish with { KeptAudioBytes = bytes })
        .Check(
            static (wish, at) => wish.Lifetime is { } span && span.LeastMs != span.MostMs ? throw at.Find("lifetime")!.Fault("A lifetime is one span and no range, because the client is told when it ends.")
                : wish is { Kind: SimulatedSessionKind.Translation, Vad: not null } ? throw at.Fault(at.Members.First(static member => member.Name == "vad"), "A translation has no turns, so that \"vad\" would do nothing; take it out.")
                : wish,
            static schema => schema["not"] = new JsonObject { ["required"] = new JsonArray("type", "vad"), ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = "translation" } } });

    private static readonly ObjectCodec<Scenario> Root = new ObjectCodec<Scenario>("scenario", "a scenario", Scenario.Empty)
        .With("$schema", "Where an editor finds this schema.", new TextCodec(), static _ => SchemaFile, static (scenario, _) => scenario)
        .With("name", "A name for the scenario, which a connection chooses it by.", new FormCodec("a name of small letters, digits and dashes, at most 40", "^[a-z0-9-]{1,40}$"), static scenario => scenario.Name, static (scenario, name) => scenario with { Name = name })
        .With("about", "What the scenario is for; nobody reads it but people.", new TextCodec(), static scenario => scenario.About, static (scenario, about) => scenario with { About = about })
        .With("seed", "Decides every id, and what is drawn from ranges.", new SeedCodec(), static scenario => scenario.Seed, static (scenario, seed) => scenario with { Seed = seed })
        .With("session", "What the sessions are.", Session, static scenario => scenario.Wish == new SessionWish() ? null : scenario.Wish, static (scenario, wish) => scenario with { Wish = wish })
        .With("pace", "How fast answers come, where it is not as recorded.", ScenarioShapes.Pace, static scenario => scenario.Pace, static (scenario, pace) => scenario with { Pace = pace })
        .With("service", "How the service decides, where it is not as usual.", ServiceShapes.Service, static scenario => scenario.Service == ServiceSwitches.Default ? null : scenario.Service, static (scenario, service) => scenario with { Service = service })
        .With("faults", "What goes wrong on the way, and where.", FaultShapes.Plan, static scenario => scenario.Faults.Wishes.Any() ? scenario.Faults : null, static (scenario, faults) => scenario with { Faults = faults })
        .With("hears", "What the user says: the nth spoken turn was the nth entry.", ScenarioShapes.Hears, static scenario => scenario.Heard.Count > 0 ? scenario.Heard : null, static (scenario, heard) => scenario with { Heard = heard })
        .With("mcp", "The MCP servers that can be reached, by their label.", ScenarioShapes.Servers, static scenario => scenario.McpServers.Count > 0 ? [.. scenario.McpServers.Select(static server => new KeyValuePair<string, SimulatedMcpServer>(server.Label, server))] : null, static (scenario, servers) => scenario with { McpServers = [.. servers.Select(static server => server.Value with { Label = server.Key })] })
        .With("turns", "What is answered: the first turn in this order whose cue holds and whose times are not used up.", new ListCodec<ScenarioTurn>(ScenarioShapes.Turn, "a list of turns"), static scenario => scenario.Turns.Count > 0 ? scenario.Turns : null, static (scenario, turns) => scenario with { Turns = turns })
        .With("otherwise", "What answers when no turn does: the echo where nothing is said, nothing, or steps.", new OtherwiseCodec(), static scenario => scenario.Rest == Otherwise.Echo || scenario.Rest.Model is not null ? null : scenario.Rest, static (scenario, rest) => scenario with { Rest = rest })
        .Check(Checked, static schema =>
        {
            schema["if"] = new JsonObject { ["required"] = new JsonArray("session"), ["properties"] = new JsonObject { ["session"] = new JsonObject { ["required"] = new JsonArray("type"), ["properties"] = new JsonObject { ["type"] = new JsonObject { ["enum"] = new JsonArray("transcription", "translation") } } } } };
            schema["then"] = new JsonObject { ["propertyNames"] = new JsonObject { ["not"] = new JsonObject { ["enum"] = new JsonArray([.. OfResponses.Select(static name => (JsonNode)name)]) } } };
        });

    /// <summary>The schema of scenario files, JSON Schema draft 7, which editors know best.</summary>
    public static string Schema()
    {
        var definitions = new JsonObject();
        JsonObject whole = Root.Whole(definitions);
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Scenario of the realtime simulator",
            ["description"] = "What stands in for the model and for the user's words when a client is tested: realtime serve --scenario FILE.",
        };
        foreach ((string name, JsonNode? value) in whole)
        {
            schema[name] = value?.DeepClone();
        }

        schema["definitions"] = definitions;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Written))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + "\n";
    }

    public static (Scenario Scenario, Located At) Read(byte[] utf8, string name)
    {
        Located at = Located.Parse(utf8, name);
        Scenario scenario = Root.Read(at, "The file");
        return (scenario with { Usual = string.Join(',', at.Find("service") is { } service ? ServiceShapes.Usual(service, scenario.Service) : []) }, at);
    }

    public static string Write(Scenario scenario)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Written))
        {
            Root.Write(writer, scenario);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + "\n";
    }

    /// <summary>What holds for more than one object.</summary>
    private static Scenario Checked(Scenario scenario, Located at)
    {
        if (scenario.Wish.Kind is SimulatedSessionKind.Transcription or SimulatedSessionKind.Translation)
        {
            foreach (LocatedMember member in at.Members)
            {
                if (OfResponses.Contains(member.Name))
                {
                    throw at.Fault(member, $"A session of this type has no responses, so that \"{member.Name}\" would do nothing; take it out.");
                }
            }
        }

        foreach (Located turn in at.Find("turns")?.Items ?? [])
        {
            KnowMcp(scenario, turn.Find("when")?.Find("mcpResult"));
            KnowMcp(scenario, turn.Find("when")?.Find("mcpDenied"));
            KnowMcp(scenario, turn.Find("do"));
        }

        KnowMcp(scenario, at.Find("otherwise"));
        CheckSpans(scenario, at.Find("hears")?.Items ?? []);
        return scenario;
    }

    private static void CheckSpans(Scenario scenario, IReadOnlyList<Located> turns)
    {
        bool scripted = scenario.Wish.Vad == SimulatedTurnDetection.Scripted;
        long end = 0;
        for (int i = 0; i < turns.Count; i++)
        {
            Located? place = turns[i].Kind == JsonValueKind.Object ? turns[i].Find("spoken") : null;
            if (place is not null != scripted)
            {
                throw (place ?? turns[i]).Fault(scripted
                    ? "Where \"vad\" is \"scripted\", each turn says in \"spoken\" when it is spoken."
                    : "\"spoken\" does nothing unless the \"vad\" of the session is \"scripted\".");
            }

            if (scenario.Heard[i].Spoken is { } span)
            {
                end = span.FromMs >= end ? span.ToMs : throw place!.Fault($"This turn begins before the one before it ends, at {end} ms.");
            }
        }
    }

    private static void KnowMcp(Scenario scenario, Located? at)
    {
        foreach (Located step in at?.Items ?? [])
        {
            KnowMcp(scenario, step.Find("mcp"));
        }

        string[] tools = [.. scenario.McpServers.SelectMany(static server => server.Tools.Select(tool => $"{server.Label}.{tool.Name}"))];
        if (at is { Kind: JsonValueKind.String, Text: { Length: > 0 } tool } && tool.Contains('.') && !tools.Contains(tool))
        {
            throw at.Fault($"No server in \"mcp\" has the tool \"{tool}\".{Spelling.Meant(tool, tools)}");
        }
    }
}

/// <summary>What a scenario wants its sessions to be.</summary>
internal sealed record SessionWish
{
    public SimulatedSessionKind? Kind { get; init; }

    public string? Model { get; init; }

    public Delay? Lifetime { get; init; }

    public SimulatedTurnDetection? Vad { get; init; }

    public long? KeptAudioBytes { get; init; }
}

/// <summary>The echo, nothing, or steps.</summary>
internal sealed class OtherwiseCodec : Codec<Otherwise>
{
    private static readonly ChoiceCodec<Otherwise> Names = new(("echo", Otherwise.Echo), ("nothing", Otherwise.Nothing));

    public override string What => "\"echo\", \"nothing\" or a list of steps";

    public override Otherwise Read(Located at, string name)
    {
        if (at.Kind == JsonValueKind.Array)
        {
            IReadOnlyList<ScenarioStep> steps = ScenarioShapes.Steps.Read(at, name);
            StepVerbs.CheckOrder(steps, at);
            return steps.Count == 0 ? Otherwise.Nothing : new() { Do = steps };
        }

        return at.Kind == JsonValueKind.String ? Names.Read(at, name) : throw Unfit(at, name);
    }

    public override void Write(Utf8JsonWriter to, Otherwise value)
    {
        if (value.Do is { Count: > 0 } steps)
        {
            ScenarioShapes.Steps.Write(to, steps);
        }
        else
        {
            to.WriteStringValue(value.Do is null ? "echo" : "nothing");
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(Names.Schema(definitions), ScenarioShapes.Steps.Schema(definitions)) };
}
