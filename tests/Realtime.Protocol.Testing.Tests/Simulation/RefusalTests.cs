using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Every refusal has the code, the words and the parameter of the real service, names the client's event, and changes nothing.</summary>
public class RefusalTests
{
    private const string Assistant = """{"type":"conversation.item.create","item":{"id":"said","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}}""";

    [Fact]
    public void SecondResponse_IsRefused_AndNamesTheActiveOne()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(2_000)).Wait(100);
        string active = (string)server.The("response.created")["response"]!["id"]!;

        JsonNode error = server.Refusal("""{"type":"response.create","event_id":"e2"}""");

        AssertError(error, "conversation_already_has_active_response",
            $"Conversation already has an active response in progress: {active}. Wait until the response is finished before creating a new one.", null, "e2");
        server.Wait(60_000);
        Assert.Single(server.All("response.created"));
        Assert.Single(server.All("response.done"));
    }

    [Fact]
    public void SecondResponse_IsRefusedAlready_BeforeTheFirstIsAcknowledged()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(500));

        Assert.Equal("conversation_already_has_active_response", (string)server.Refusal("""{"type":"response.create"}""")["code"]!);
    }

    [Fact]
    public void ErrorWithoutAClientEventId_SaysNull()
    {
        var server = new SimulatedServer();

        JsonNode error = server.Refusal("""{"type":"response.cancel"}""");

        AssertError(error, "response_cancel_not_active", "Cancellation failed: no active response found", null, null);
    }

    [Theory]
    [InlineData("""{"type":"response.cancel","event_id":"e1"}""", "response_cancel_not_active", "Cancellation failed: no active response found", null)]
    [InlineData("""{"type":"response.cancel","event_id":"e1","response_id":"resp_1"}""", "response_cancel_not_active", "Cancellation failed: no active response found", null)]
    [InlineData("""{"type":"input_audio_buffer.commit","event_id":"e1"}""", "input_audio_buffer_commit_empty",
        "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 0.00ms of audio.", null)]
    [InlineData("""{"type":"conversation.item.delete","event_id":"e1","item_id":"yo"}""", "item_delete_invalid_item_id", "Error deleting item: the item with id 'yo' does not exist.", null)]
    [InlineData("""{"type":"conversation.item.truncate","event_id":"e1","item_id":"yo","content_index":0,"audio_end_ms":5}""", "item_truncate_invalid_item_id",
        "Error truncating item: the item with id 'yo' does not exist.", null)]
    [InlineData("""{"type":"conversation.item.truncate","event_id":"e1","item_id":"said","content_index":0,"audio_end_ms":5}""", "unsupported_content_type",
        "Only model output audio messages can be truncated", null)]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","previous_item_id":"yo","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}""",
        "item_create_invalid_previous_item_id", "Error adding item: the previous item with id 'yo' does not exist.", null)]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","item":{"id":"said","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}""",
        "item_create_duplicate_item_id", "Error adding item: an item with id 'said' already exists.", null)]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","item":{"type":"function_call_output","call_id":"call_1","output":"x"}}""",
        "invalid_tool_call_id", "Tool call ID 'call_1' not found in conversation.", null)]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","item":{"type":"message","role":"assistant","content":[{"type":"output_audio","audio":"AAAA"}]}}""",
        "missing_required_parameter", "Missing required parameter: 'item.content[0].text'.", "item.content[0].text")]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","item":{"type":"message","role":"system","content":[{"type":"output_text","text":"x"}]}}""",
        "invalid_value", "Invalid value: 'output_text'. Supported values are: 'input_text'.", "item.content[0].type")]
    [InlineData("""{"type":"conversation.item.create","event_id":"e1","item":{"id":"b","type":"mcp_list_tools","server_label":"a","tools":[]}}""",
        "invalid_value", "Invalid value: 'mcp_list_tools'. Supported values are: 'message', 'function_call', 'function_call_output', and 'mcp_approval_response'.", "item.type")]
    [InlineData("""{"type":"conversation.item.delete","event_id":"e1"}""", "missing_required_parameter", "Missing required parameter: 'item_id'.", "item_id")]
    [InlineData("""{"type":"conversation.item.truncate","event_id":"e1","item_id":"said","content_index":0,"audio_end_ms":"5"}""", "invalid_type",
        "Invalid type for 'audio_end_ms': expected an integer, but got a string instead.", "audio_end_ms")]
    [InlineData("""{"type":"input_audio_buffer.append","event_id":"e1","audio":"not base64!"}""", "invalid_value",
        "Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value.", "audio")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"colour":"red"}}""", "unknown_parameter", "Unknown parameter: 'response.colour'.", "response.colour")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"output_modalities":["audio","text"]}}""", "invalid_value",
        "Invalid modalities: ['audio', 'text']. Supported combinations are: ['text'] and ['audio'].", "response.output_modalities")]
    [InlineData("""{"type":"response.create","event_id":"e1","response":{"metadata":{"k":1}}}""", "invalid_type",
        "Invalid type for 'response.metadata.k': expected a string, but got a number instead.", "response.metadata.k")]
    [InlineData("""{"event_id":"e1"}""", "invalid_event", "The 'type' field is missing.", null)]
    public void WhatTheServiceRefuses_IsRefusedInItsWords(string said, string code, string message, string? param)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.Say(Assistant);
        server.Said.Clear();

        AssertError(server.Refusal(said), code, message, param, "e1");

        // Nothing was changed: the conversation still holds one item, and a response can be had.
        server.Say("""{"type":"response.create"}""");
        Assert.Equal("said", (string)server.The("conversation.item.added")["previous_item_id"]!);
    }

    [Fact]
    public void UnknownEventType_IsRefused_AndTheKnownOnesAreListed()
    {
        var server = new SimulatedServer();

        JsonNode error = server.Refusal("""{"type":"output_audio_buffer.clear","event_id":"e1"}""");

        AssertError(error, "invalid_value",
            "Invalid value: 'output_audio_buffer.clear'. Supported values are: 'session.update', 'input_audio_buffer.append', 'input_audio_buffer.commit', 'input_audio_buffer.clear', "
            + "'conversation.item.create', 'conversation.item.truncate', 'conversation.item.delete', 'conversation.item.retrieve', 'response.create', and 'response.cancel'.", "type", "e1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"response.create\"")]
    [InlineData("{\"type\":\"response.cancel\",\"type\":\"response.cancel\"}")]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"x\":1,\"x\":2}}")]
    public void WhatIsNoEvent_IsAnsweredWithInvalidEvent_AndTheSessionGoesOn(string said)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);

        Assert.Contains((string)server.Refusal(said)["code"]!, new[] { "invalid_event", "unknown_parameter" });

        server.TakeTurn(Sound.Speech(200));
        Assert.Single(server.All("response.done"));
    }

    [Fact]
    public void BrokenEvent_IsStillNamed_WhenItsIdCanBeFound()
    {
        var server = new SimulatedServer();

        Assert.Equal("e7", (string)server.Refusal("""{"event_id":"e7","type":"response.create","response":{""")["event_id"]!);
    }

    [Fact]
    public void CommitOfTooLittle_SaysHowMuchThereIs()
    {
        var server = new SimulatedServer();
        server.Say(SimulatedServer.Append(new byte[4_798]));

        Assert.Equal("Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 99.96ms of audio.",
            (string)server.Refusal("""{"type":"input_audio_buffer.commit"}""")["message"]!);
    }

    [Fact]
    public void TruncatingBeyondTheAudio_IsRefused_AndUpToItsEndIsNot()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.TakeTurn(Sound.Speech(2_650));
        string id = (string)server.All("conversation.item.done").Last()["item"]!["id"]!;

        AssertError(server.Refusal(Truncate(id, 2_651, "e1")), "invalid_value", "Audio content of 2650ms is already shorter than 2651ms", null, "e1");

        JsonObject truncated = Assert.Single(server.Ask(Truncate(id, 2_650, "e2")));
        Assert.Equal(("conversation.item.truncated", 2_650L), ((string)truncated["type"]!, (long)truncated["audio_end_ms"]!));
        Assert.Equal("Audio content of 1000ms is already shorter than 1001ms",
            (string)server.Say(Truncate(id, 1_000, "e3")).Refusal(Truncate(id, 1_001, "e4"))["message"]!);
    }

    [Fact]
    public void TruncatingWhatHasNoAudioYet_IsRefused_AndWhatWasCutToNothingIsNot()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { Speaker = new FixedModel(new ModelAnswer(new ModelOutput.Speech(default, "words without sound"))) });
        server.TakeTurn(Sound.Speech(200));
        string silent = (string)server.All("conversation.item.done").Last()["item"]!["id"]!;

        AssertError(server.Refusal(Truncate(silent, 0, "e1")), "unsupported_content_type", "Only model output audio messages can be truncated", null, "e1");

        var other = new SimulatedServer(SimulatedServer.Immediate);
        other.TakeTurn(Sound.Speech(200));
        string spoken = (string)other.All("conversation.item.done").Last()["item"]!["id"]!;
        Assert.Equal("conversation.item.truncated", (string)Assert.Single(other.Ask(Truncate(spoken, 0, "e2")))["type"]!);
        Assert.Equal("conversation.item.truncated", (string)Assert.Single(other.Ask(Truncate(spoken, 0, "e3")))["type"]!);
    }

    [Fact]
    public void Metadata_IsEchoed_UpToItsLimits()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        string Pairs(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"k{i}\":\"v\""))}}}";
        string Create(string metadata) => "{\"type\":\"response.create\",\"response\":{\"metadata\":" + metadata + "}}";

        Assert.Equal("object_above_max_properties", (string)server.Refusal(Create(Pairs(17)))["code"]!);
        Assert.Equal("string_above_max_length", (string)server.Refusal(Create($$"""{"k":"{{new string('v', 513)}}"}"""))["code"]!);
        Assert.Equal("string_above_max_length", (string)server.Refusal(Create($$"""{"{{new string('k', 65)}}":"v"}"""))["code"]!);

        server.Say(Create(Pairs(16)));
        Assert.Equal(16, server.The("response.created")["response"]!["metadata"]!.AsObject().Count);
        Assert.Equal(16, server.The("response.done")["response"]!["metadata"]!.AsObject().Count);
    }

    [Fact]
    public void InputBuffer_HasALimit()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { MaxInputAudioBytes = 10_000 });
        server.Say(SimulatedServer.Append(new byte[9_000]));

        Assert.Equal("input_audio_buffer_full", (string)server.Refusal(SimulatedServer.Append(new byte[1_001]))["code"]!);
    }

    [Fact]
    public void ErrorsCanBeLeftWithoutTheirEvent()
    {
        var server = new SimulatedServer(new SimulatorOptions { Service = new() { ErrorsNameTheirEvent = false } });

        Assert.Null((string?)server.Refusal("""{"type":"response.cancel","event_id":"e1"}""")["event_id"]);
    }

    private static string Truncate(string item, int ms, string eventId) =>
        $$"""{"type":"conversation.item.truncate","event_id":"{{eventId}}","item_id":"{{item}}","content_index":0,"audio_end_ms":{{ms}}}""";

    private static void AssertError(JsonNode error, string code, string message, string? param, string? eventId)
    {
        Assert.Equal("invalid_request_error", (string)error["type"]!);
        Assert.Equal((code, message), ((string)error["code"]!, (string)error["message"]!));
        Assert.Equal((param, eventId), ((string?)error["param"], (string?)error["event_id"]));
    }
}
