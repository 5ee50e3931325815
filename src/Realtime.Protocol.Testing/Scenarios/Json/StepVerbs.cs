using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>What a step may be: exactly one verb, and of the other members those that belong to it.</summary>
internal static class StepVerbs
{
    private static readonly string[] Verbs = ["say", "write", "parts", "call", "mcp", "wait", "fail", "incomplete", "send", "close"];

    private static readonly (string Member, string[] Verbs)[] Belongings =
    [
        ("audio", ["say"]),
        ("arguments", ["call", "mcp"]),
        ("callId", ["call"]),
        ("output", ["mcp"]),
        ("error", ["mcp"]),
        ("runsFor", ["mcp"]),
        ("reason", ["close"]),
        ("item", ["say", "write", "parts", "call", "mcp"]),
        ("firstDelta", ["say", "write", "parts", "call", "mcp"]),
        ("chunk", ["say"]),
        ("every", ["say", "write", "parts", "call", "mcp"]),
        ("overlap", ["say", "write", "parts", "call", "mcp"]),
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

        if (step.Parts is { Count: 0 })
        {
            throw at.Find("parts")!.Fault("A message has a part at least.");
        }

        if (step.Fail is { Param: not null })
        {
            throw at.Find("fail")!.Find("param")!.Fault("A response that fails names no parameter; only a refusal and a transcription do.");
        }

        return step;
    }

    /// <summary>A part of a message is spoken or written, and nothing else.</summary>
    public static ScenarioStep CheckPart(ScenarioStep part, Located at) =>
        part.Say is null == part.Write is null ? throw at.Fault("A part of a message has \"say\" or \"write\".")
        : part.Audio is not null && part.Say is null ? throw at.Fault(at.Members.First(static member => member.Name == "audio"), "\"audio\" belongs to \"say\", not to \"write\".")
        : part;

    public static void PartSchema(JsonObject schema)
    {
        schema["oneOf"] = new JsonArray(Required("say"), Required("write"));
        schema["dependencies"] = new JsonObject { ["audio"] = new JsonArray("say") };
    }

    /// <summary>Nothing follows what ends a response, and the first step runs beside none.</summary>
    public static void CheckOrder(IReadOnlyList<ScenarioStep> steps, Located at)
    {
        if (steps is [{ Overlap: true }, ..])
        {
            throw at.Items[0].Fault("The first step has none before it to run beside; take \"overlap\" out.");
        }

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
        schema["properties"]!["parts"]!["minItems"] = 1;
        var dependencies = new JsonObject();
        foreach ((string member, string[] owners) in Belongings)
        {
            dependencies[member] = owners.Length == 1 ? new JsonArray(owners[0]) : new JsonObject { ["anyOf"] = new JsonArray([.. owners.Select(static owner => (JsonNode)Required(owner))]) };
        }

        schema["dependencies"] = dependencies;
    }

    private static JsonObject Required(string verb) => new() { ["required"] = new JsonArray(verb) };
}
