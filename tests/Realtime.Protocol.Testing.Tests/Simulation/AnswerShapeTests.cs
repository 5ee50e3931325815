using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Answers of several items and parts: in a row, beside each other, cut off in the middle, and over the limit of tokens.</summary>
public class AnswerShapeTests
{
    private const string Create = """{"type":"response.create"}""";

    [Fact]
    public void PartsOfAMessage_FollowEachOther_AndAreCounted()
    {
        SimulatedServer server = Answering(new ModelOutput.Message([new ModelOutput.Text("Look:"), new ModelOutput.Speech(Sound.Speech(900), "There it is.")]));

        Assert.Equal([0, 1], server.All("response.content_part.added").Select(static said => (int)said["content_index"]!));
        Assert.Equal([0, 1], server.All("response.content_part.done").Select(static said => (int)said["content_index"]!));
        Assert.All(server.All("response.output_audio.delta"), static delta => Assert.Equal(1, (int)delta["content_index"]!));
        JsonNode item = Assert.Single(server.The("response.done")["response"]!["output"]!.AsArray())!;
        Assert.Equal(["output_text", "output_audio"], item["content"]!.AsArray().Select(static part => (string)part!["type"]!));
    }

    [Fact]
    public void SoundOfPart1_CanBeTruncated()
    {
        SimulatedServer server = Answering(new ModelOutput.Message([new ModelOutput.Text("Look:"), new ModelOutput.Speech(Sound.Speech(900), "There it is.")]));
        string id = (string)server.The("response.output_item.added")["item"]!["id"]!;

        IReadOnlyList<JsonObject> answer = server.Ask($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":1,"audio_end_ms":500}""");

        Assert.Equal("conversation.item.truncated", (string)answer[0]["type"]!);
        Assert.Equal("unsupported_content_type", (string)server.Refusal($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":500}""")["code"]!);
    }

    [Fact]
    public void ItemsBesideEachOther_AreMadeInTurn()
    {
        SimulatedServer server = Answering(new ModelOutput.Speech(Sound.Speech(800), "One."), new ModelOutput.Speech(Sound.Speech(800), "Two.") { Overlap = true });

        Assert.Equal([0, 1, 0, 1], server.All("response.output_audio.delta").Select(static delta => (int)delta["output_index"]!));
        Assert.Equal([0, 1], server.All("response.output_item.added").Select(static said => (int)said["output_index"]!));
        Assert.Equal(2, server.The("response.done")["response"]!["output"]!.AsArray().Count);
    }

    [Fact]
    public void WithoutOverlap_TheSecondItemWaits()
    {
        SimulatedServer server = Answering(new ModelOutput.Speech(Sound.Speech(800), "One."), new ModelOutput.Speech(Sound.Speech(800), "Two."));

        Assert.Equal([0, 0, 1, 1], server.All("response.output_audio.delta").Select(static delta => (int)delta["output_index"]!));
    }

    [Fact]
    public void ACancel_ClosesAllThatIsOpen()
    {
        SimulatedServer server = Answering(end: false, new ModelOutput.Speech(Sound.Speech(4_000), "One."), new ModelOutput.Speech(Sound.Speech(4_000), "Two.") { Overlap = true }).Wait(900);

        server.Say("""{"type":"response.cancel"}""");

        Assert.Equal(2, server.All("response.content_part.done").Count());
        Assert.Equal(["incomplete", "incomplete"], server.All("response.output_item.done").Select(static said => (string)said["item"]!["status"]!));
        Assert.Equal("cancelled", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void TheLimitOfTokens_CutsWhereItIsReached_InTime()
    {
        var model = new FixedModel(new ModelAnswer([new ModelOutput.Text("One two three four five six."), new ModelOutput.Text("Seven eight nine ten.") { Overlap = true }]));
        var server = new SimulatedServer(new SimulatorOptions { Speaker = model });

        server.Say("""{"type":"response.create","response":{"max_output_tokens":6}}""").Wait(60_000);

        JsonNode response = server.The("response.done")["response"]!;
        Assert.Equal("""{"type":"incomplete","reason":"max_output_tokens"}""", response["status_details"]!.ToJsonString());
        Assert.Equal([0, 1, 0, 1], server.All("response.output_text.delta").Select(static delta => (int)delta["output_index"]!));
        Assert.Equal(["incomplete", "incomplete"], server.All("response.output_item.done").Select(static said => (string)said["item"]!["status"]!));
    }

    [Fact]
    public void ACallId_CanBeUsedAgain()
    {
        var model = new FixedModel(new ModelAnswer(new ModelOutput.Call("clock", "{}") { CallId = "call_0" }));
        var server = new SimulatedServer(new SimulatorOptions { Speaker = model });

        server.Say(Create).Wait(60_000).Say(Create).Wait(60_000);

        Assert.All(server.All("response.function_call_arguments.done"), static done => Assert.Equal("call_0", (string)done["call_id"]!));
        Assert.Equal(2, server.All("response.function_call_arguments.done").Count());
    }

    [Fact]
    public void AMessage_HasSpokenAndWrittenParts_AndNoOthers() =>
        Assert.Throws<ArgumentException>(static () => new ModelOutput.Message([new ModelOutput.Call("clock", "{}")]));

    [Fact]
    public void AMessageWithoutParts_IsAnEmptyMessage()
    {
        SimulatedServer server = Answering(new ModelOutput.Message([]));

        Assert.Empty(server.The("response.done")["response"]!["output"]![0]!["content"]!.AsArray());
    }

    private static SimulatedServer Answering(params ModelOutput[] outputs) => Answering(end: true, outputs);

    private static SimulatedServer Answering(bool end, params ModelOutput[] outputs)
    {
        var server = new SimulatedServer(new SimulatorOptions { Speaker = new FixedModel(new ModelAnswer(outputs)), Pace = ResponsePace.Default });
        server.Say(Create);
        return end ? server.Wait(60_000) : server;
    }
}
