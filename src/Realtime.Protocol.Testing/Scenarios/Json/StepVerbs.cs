using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>What a step may be: exactly one verb, and of the other members those that belong to it.</summary>
internal static class StepVerbs
{
    private static readonly string[] Verbs = ["say", "write", "call", "mcp", "wait", "fail", "incomplete", "send", "close"];

    private static readonly (string Member, string[] Verbs)[] Belongings =
    [
        ("audio", ["say"]),
        ("arguments", ["call", "mcp"]),
        ("callId", ["call"]),
        ("output", ["mcp"]),
        ("error", ["mcp"]),
        ("runsFor", ["mcp"]),
        ("reason", ["close"]),
        ("item", ["say", "write", "call", "mcp"]),
        ("firstDelta", ["say", "write", "call", "mcp"]),
        ("chunk", ["say"]),
        ("every", ["say", "write", "call", "mcp"]),
    ];

    public static ScenarioStep Check(ScenarioStep step, Located at)
    {
        LocatedMember[] verbs = [.. at.Members.Where(static member => Verbs.Contains(member.Name))];
        if (verbs.Length != 1)
        {
            throw verbs.Length == 0
                ? at.Fault($"A step does one thing: it has one of {string.Join(", ", Verbs)}.")
                : at.Fault(verbs[1], $"A step does one thing: it has \"{verbs[0].Name}\" already. Make \"{verbs[1].Name}\" a step of its own.");
        }

        foreach (LocatedMember member in at.Members)
        {
            (string _, string[] owners) = Belongings.FirstOrDefault(row => row.Member == member.Name);
            if (owners is not null && !owners.Contains(verbs[0].Name))
            {
                throw at.Fault(member, $"\"{member.Name}\" belongs to {string.Join(" or ", owners.Select(static owner => $"\"{owner}\""))}, not to \"{verbs[0].Name}\".");
            }
        }

        if (step is { Output: not null, Error: not null })
        {
            throw at.Fault(at.Members.Last(static member => member.Name is "output" or "error"), "A call returns or fails: it has \"output\" or \"error\", not both.");
        }

        if (at.Find("send") is { } sent && sent.Find("type") is not { Kind: System.Text.Json.JsonValueKind.String })
        {
            throw sent.Fault("An event has a \"type\", which is a text.");
        }

        return step;
    }

    /// <summary>Nothing follows what ends a response.</summary>
    public static void CheckOrder(IReadOnlyList<ScenarioStep> steps, Located at)
    {
        for (int i = 0; i + 1 < steps.Count; i++)
        {
            if (steps[i].IsLast)
            {
                throw at.Items[i + 1].Fault("Nothing can follow: the step before ends the response.");
            }
        }
    }

    public static void Schema(JsonObject schema)
    {
        schema["oneOf"] = new JsonArray([.. Verbs.Select(static verb => (JsonNode)Required(verb))]);
        var dependencies = new JsonObject();
        foreach ((string member, string[] owners) in Belongings)
        {
            dependencies[member] = owners.Length == 1 ? new JsonArray(owners[0]) : new JsonObject { ["anyOf"] = new JsonArray([.. owners.Select(static owner => (JsonNode)Required(owner))]) };
        }

        schema["dependencies"] = dependencies;
    }

    private static JsonObject Required(string verb) => new() { ["required"] = new JsonArray(verb) };
}
