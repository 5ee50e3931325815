using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>What one response is made under: the session's settings with those of its <c>response.create</c> on top. Fixed once the response exists.</summary>
internal sealed record ResponseSettings
{
    public bool OutOfBand { get; init; }

    public bool Spoken { get; init; }

    public string Instructions { get; init; } = "";

    public IReadOnlyList<SimulatedTool> Tools { get; init; } = [];

    public IReadOnlyList<McpDeclaration> McpServers { get; init; } = [];

    /// <summary>The limit on tokens; null for none.</summary>
    public long? MaxOutputTokens { get; init; }

    public SpeechFormat Format { get; init; }

    /// <summary>A name, or the id of a voice of the client's own.</summary>
    public string Voice { get; init; } = "";

    public bool IsCustomVoice { get; init; }

    public KeyValuePair<string, string>[]? Metadata { get; init; }

    public static ResponseSettings From(JsonObject settings)
    {
        JsonNode output = settings["audio"]!["output"]!;
        JsonNode voice = output["voice"]!;
        bool custom = voice.GetValueKind() == JsonValueKind.Object;
        return new()
        {
            OutOfBand = (string?)settings["conversation"] == "none",
            Spoken = (string?)settings["output_modalities"]![0] == "audio",
            Instructions = (string?)settings["instructions"] ?? "",
            Tools = ToolsOf(settings),
            McpServers = IsNone(settings["tool_choice"]) ? [] : McpServersOf(settings),
            MaxOutputTokens = settings["max_output_tokens"] is { } limit && limit.GetValueKind() == JsonValueKind.Number ? (long)limit.GetValue<double>() : null,
            Format = SpeechFormats.FromWire((string?)output["format"]!["type"]),
            Voice = (string)(custom ? voice["id"] : voice)!,
            IsCustomVoice = custom,
            Metadata = (settings["metadata"] as JsonObject)?.Select(static pair => KeyValuePair.Create(pair.Key, (string)pair.Value!)).ToArray(),
        };
    }

    public static McpDeclaration[] McpServersOf(JsonObject settings) =>
        [.. (settings["tools"] as JsonArray ?? []).OfType<JsonObject>().Where(static tool => (string?)tool["type"] == "mcp").Select(static tool => new McpDeclaration(tool.DeepClone().AsObject()))];

    private static bool IsNone(JsonNode? toolChoice) => toolChoice is JsonValue && (string?)toolChoice == "none";

    private static SimulatedTool[] ToolsOf(JsonObject settings)
    {
        JsonNode? choice = settings["tool_choice"];
        string? only = choice is JsonObject ? (string?)choice["name"] : null;
        return IsNone(choice) ? [] :
        [
            .. settings["tools"]!.AsArray()
                .Where(static tool => (string?)tool!["type"] == "function")
                .Select(static tool => new SimulatedTool((string)tool!["name"]!, tool["parameters"]?.ToJsonString() ?? ""))
                .Where(tool => only is null || tool.Name == only),
        ];
    }
}

/// <summary>How the server listens; null at the session means that the client commits by itself.</summary>
/// <param name="Threshold">0 to 1.</param>
/// <param name="PrefixPaddingMs">How much audio before the speech belongs to it.</param>
/// <param name="SilenceMs">How long it has to be quiet for the speech to have ended.</param>
/// <param name="CreateResponse">Whether the end of speech starts a response.</param>
/// <param name="InterruptResponse">Whether the beginning of speech cancels one.</param>
/// <param name="IdleTimeoutMs">After how much quiet behind an answer the server goes on by itself; null for never.</param>
/// <param name="Eagerness">How soon the server takes a turn for ended by its meaning, whatever <paramref name="SilenceMs"/> says; null where only quiet counts.</param>
internal sealed record ListeningSettings(double Threshold, int PrefixPaddingMs, int SilenceMs, bool CreateResponse, bool InterruptResponse, int? IdleTimeoutMs = null, string? Eagerness = null)
{
    private const double SemanticThreshold = 0.5;
    private const int SemanticPaddingMs = 300;

    public static ListeningSettings? From(JsonNode? settings)
    {
        if (settings is null)
        {
            return null;
        }

        bool create = (bool)settings["create_response"]!;
        bool interrupt = (bool)settings["interrupt_response"]!;

        return (string?)settings["type"] == "semantic_vad"
            ? new(SemanticThreshold, SemanticPaddingMs, 0, create, interrupt, Eagerness: (string?)settings["eagerness"] ?? "auto")
            : new((double)settings["threshold"]!, (int)(double)settings["prefix_padding_ms"]!, (int)(double)settings["silence_duration_ms"]!, create, interrupt, (int?)(double?)settings["idle_timeout_ms"]);
    }
}
