using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Scenarios;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Sequences;

/// <summary>Plays one file of <c>Sequences</c> against the simulator and tells where the two part.</summary>
internal sealed class SequenceRun
{
    private readonly Dictionary<string, string> _names = [];
    private readonly SimulatedServer _server;
    private int _heard;

    private SequenceRun(SimulatorOptions options, bool grammar) => _server = new SimulatedServer(options, manual: false, grammar);

    /// <summary>Null when everything was as it stands there; else the line and what came instead.</summary>
    public static string? FirstDifference(string[] lines)
    {
        SimulatorOptions options = new() { McpServers = [new("docs", new SimulatedMcpTool("search", "Thirty days."))] };
        foreach (string line in lines)
        {
            options = line.Split(' ', 2) switch
            {
                ["model", var name] => options with { Speaker = SequenceModels.Named(name) },
                ["scenario", var name] => Scenario.Load(Examples.PathOf(name)),
                ["service", var wish] => options with { Service = With(options.Service, wish) },
                _ => options,
            };
        }

        var run = new SequenceRun(options, grammar: options.Service is { ItemDone: true, ClosedStatus: ClosedStatus.Incomplete } && !options.Faults.Wishes.Any());
        for (int i = 0; i < lines.Length; i++)
        {
            // Time that passes brings what the lines behind it expect.
            if (run.Play(lines[i]) is { } difference)
            {
                return $"line {i + 1}: {lines[i]}\n{difference}";
            }
        }

        return run._server.Said.Count == run._heard ? null : $"behind the last line: {run.Next}";
    }

    private string Next => _heard < _server.Said.Count ? _server.Said[_heard].ToJsonString() : "nothing";

    private string? Play(string line)
    {
        switch (line.Split(' ', 2))
        {
            case ["→", ['{', ..] json]:
                _server.Say(Filled(json));
                return null;
            case ["→", var sound]:
                string[] words = sound.Split(' ');
                int ms = int.Parse(words[1], CultureInfo.InvariantCulture);
                _server.Say(SimulatedServer.Append(words[0] == "speech" ? Support.Sound.Speech(ms) : Support.Sound.Silence(ms)));
                return null;
            case ["wait", var span]:
                _server.Wait(int.Parse(span, CultureInfo.InvariantCulture));
                return null;
            case ["←", var expected]:
                return Hear(expected.Split(' ', 2)[0], JsonNode.Parse(expected.Split(' ', 2)[1])!);
            default:
                return line.Length == 0 || line.Split(' ')[0] is "#" or "model" or "scenario" or "service" ? null : "this line means nothing";
        }
    }

    private string? Hear(string type, JsonNode members)
    {
        bool any = type.EndsWith('+');
        type = type.TrimEnd('+');
        int before = _heard;
        while (_heard < _server.Said.Count && (string)_server.Said[_heard]["type"]! == type && (any || _heard == before))
        {
            if (Difference(members, _server.Said[_heard], "") is { } difference)
            {
                return $"{difference}: {Next}";
            }

            _heard++;
        }

        return _heard > before ? null : $"came: {Next}";
    }

    private string? Difference(JsonNode? expected, JsonNode? said, string path)
    {
        switch (expected, said)
        {
            case (JsonObject members, JsonObject has):
                return members.Select(member => has.ContainsKey(member.Key) ? Difference(member.Value, has[member.Key], $"{path}.{member.Key}") : $"{path}.{member.Key} is missing")
                    .FirstOrDefault(static difference => difference is not null);
            case (JsonArray items, JsonArray list):
                return items.Count != list.Count
                    ? $"{path} has {list.Count} entries"
                    : items.Select((item, i) => Difference(item, list[i], $"{path}[{i}]")).FirstOrDefault(static difference => difference is not null);
            case (JsonValue name, JsonValue value) when name.TryGetValue(out string? text) && text.StartsWith('$'):
                string bound = (string)value!;
                return _names.TryAdd(text, bound) || _names[text] == bound ? null : $"{path} is {bound} and {text} is {_names[text]}";
            case (JsonValue sentence, JsonValue value) when sentence.TryGetValue(out string? text) && text.Contains("{$", StringComparison.Ordinal):
                text = _names.Aggregate(text, static (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));
                return value.TryGetValue(out string? there) && there == text ? null : $"{path} is {said.ToJsonString()}";
            default:
                return JsonNode.DeepEquals(expected, said) ? null : $"{path} is {said?.ToJsonString() ?? "null"}";
        }
    }

    private string Filled(string json) => _names.Aggregate(json, static (text, name) => text.Replace($"\"{name.Key}\"", $"\"{name.Value}\"", StringComparison.Ordinal));

    /// <summary>The same switches with one more, written as <c>NAME=VALUE</c>.</summary>
    public static ServiceSwitches With(ServiceSwitches service, string wish)
    {
        string[] parts = wish.Split('=', 2);
        string[] path = parts[0].Split('.');
        ServiceSwitches copy = service with { AutoResponse = service.AutoResponse with { } };
        object owner = path.Length == 1 ? copy : copy.AutoResponse;
        System.Reflection.PropertyInfo property = owner.GetType().GetProperty(path[^1]) ?? throw new ArgumentException($"There is no switch {parts[0]}.", nameof(wish));
        property.SetValue(owner, property.PropertyType.IsEnum ? Enum.Parse(property.PropertyType, parts[1]) : Convert.ChangeType(parts[1], property.PropertyType, CultureInfo.InvariantCulture));
        return copy;
    }
}
