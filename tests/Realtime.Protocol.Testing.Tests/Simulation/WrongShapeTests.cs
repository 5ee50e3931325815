using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// Every member of every client event is given every kind of value that it should not have: null, the wrong type, nothing. The server
/// answers with an error or with what the event asks for, never with an exception, and a refusal leaves the session working.
/// </summary>
public class WrongShapeTests
{
    private static readonly string[] Whole =
    [
        """{"type":"session.update","event_id":"e","session":{"type":"realtime","model":"gpt-realtime","instructions":"x","output_modalities":["audio"],"max_output_tokens":5,"tool_choice":{"type":"function","name":"clock"},"tools":[{"type":"function","name":"clock","description":"d","parameters":{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}}],"include":["item.input_audio_transcription.logprobs"],"tracing":"auto","prompt":{"id":"p","variables":{"a":"b"}},"truncation":{"type":"retention_ratio","retention_ratio":0.5},"parallel_tool_calls":true,"reasoning":{"effort":"low"},"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"whisper-1","language":"en","prompt":"p"},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":6000,"create_response":true,"interrupt_response":true}},"output":{"format":{"type":"audio/pcmu"},"voice":{"id":"voice_1"},"speed":1.1}}}}""",
        """{"type":"session.update","session":{"type":"realtime","tool_choice":"auto","tracing":{"workflow_name":"w","group_id":"g","metadata":{"a":"b"}},"truncation":"auto","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"low","create_response":true,"interrupt_response":true}},"output":{"voice":"marin"}}}}""",
        """{"type":"input_audio_buffer.append","event_id":"e","audio":"AAAA"}""",
        """{"type":"input_audio_buffer.commit","event_id":"e"}""",
        """{"type":"input_audio_buffer.clear","event_id":"e"}""",
        """{"type":"conversation.item.create","event_id":"e","previous_item_id":"said","item":{"id":"i","object":"realtime.item","status":"completed","type":"message","role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_audio","audio":"AAAA","transcript":"y"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"}]}}""",
        """{"type":"conversation.item.create","item":{"type":"function_call","name":"clock","call_id":"c2","arguments":"{}"}}""",
        """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"x"}}""",
        """{"type":"conversation.item.truncate","event_id":"e","item_id":"said","content_index":0,"audio_end_ms":1}""",
        """{"type":"conversation.item.delete","event_id":"e","item_id":"said"}""",
        """{"type":"conversation.item.retrieve","event_id":"e","item_id":"said"}""",
        """{"type":"response.create","event_id":"e","response":{"conversation":"none","output_modalities":["text"],"instructions":"x","tools":[{"type":"function","name":"clock","parameters":{}}],"tool_choice":"required","max_output_tokens":"inf","metadata":{"k":"v"},"prompt":{"id":"p"},"audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"input":[{"type":"item_reference","id":"said"},{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}]}}""",
        """{"type":"response.cancel","event_id":"e","response_id":"r"}""",
    ];

    private static readonly string[] Values = ["null", "true", "\"\"", "\"x\"", "1.5", "-1", "1e300", "9223372036854775807", "[]", "{}", "[null]", "[[]]", "[{}]", "[1]", """{"type":null}""", """{"id":null}""", """{"name":null}""", """{"name":1}""", """{"type":1}""", """{"a":null}""", """[{"type":"function","name":"x","parameters":null}]""", """[{"type":"function","name":"x","parameters":[]}]"""];

    public static TheoryData<int> Events => [.. Enumerable.Range(0, Whole.Length)];

    [Theory]
    [MemberData(nameof(Events))]
    public void AnyMemberWithAnyValue_IsAnswered_AndTheSessionGoesOn(int number)
    {
        JsonObject whole = JsonNode.Parse(Whole[number])!.AsObject();
        List<string> failures = [];
        foreach (JsonNode changed in Changed(whole))
        {
            string said = changed.ToJsonString();
            try
            {
                var server = new SimulatedServer(SimulatedServer.Immediate);
                server.Say("""{"type":"conversation.item.create","item":{"id":"said","type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock"}]}}""")
                    .Say("""{"type":"conversation.item.create","item":{"type":"function_call","name":"clock","call_id":"c1","arguments":"{}"}}""").Said.Clear();
                IReadOnlyList<JsonObject> answer = server.Ask(said);
                if (answer.Count(static one => (string)one["type"]! == "error") > 1)
                {
                    failures.Add($"two errors for {said}");
                }

                server.Said.Clear();
                server.Say("""{"type":"input_audio_buffer.clear"}""").Say("""{"type":"response.create"}""").Wait(1_000);
                if (!server.Types.Contains("response.done"))
                {
                    failures.Add($"no answer any more after {said}");
                }
            }
            catch (Exception thrown)
            {
                failures.Add($"{thrown.GetType().Name} {thrown.Message} for {said}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of them:\n{string.Join('\n', failures.Take(10))}");
    }

    [Theory]
    [InlineData("""{"type":"response.create","event_id":"e1","response":null}""", "response", "an object", "null")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"tools":[null]}}""", "response.tools[0]", "an object", "null")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"tools":[1]}}""", "response.tools[0]", "an object", "a number")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"tool_choice":{"type":"function","name":null}}}""", "response.tool_choice.name", "a string", "null")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":null}""", "session", "an object", "null")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":{"type":"realtime","tools":[{"type":"function","name":"x","parameters":[]}]}}""", "session.tools[0].parameters", "an object", "an array")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":{"type":1}}""", "session.type", "a string", "a number")]
    public void WrongTypes_AreNamedWithTheirPath(string said, string path, string expected, string found)
    {
        var server = new SimulatedServer();

        JsonNode error = server.Refusal(said);

        Assert.Equal(("invalid_type", path, $"Invalid type for '{path}': expected {expected}, but got {found} instead."), ((string)error["code"]!, (string?)error["param"], (string)error["message"]!));
        Assert.Equal("e1", (string?)error["event_id"]);
    }

    private static IEnumerable<JsonNode> Changed(JsonObject whole)
    {
        foreach (string path in Paths(whole, "").ToArray())
        {
            yield return With(whole, path, static (parent, key) => Set(parent, key, remove: true, null));
            foreach (string value in Values)
            {
                yield return With(whole, path, (parent, key) => Set(parent, key, remove: false, JsonNode.Parse(value)));
            }
        }
    }

    private static IEnumerable<string> Paths(JsonNode? node, string at)
    {
        IEnumerable<(string Key, JsonNode? Value)> inner = node switch
        {
            JsonObject members => members.Select(static member => (member.Key, member.Value)),
            JsonArray elements => elements.Select(static (element, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), element)),
            _ => [],
        };
        return inner.SelectMany(one => Paths(one.Value, $"{at}/{one.Key}").Prepend($"{at}/{one.Key}"));
    }

    private static JsonNode With(JsonObject whole, string path, Action<JsonNode, string> change)
    {
        JsonNode copy = whole.DeepClone();
        JsonNode parent = copy;
        string[] keys = path.Split('/')[1..];
        foreach (string key in keys[..^1])
        {
            parent = parent is JsonArray array ? array[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : parent[key]!;
        }

        change(parent, keys[^1]);
        return copy;
    }

    private static void Set(JsonNode parent, string key, bool remove, JsonNode? value)
    {
        if (parent is JsonArray array)
        {
            int index = int.Parse(key, System.Globalization.CultureInfo.InvariantCulture);
            if (remove)
            {
                array.RemoveAt(index);
            }
            else
            {
                array[index] = value;
            }
        }
        else if (remove)
        {
            parent.AsObject().Remove(key);
        }
        else
        {
            parent[key] = value;
        }
    }
}
