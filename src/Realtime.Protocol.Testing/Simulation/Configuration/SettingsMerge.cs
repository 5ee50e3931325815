using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>
/// Puts an update into settings: what is absent stays, null clears, and the rest is replaced or merged, as its row says. The shape of the update
/// was checked before; what depends on the settings that are there is seen here. It changes the settings as it goes, so the caller gives it
/// a copy and throws that away when it is refused: an update is applied whole or not at all.
/// </summary>
/// <param name="shape">The rows of the object that is merged.</param>
internal readonly struct SettingsMerge(ShapeNode shape)
{
    /// <summary>Merges; false with the first refusal.</summary>
    public bool TryMerge(JsonObject update, JsonObject settings, out Refusal refusal) => TryJoin(shape, update, settings, out refusal);

    private static bool TryJoin(ShapeNode group, JsonObject update, JsonObject settings, out Refusal refusal)
    {
        foreach ((string name, JsonNode? value) in update)
        {
            ShapeNode member = group.Member(name)!;
            if (value is JsonObject change && member.Shape.Merging == ShapeMerging.Join)
            {
                if (settings[name] is not JsonObject inner)
                {
                    settings[name] = inner = [];
                }

                if (!TryJoin(member, change, inner, out refusal))
                {
                    return false;
                }
            }
            else if (value is JsonObject other && member.Shape.Merging == ShapeMerging.Template)
            {
                if (!TryFill(member.Shape.Path, other, settings, name, out refusal))
                {
                    return false;
                }
            }
            else
            {
                settings[name] = value?.DeepClone();
            }
        }

        refusal = default;
        return true;
    }

    private static bool TryFill(string path, JsonObject change, JsonObject settings, string name, out Refusal refusal)
    {
        JsonObject? current = settings[name] as JsonObject;
        string? type = TextOf(change["type"]) ?? TextOf(current?["type"]);
        if (Templates.Of(path, type) is not { } template)
        {
            refusal = Refusal.Missing($"{path}.type");
            return false;
        }

        JsonObject fresh = JsonNode.Parse(template)!.AsObject();
        JsonObject start = current is not null && TextOf(current["type"]) == TextOf(fresh["type"]) ? current.DeepClone().AsObject() : fresh;
        settings[name] = start;
        foreach ((string member, JsonNode? value) in change)
        {
            if (!fresh.ContainsKey(member) && !Templates.IsOptional(path, member))
            {
                refusal = Refusal.UnknownParameter($"{path}.{member}");
                return false;
            }

            start[member] = value?.DeepClone();
        }

        refusal = default;
        return true;
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
