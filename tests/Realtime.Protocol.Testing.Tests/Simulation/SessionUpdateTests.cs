using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>An update changes what it names and nothing else, whole or not at all, and the answer shows all that is in force.</summary>
public class SessionUpdateTests
{
    [Fact]
    public void Update_KeepsWhatItDoesNotName()
    {
        var server = new SimulatedServer(manual: false);
        JsonNode before = server.Last["session"]!.DeepClone();

        JsonNode after = Updated(server, """{"type":"realtime","instructions":"Be brief.","audio":{"output":{"speed":1.25}}}""");

        before["instructions"] = "Be brief.";
        before["audio"]!["output"]!["speed"] = 1.25;
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public void TurnDetection_IsClearedByNull_AndComesBackWithItsDefaults()
    {
        var server = new SimulatedServer(manual: false);

        Assert.Null(Detection(Updated(server, """{"type":"realtime","audio":{"input":{"turn_detection":null}}}""")));
        Assert.Equal("""{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":700,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}""",
            Detection(Updated(server, """{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","silence_duration_ms":700}}}}"""))!.ToJsonString());
        Assert.Equal("""{"type":"semantic_vad","eagerness":"low","create_response":true,"interrupt_response":true}""",
            Detection(Updated(server, """{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"low"}}}}"""))!.ToJsonString());
    }

    [Fact]
    public void Transcription_IsShownWithItsOtherMembers_AsTheServiceDoes() =>
        Assert.Equal("""{"model":"whisper-1","language":null,"prompt":null}""",
            Updated(new SimulatedServer(), """{"type":"realtime","audio":{"input":{"transcription":{"model":"whisper-1"}}}}""")["audio"]!["input"]!["transcription"]!.ToJsonString());

    [Theory]
    [InlineData("""{"instructions":"x"}""", "missing_required_parameter", "Missing required parameter: 'session.type'.", "session.type")]
    [InlineData("""{"type":"transcription"}""", "invalid_value", "Invalid value: 'transcription'. Supported values are: 'realtime'.", "session.type")]
    [InlineData("""{"type":"realtime","totally_made_up_field":1}""", "unknown_parameter", "Unknown parameter: 'session.totally_made_up_field'.", "session.totally_made_up_field")]
    [InlineData("""{"type":"realtime","audio":{"input":{"loudness":1}}}""", "unknown_parameter", "Unknown parameter: 'session.audio.input.loudness'.", "session.audio.input.loudness")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","threshold":0.1}}}}""", "unknown_parameter",
        "Unknown parameter: 'session.audio.input.turn_detection.threshold'.", "session.audio.input.turn_detection.threshold")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":{"type":"telepathy"}}}}""", "invalid_value",
        "Invalid value: 'telepathy'. Supported values are: 'server_vad' and 'semantic_vad'.", "session.audio.input.turn_detection.type")]
    [InlineData("""{"type":"realtime","audio":{"output":{"format":{"type":"audio/mp3"}}}}""", "invalid_value",
        "Invalid value: 'audio/mp3'. Supported values are: 'audio/pcm', 'audio/pcmu', and 'audio/pcma'.", "session.audio.output.format.type")]
    [InlineData("""{"type":"realtime","output_modalities":["text","audio"]}""", "invalid_value",
        "Invalid modalities: ['text', 'audio']. Supported combinations are: ['text'] and ['audio'].", "session.output_modalities")]
    [InlineData("""{"type":"realtime","audio":{"output":{"speed":9}}}""", "decimal_above_max_value",
        "Invalid 'session.audio.output.speed': decimal above maximum value. Expected a value <= 1.5, but got 9 instead.", "session.audio.output.speed")]
    [InlineData("""{"type":"realtime","instructions":null}""", "invalid_type", "Invalid type for 'session.instructions': expected a string, but got null instead.", "session.instructions")]
    [InlineData("""{"type":"realtime","instructions":5}""", "invalid_type", "Invalid type for 'session.instructions': expected a string, but got a number instead.", "session.instructions")]
    [InlineData("""{"type":"realtime","tools":[{"type":"mail","server_label":"x"}]}""", "invalid_value", "Invalid value: 'mail'. Supported values are: 'function' and 'mcp'.", "session.tools[0].type")]
    [InlineData("""{"type":"realtime","tools":[{"type":"function"}]}""", "missing_required_parameter", "Missing required parameter: 'session.tools[0].name'.", "session.tools[0].name")]
    [InlineData("""{"type":"realtime","model":"gpt-5"}""", "invalid_value", "Invalid value: 'gpt-5'. The model of a session cannot be changed.", "session.model")]
    public void OneWrongMember_RefusesTheWholeUpdate(string session, string code, string message, string param)
    {
        var server = new SimulatedServer();
        JsonNode before = Updated(server, """{"type":"realtime","instructions":"Before."}""");
        JsonObject mixed = JsonNode.Parse(session)!.AsObject();
        mixed.Insert(0, "tool_choice", "required");

        JsonNode error = server.Refusal($$"""{"type":"session.update","event_id":"e1","session":{{mixed.ToJsonString()}}}""");

        Assert.Equal((code, message, param, "e1"), ((string)error["code"]!, (string)error["message"]!, (string)error["param"]!, (string)error["event_id"]!));
        Assert.True(JsonNode.DeepEquals(before, Updated(server, """{"type":"realtime"}""")));
    }

    [Fact]
    public void Voice_CanBeChosen_UntilTheModelHasSpoken()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        Updated(server, """{"type":"realtime","audio":{"output":{"voice":"cedar"}}}""");
        server.TakeTurn(Sound.Speech(200));

        JsonNode error = server.Refusal("""{"type":"session.update","session":{"type":"realtime","instructions":"Lost.","audio":{"output":{"voice":"alloy"}}}}""");

        Assert.Equal(("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present."), ((string)error["code"]!, (string)error["message"]!));
        Assert.Equal("cannot_update_voice", (string)server.Refusal("""{"type":"response.create","response":{"audio":{"output":{"voice":"alloy"}}}}""")["code"]!);
        JsonNode same = Updated(server, """{"type":"realtime","audio":{"output":{"voice":"cedar"}}}""");
        Assert.NotEqual("Lost.", (string)same["instructions"]!);
    }

    [Fact]
    public void Tracing_IsFixedOnceItIsSet()
    {
        var server = new SimulatedServer();
        Updated(server, """{"type":"realtime","tracing":{"workflow_name":"w"}}""");

        foreach (string other in new[] { "null", "\"auto\"", """{"workflow_name":"v"}""" })
        {
            JsonNode error = server.Refusal("""{"type":"session.update","session":{"type":"realtime","instructions":"Lost.","tracing":""" + other + "}}");
            Assert.Equal(("invalid_value", "session.tracing"), ((string)error["code"]!, (string)error["param"]!));
        }

        Assert.NotEqual("Lost.", (string)Updated(server, """{"type":"realtime","tracing":{"workflow_name":"w"}}""")["instructions"]!);
    }

    [Fact]
    public void Speed_ChangesBetweenResponsesOnly()
    {
        var server = new SimulatedServer();
        const string Faster = """{"type":"session.update","session":{"type":"realtime","audio":{"output":{"speed":1.2}}}}""";
        server.TakeTurn(Sound.Speech(1_200)).Wait(350);

        JsonNode error = server.Refusal(Faster);
        Assert.Equal(("invalid_value", "session.audio.output.speed"), ((string)error["code"]!, (string)error["param"]!));
        Updated(server, """{"type":"realtime","audio":{"output":{"speed":1}}}""");

        server.Wait(10_000);
        Assert.Equal(1.2, (double)Assert.Single(server.Ask(Faster))["session"]!["audio"]!["output"]!["speed"]!);
    }

    [Fact]
    public void Updates_AreAnsweredInOrder()
    {
        var server = new SimulatedServer();

        server.Say("""{"type":"session.update","session":{"type":"realtime","instructions":"1"}}""")
            .Say("""{"type":"session.update","event_id":"bad","session":{"type":"realtime","x":1}}""")
            .Say("""{"type":"session.update","session":{"type":"realtime","instructions":"3"}}""");

        Assert.Equal(["session.updated", "error", "session.updated"], server.Types);
        Assert.Equal("3", (string)server.Last["session"]!["instructions"]!);
    }

    [Fact]
    public void OutputFormat_AppliesToTheNextAnswer_AndTheRunningOneKeepsItsOwn()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(1_200)).Wait(350);

        Updated(server, """{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcmu"}}}}""");
        server.Wait(10_000);
        Assert.Equal(1_200 * Sound.BytesPerMs, server.Audio().Length);

        server.Said.Clear();
        server.TakeTurn(Sound.Speech(1_200)).Wait(10_000);
        Assert.Equal(1_200 * 8, server.Audio().Length);
        Assert.Equal("""{"type":"audio/pcmu"}""", server.The("response.done")["response"]!["audio"]!["output"]!["format"]!.ToJsonString());
    }

    private static JsonNode Updated(SimulatedServer server, string session)
    {
        JsonObject answer = Assert.Single(server.Ask($$"""{"type":"session.update","session":{{session}}}"""));
        Assert.True((string)answer["type"]! == "session.updated", answer.ToJsonString());
        return answer["session"]!;
    }

    private static JsonNode? Detection(JsonNode session) => session["audio"]!["input"]!["turn_detection"];
}
