using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Every response is told in the order that recorded sessions of the service show.</summary>
public class ResponseOrderTests
{
    private const string CreateResponse = """{"type":"response.create"}""";
    private const string Cancel = """{"type":"response.cancel"}""";
    private const string ClockTool = """[{"type":"function","name":"clock","parameters":{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}}]""";

    [Fact]
    public void Connecting_IsAnsweredWithTheWholeSession()
    {
        var server = new SimulatedServer(manual: false);

        JsonObject created = Assert.Single(server.Said);
        Assert.Equal("session.created", (string)created["type"]!);
        Assert.Matches("^event_[A-Za-z0-9]{21}$", (string)created["event_id"]!);
        JsonNode session = created["session"]!;
        Assert.Matches("^sess_[A-Za-z0-9]{21}$", (string)session["id"]!);
        Assert.Equal("realtime.session", (string)session["object"]!);
        Assert.Equal(1_800_000_000 + 3600, (long)session["expires_at"]!);
        Assert.Equal(
            """{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}""",
            session["audio"]!["input"]!["turn_detection"]!.ToJsonString());
    }

    [Fact]
    public void Committing_MakesAUserMessage_AndNoResponse()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);

        server.Say(SimulatedServer.Append(Sound.Speech(500))).Say("""{"type":"input_audio_buffer.commit"}""").Wait(60_000);

        Assert.Equal(["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"], server.Types);
        string id = (string)server.Said[0]["item_id"]!;
        Assert.Equal($$"""{"id":"{{id}}","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}""", Sorted(server.Last["item"]!));
    }

    [Fact]
    public void TextAnswer_IsToldInTheRecordedOrder()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}]}}""");
        server.Said.Clear();

        server.Say("""{"type":"response.create","response":{"output_modalities":["text"]}}""");

        Assert.Equal(
            [
                "response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "conversation.item.done", "response.output_item.done", "response.done", "rate_limits.updated",
            ], server.Types);
        Assert.Equal("""{"type":"text","text":""}""", server.The("response.content_part.added")["part"]!.ToJsonString());
        Assert.Equal("You wrote: Hello", (string)server.The("response.output_text.done")["text"]!);
        Assert.All(server.All("response.output_text.delta"), static delta => Assert.Equal(0, (((string)delta["delta"]!).Length + ((string)delta["obfuscation"]!).Length) % 16));
    }

    [Fact]
    public void SpokenAnswer_GivesTheCallersAudioBack_InDeltasOf19200Bytes()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        byte[] question = Sound.Speech(1_000);

        server.TakeTurn(question);

        Assert.Equal(
            [
                "response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
                "response.output_audio_transcript.delta", "response.output_audio_transcript.delta", "response.output_audio_transcript.delta", "response.output_audio_transcript.delta",
                "response.output_audio.delta", "response.output_audio.delta", "response.output_audio_transcript.delta", "response.output_audio_transcript.delta", "response.output_audio.delta",
                "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done",
                "conversation.item.done", "response.output_item.done", "response.done", "rate_limits.updated",
            ], server.Types.Skip(3));
        Assert.Equal([19_200, 19_200, 9_600], server.All("response.output_audio.delta").Select(static delta => Convert.FromBase64String((string)delta["delta"]!).Length));
        Assert.Equal(question, server.Audio());
        Assert.Equal("I heard 1.0 seconds of speech.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
    }

    [Fact]
    public void FunctionCall_IsToldInTheRecordedOrder_AndItsOutputStartsNothing()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.Say($$$"""{"type":"session.update","session":{"type":"realtime","tools":{{{ClockTool}}}}}""");
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock {\"zone\":\"UTC\"}"}]}}""");
        server.Said.Clear();

        server.Say(CreateResponse);

        Assert.Equal(
            [
                "response.created", "response.output_item.added", "conversation.item.added",
                "response.function_call_arguments.delta", "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "conversation.item.done", "response.output_item.done", "response.done", "rate_limits.updated",
            ], server.Types);
        JsonObject done = server.The("response.function_call_arguments.done");
        Assert.Equal(("clock", """{"zone":"UTC"}"""), ((string)done["name"]!, (string)done["arguments"]!));

        server.Said.Clear();
        string callId = (string)done["call_id"]!;
        server.Say($$$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"{{{callId}}}","output":"It is noon."}}""").Wait(60_000);
        Assert.Equal(["conversation.item.added", "conversation.item.done"], server.Types);

        server.Say(CreateResponse);
        Assert.Equal("The tool returned: It is noon.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
    }

    [Fact]
    public void CancelInTheMiddle_ClosesWhatIsOpenAsIncomplete()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(4_000)).Wait(100 + 200 + 500);
        server.Said.Clear();

        server.Say(Cancel);

        Assert.Equal(
            [
                "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
                "response.output_item.done", "response.done", "rate_limits.updated",
            ], server.Types);
        JsonNode response = server.The("response.done")["response"]!;
        Assert.Equal("cancelled", (string)response["status"]!);
        Assert.Equal("""{"type":"cancelled","reason":"client_cancelled"}""", response["status_details"]!.ToJsonString());
        Assert.Equal("incomplete", (string)response["output"]![0]!["status"]!);
        Assert.True((long)response["usage"]!["output_token_details"]!["audio_tokens"]! > 0);
        Assert.Empty(server.Ask(CreateResponse));
    }

    [Fact]
    public void DeltasThatWereUnderWay_StillComeAfterACancel()
    {
        var server = new SimulatedServer(new SimulatorOptions { Service = new() { LateDeltas = 2 } });
        server.TakeTurn(Sound.Speech(4_000)).Wait(100 + 200 + 500);
        server.Said.Clear();

        server.Say(Cancel);

        Assert.Equal(["response.output_audio.delta", "response.output_audio.delta", "response.output_audio.done"], server.Types.Take(3));
    }

    [Fact]
    public void CancelBeforeTheFirstItem_LeavesNoOutput()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(1_000)).Wait(150);
        server.Said.Clear();

        server.Say(Cancel);

        Assert.Equal(["response.done", "rate_limits.updated"], server.Types);
        Assert.Empty(server.Said[0]["response"]!["output"]!.AsArray());
    }

    [Fact]
    public void OutOfBandResponse_RunsBesideTheOther_AndLeavesTheConversationAlone()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(2_000)).Wait(350);
        server.Said.Clear();

        server.Say("""{"type":"response.create","response":{"conversation":"none","output_modalities":["text"],"metadata":{"topic":"summary"}}}""").Wait(10_000);

        JsonNode[] done = [.. server.All("response.done").Select(static said => said["response"]!)];
        JsonNode aside = Assert.Single(done, static response => response["conversation_id"] is null);
        Assert.Equal("""{"topic":"summary"}""", aside["metadata"]!.ToJsonString());
        string asideItem = (string)aside["output"]![0]!["id"]!;
        Assert.DoesNotContain(server.Said, said => ((string)said["type"]!).StartsWith("conversation.item.", StringComparison.Ordinal) && (string)said["item"]!["id"]! == asideItem);
        Assert.Equal(2, done.Length);
    }

    [Fact]
    public void LimitOnTokens_EndsTheResponseAsIncomplete()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);

        server.TakeTurn(Sound.Speech(4_000), """{"type":"response.create","response":{"max_output_tokens":12}}""");

        JsonNode response = server.The("response.done")["response"]!;
        Assert.Equal("""{"type":"incomplete","reason":"max_output_tokens"}""", response["status_details"]!.ToJsonString());
        Assert.Equal("incomplete", (string)response["status"]!);
        Assert.Equal("incomplete", (string)response["output"]![0]!["status"]!);
        Assert.Equal(12, (long)response["max_output_tokens"]!);
        Assert.InRange(server.Audio().Length, 1, 4_000 * Sound.BytesPerMs - 1);
    }

    [Fact]
    public void AudioComesFasterThanRealTime_ButNotAllAtOnce()
    {
        var server = new SimulatedServer(new SimulatorOptions { Pace = new ResponsePace { AudioSpeed = 4 } });
        server.TakeTurn(Sound.Speech(4_000));
        List<long> times = [];

        while (server.Timer is { } at && at < 60_000)
        {
            int before = server.All("response.output_audio.delta").Count();
            server.Wait((int)(at - server.Now));
            times.AddRange(Enumerable.Repeat(server.Now, server.All("response.output_audio.delta").Count() - before));
        }

        Assert.Equal([300, 400, 500, 600, 700, 800, 900, 1_000, 1_100, 1_200], times);
    }

    [Fact]
    public void SameSeedAndSameCalls_GiveTheSameBytes()
    {
        string Run(ulong seed) => string.Join('\n', new SimulatedServer(SimulatedServer.Immediate with { Seed = seed }).TakeTurn(Sound.Speech(700)).Said.Select(static said => said.ToJsonString()));

        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    private static string Sorted(JsonNode item) => new JsonObject(
        new[] { "id", "type", "status", "role", "content" }.Select(name => KeyValuePair.Create(name, item[name]?.DeepClone()))).ToJsonString();
}
