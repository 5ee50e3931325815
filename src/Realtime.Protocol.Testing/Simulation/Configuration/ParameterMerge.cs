using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>
/// Puts an update into settings: what is absent stays, null clears what may be cleared, and the rest is checked and replaced. It changes
/// the settings as it goes, so the caller gives it a copy and throws that away when it is refused: an update is applied whole or not at all.
/// </summary>
/// <param name="root">What paths in refusals begin with: <c>session</c> or <c>response</c>.</param>
/// <param name="table">The parameters that there are.</param>
internal readonly struct ParameterMerge(string root, FrozenDictionary<string, Parameter> table)
{
    private const int MaxPairs = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

    /// <summary>Merges; false with the first refusal.</summary>
    public bool TryMerge(JsonObject update, JsonObject settings, out Refusal refusal) => TryMergeGroup(update, settings, "", allowed: null, out refusal);

    private bool TryMergeGroup(JsonObject update, JsonObject settings, string prefix, JsonObject? allowed, out Refusal refusal)
    {
        foreach ((string name, JsonNode? value) in update)
        {
            string path = prefix + name;
            if (!table.TryGetValue(path, out Parameter? parameter) || (allowed is not null && !allowed.ContainsKey(name)))
            {
                refusal = Refusal.UnknownParameter($"{root}.{path}");
                return false;
            }

            if (!TryMergeMember(parameter, value, settings, name, out refusal))
            {
                return false;
            }
        }

        refusal = default;
        return true;
    }

    private bool TryMergeMember(Parameter parameter, JsonNode? value, JsonObject settings, string name, out Refusal refusal)
    {
        refusal = default;
        if (value is null)
        {
            if (parameter.Nullable)
            {
                settings[name] = null;
                return true;
            }

            refusal = Refusal.WrongType($"{root}.{parameter.Path}", Parameters.Expected(parameter.Kind), "null");
            return false;
        }

        switch (parameter.Kind)
        {
            case ParameterKind.Group when value is JsonObject group:
                if (settings[name] is not JsonObject inner)
                {
                    settings[name] = inner = [];
                }

                return TryMergeGroup(group, inner, parameter.Path + ".", allowed: null, out refusal);

            case ParameterKind.Templated when value is JsonObject change:
                return TryMergeTemplated(parameter, change, settings, name, out refusal);

            default:
                refusal = Check(parameter, value);
                if (refusal.Code is not null)
                {
                    return false;
                }

                settings[name] = value.DeepClone();
                return true;
        }
    }

    private bool TryMergeTemplated(Parameter parameter, JsonObject change, JsonObject settings, string name, out Refusal refusal)
    {
        JsonObject? current = settings[name] as JsonObject;
        string? type = TextOf(change["type"]);
        string typePath = $"{parameter.Path}.type";
        if (type is null && current?["type"] is null && table.ContainsKey(typePath))
        {
            refusal = Refusal.Missing($"{root}.{typePath}");
            return false;
        }

        string? template = Parameters.Template(parameter.Path, type ?? TextOf(current?["type"]));
        if (template is null)
        {
            refusal = Refusal.NotOneOf($"{root}.{typePath}", type ?? "", table[typePath].Values);
            return false;
        }

        JsonObject fresh = JsonNode.Parse(template)!.AsObject();
        JsonObject allowed = fresh.DeepClone().AsObject();

        // A model of transcription that takes a delay is configured with it; the others do not show the member.
        allowed.TryAdd("delay", null);
        if (current is not null && TextOf(current["type"]) == TextOf(fresh["type"]))
        {
            fresh = current.DeepClone().AsObject();
        }

        settings[name] = fresh;
        return TryMergeGroup(change, fresh, parameter.Path + ".", allowed, out refusal);
    }

    private Refusal Check(Parameter parameter, JsonNode value)
    {
        string path = $"{root}.{parameter.Path}";
        return (parameter.Kind, value.GetValueKind()) switch
        {
            (ParameterKind.Anything, _) => default,
            (ParameterKind.Language, JsonValueKind.String) => Languages.IsKnown(value.GetValue<string>()) ? default : Refusal.UnknownLanguage(path, value.GetValue<string>()),
            (ParameterKind.Text, JsonValueKind.String) => CheckText(path, value.GetValue<string>(), parameter.Values),
            (ParameterKind.Boolean, JsonValueKind.True or JsonValueKind.False) => default,
            (ParameterKind.Number, JsonValueKind.Number) => CheckNumber(path, value, parameter, whole: false),
            (ParameterKind.Integer or ParameterKind.IntegerOrInfinity, JsonValueKind.Number) => CheckNumber(path, value, parameter, whole: true),
            (ParameterKind.IntegerOrInfinity, JsonValueKind.String) => CheckText(path, value.GetValue<string>(), ["inf"]),
            (ParameterKind.Modalities, JsonValueKind.Array) => CheckModalities(path, value.AsArray()),
            (ParameterKind.Tools, JsonValueKind.Array) => CheckTools(path, value.AsArray()),
            (ParameterKind.ToolChoice, JsonValueKind.String) => CheckText(path, value.GetValue<string>(), ["none", "auto", "required"]),
            (ParameterKind.Voice, JsonValueKind.String) => default,
            (ParameterKind.ToolChoice, JsonValueKind.Object) => CheckMemberText(value.AsObject(), TextOf(value["type"]) == "mcp" ? "server_label" : "name", path),
            (ParameterKind.Voice, JsonValueKind.Object) => CheckMemberText(value.AsObject(), "id", path),
            (ParameterKind.Metadata, JsonValueKind.Object) => CheckMetadata(path, value.AsObject()),
            _ => Refusal.WrongType(path, Parameters.Expected(parameter.Kind), Found(value.GetValueKind())),
        };
    }

    private static Refusal CheckText(string path, string value, string[] supported) => supported.Length == 0 || supported.Contains(value) ? default : Refusal.NotOneOf(path, value, supported);

    private static Refusal CheckNumber(string path, JsonNode value, Parameter parameter, bool whole)
    {
        double number = value.GetValue<double>();
        return whole && number != Math.Floor(number) ? Refusal.WrongType(path, Parameters.Expected(parameter.Kind), "a decimal number")
            : number < parameter.Least || number > parameter.Most ? Refusal.OutOfRange(path, number, parameter.Least, parameter.Most)
            : default;
    }

    private static Refusal CheckModalities(string path, JsonArray value)
    {
        string[] names = [.. value.Select(static name => TextOf(name) ?? "")];
        return names is ["audio"] or ["text"] ? default : Refusal.Modalities(path, string.Join(", ", names.Select(static name => $"'{name}'")));
    }

    private static Refusal CheckTools(string path, JsonArray value)
    {
        for (int i = 0; i < value.Count; i++)
        {
            string? type = TextOf(value[i]?["type"]);
            Refusal refusal = type is null ? Refusal.Missing($"{path}[{i}].type")
                : type == "mcp" ? CheckMcpServer($"{path}[{i}]", value[i]!.AsObject())
                : type != "function" ? Refusal.NotOneOf($"{path}[{i}].type", type, "function", "mcp")
                : TextOf(value[i]!["name"]) is not { Length: > 0 } ? Refusal.Missing($"{path}[{i}].name")
                : value[i]!["parameters"] is { } parameters and not JsonObject ? Refusal.WrongType($"{path}[{i}].parameters", "an object", Found(parameters.GetValueKind()))
                : default;
            if (refusal.Code is not null)
            {
                return refusal;
            }
        }

        return default;
    }

    private static Refusal CheckMetadata(string path, JsonObject value)
    {
        if (value.Count > MaxPairs)
        {
            return Refusal.TooManyPairs(path, MaxPairs, value.Count);
        }

        foreach ((string key, JsonNode? text) in value)
        {
            Refusal refusal = key.Length > MaxKeyLength ? Refusal.TooLong($"{path}.{key[..MaxKeyLength]}", MaxKeyLength, key.Length)
                : TextOf(text) is not { } found ? Refusal.WrongType($"{path}.{key}", "a string", Found(text?.GetValueKind() ?? JsonValueKind.Null))
                : found.Length > MaxValueLength ? Refusal.TooLong($"{path}.{key}", MaxValueLength, found.Length)
                : default;
            if (refusal.Code is not null)
            {
                return refusal;
            }
        }

        return default;
    }

    // Which words the service has for a server without an address was never seen.
    private static Refusal CheckMcpServer(string path, JsonObject tool) =>
        TextOf(tool["server_label"]) is not { Length: > 0 } ? Refusal.Missing($"{path}.server_label")
        : TextOf(tool["server_url"] ?? tool["connector_id"] ?? tool["tunnel_id"]) is null ? Refusal.Missing($"{path}.server_url")
        : TextOf(tool["require_approval"]) is { } approval and not ("always" or "never") ? Refusal.NotOneOf($"{path}.require_approval", approval, "always", "never")
        : default;

    private static Refusal CheckMemberText(JsonObject value, string name, string path) =>
        !value.TryGetPropertyValue(name, out JsonNode? text) ? Refusal.Missing($"{path}.{name}")
        : TextOf(text) is null ? Refusal.WrongType($"{path}.{name}", "a string", Found(text?.GetValueKind() ?? JsonValueKind.Null))
        : default;

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>What stands at a place, in the words of a refusal.</summary>
    public static string Found(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
