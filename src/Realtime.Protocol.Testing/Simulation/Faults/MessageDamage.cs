using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>What can be done to the text of one event: each takes a message and gives another. They know JSON, and nothing of what it means.</summary>
internal static class MessageDamage
{
    private static readonly string[] OfTheClient = ["metadata", "headers", "variables", "parameters"];

    /// <summary>A member set to other JSON. Where its owner is not there, nothing happens.</summary>
    /// <param name="path">Names and, in lists, numbers, with dots between: <c>response.output.0.status</c>.</param>
    /// <param name="value">What it is then; null takes the member away.</param>
    public static byte[] Alter(byte[] message, string path, JsonNode? value, bool remove)
    {
        JsonNode root = JsonNode.Parse(message)!;
        string[] steps = path.Split('.');
        JsonNode? owner = steps[..^1].Aggregate((JsonNode?)root, static (node, step) => Step(node, step));
        switch (owner)
        {
            case JsonObject members when remove:
                members.Remove(steps[^1]);
                break;
            case JsonObject members:
                members[steps[^1]] = value?.DeepClone();
                break;
            case JsonArray list when int.TryParse(steps[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < list.Count:
                if (remove)
                {
                    list.RemoveAt(at);
                }
                else
                {
                    list[at] = value?.DeepClone();
                }

                break;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>Its first bytes only.</summary>
    public static byte[] Cut(byte[] message, int bytes) => message[..Math.Min(bytes, message.Length)];

    /// <summary>Grown to a size by white space behind its first brace; never made smaller.</summary>
    public static byte[] Pad(byte[] message, int bytes)
    {
        int more = Math.Max(0, bytes - message.Length);
        byte[] padded = new byte[message.Length + more];
        padded.AsSpan(1, more).Fill((byte)' ');
        padded[0] = message[0];
        message.AsSpan(1).CopyTo(padded.AsSpan(1 + more));
        return padded;
    }

    /// <summary>What readers have to live with in normal traffic: members that nobody knows, at any depth, and whole numbers written as 1.0.</summary>
    /// <param name="chance">Gives numbers from 0 to below 1.</param>
    public static byte[] Noise(byte[] message, Func<double> chance)
    {
        JsonNode root = JsonNode.Parse(message)!;
        Strew(root, chance);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static JsonNode? Step(JsonNode? owner, string step) => owner switch
    {
        JsonObject members => members[step],
        JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < list.Count => list[at],
        _ => null,
    };

    private static void Strew(JsonNode? node, Func<double> chance)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? entry in list)
            {
                Strew(entry, chance);
            }
        }
        else if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToList())
            {
                Strew(value, chance);
                if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && chance() < 0.5 && number.TryGetValue(out long whole))
                {
                    members[name] = JsonNode.Parse($"{whole.ToString(CultureInfo.InvariantCulture)}.0");
                }
            }

            // What has names of the client's own comes back as the client said it: a server does not add to it.
            if (chance() < 0.5 && node.Parent is null or JsonObject && (node.Parent is null || !OfTheClient.Contains(node.GetPropertyName())))
            {
                members["x_unknown"] = JsonNode.Parse("""{"deep":[1,null,{"type":"x"}]}""");
            }
        }
    }
}
