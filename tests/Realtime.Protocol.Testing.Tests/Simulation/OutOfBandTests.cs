using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Responses outside the conversation: any number beside the one that writes to it, with an input of their own, and nothing of them stays.</summary>
public class OutOfBandTests
{
    private const string User = """{"type":"conversation.item.create","item":{"id":"said","type":"message","role":"user","content":[{"type":"input_text","text":"Good morning"}]}}""";

    [Fact]
    public void SeveralRunBesideTheConversation_AndAreToldApartByTheirIdsAndMetadata()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(3_000)).Wait(150);
        server.Say(Create("""{"conversation":"none","output_modalities":["text"],"metadata":{"topic":"mood"}}"""))
            .Say(Create("""{"conversation":"none","output_modalities":["text"],"metadata":{"topic":"title"}}""")).Wait(60_000);

        JsonNode[] done = [.. server.All("response.done").Select(static one => one["response"]!)];
        Assert.Equal(3, done.Length);
        Assert.Equal(["mood", "title"], done.Where(static one => one["conversation_id"] is null).Select(static one => (string)one["metadata"]!["topic"]!));
        Assert.Equal(3, done.Select(static one => (string)one["id"]!).Distinct().Count());

        // Only the user's message and the answer to it were announced.
        Assert.Equal(2, server.All("conversation.item.added").Count());
        string hidden = (string)done.First(static one => one["conversation_id"] is null)["output"]![0]!["id"]!;
        Assert.Equal("item_retrieve_invalid_item_id", (string)server.Refusal($$"""{"type":"conversation.item.retrieve","item_id":"{{hidden}}"}""")["code"]!);
        Assert.Equal("item_delete_invalid_item_id", (string)server.Refusal($$"""{"type":"conversation.item.delete","item_id":"{{hidden}}"}""")["code"]!);
    }

    [Theory]
    [InlineData("""{"conversation":"none"}""", "Good morning")]
    [InlineData("""{"conversation":"none","input":[]}""", "")]
    [InlineData("""{"conversation":"none","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Only this"}]}]}""", "Only this")]
    [InlineData("""{"conversation":"none","input":[{"type":"item_reference","id":"said"},{"type":"message","role":"user","content":[{"type":"input_text","text":"and this"}]}]}""", "Good morning|and this")]
    public void Input_IsReadInPlaceOfTheConversation(string parameters, string read)
    {
        var model = new FixedModel(new ModelAnswer(new ModelOutput.Text("x")));
        var server = new SimulatedServer(SimulatedServer.Immediate with { Speaker = model });
        server.Say(User).Say(Create(parameters));

        ModelRequest asked = Assert.Single(model.Asked);
        Assert.True(asked.OutOfBand);
        Assert.Equal(read, string.Join('|', asked.Conversation.SelectMany(static item => item.Parts).Select(static part => part.Text)));
    }

    [Fact]
    public void Metadata_ReachesTheModel()
    {
        var model = new FixedModel(new ModelAnswer(new ModelOutput.Text("x")));
        var server = new SimulatedServer(SimulatedServer.Immediate with { Speaker = model });
        server.Say(Create("""{"metadata":{"topic":"mood"}}""")).Say(Create("{}"));

        Assert.Equal("mood", model.Asked[0].Metadata["topic"]);
        Assert.Empty(model.Asked[1].Metadata);
        Assert.False(model.Asked[0].OutOfBand);
    }

    [Fact]
    public void UnknownReference_IsRefused_AndNothingStarts()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);

        JsonNode error = server.Refusal("""{"type":"response.create","event_id":"e1","response":{"conversation":"none","input":[{"type":"item_reference","id":"yo"}]}}""");

        Assert.Equal(("invalid_value", "response.input[0].id", "e1"), ((string)error["code"]!, (string)error["param"]!, (string)error["event_id"]!));
        Assert.Contains("'yo'", (string)error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancel_NeedsTheId_AndABareOneMeansTheConversation()
    {
        var server = new SimulatedServer(new() { Speaker = new FixedModel(new ModelAnswer(new ModelOutput.Text(string.Join(' ', Enumerable.Repeat("word", 500))))) });
        server.Say(Create("""{"conversation":"none"}""")).Wait(500);
        string id = (string)server.The("response.created")["response"]!["id"]!;

        Assert.Equal("response_cancel_not_active", (string)server.Refusal("""{"type":"response.cancel"}""")["code"]!);
        Assert.Equal("response_cancel_not_active", (string)server.Refusal("""{"type":"response.cancel","response_id":"resp_nobody"}""")["code"]!);

        server.Say($$"""{"type":"response.cancel","response_id":"{{id}}"}""");
        Assert.Equal(("cancelled", "client_cancelled"),
            ((string)server.The("response.done")["response"]!["status"]!, (string)server.The("response.done")["response"]!["status_details"]!["reason"]!));
    }

    [Fact]
    public void SpeechOfTheUser_InterruptsTheConversationOnly()
    {
        var server = new SimulatedServer(new() { Speaker = new FixedModel(new ModelAnswer(new ModelOutput.Text(string.Join(' ', Enumerable.Repeat("word", 500))))) }, manual: false);
        server.Say(Create("{}")).Say(Create("""{"conversation":"none"}""")).Wait(500).Say(SimulatedServer.Append(Sound.Speech(500)));

        JsonNode cancelled = server.The("response.done")["response"]!;
        Assert.Equal("turn_detected", (string)cancelled["status_details"]!["reason"]!);
        Assert.NotNull(cancelled["conversation_id"]);
    }

    [Fact]
    public void CallMadeOutOfBand_CannotBeAnsweredInTheConversation_ButInTheNextInput()
    {
        var model = new FixedModel(new ModelAnswer(new ModelOutput.Call("clock", "{}")), new ModelAnswer(new ModelOutput.Text("noon")));
        var server = new SimulatedServer(SimulatedServer.Immediate with { Speaker = model });
        server.Say(Create("""{"conversation":"none"}"""));
        string call = (string)server.The("response.done")["response"]!["output"]![0]!["call_id"]!;

        Assert.Equal("invalid_tool_call_id",
            (string)server.Refusal("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"" + call + "\",\"output\":\"x\"}}")["code"]!);

        server.Say(Create("{\"conversation\":\"none\",\"input\":[{\"type\":\"function_call\",\"name\":\"clock\",\"call_id\":\"" + call + "\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"call_id\":\"" + call + "\",\"output\":\"x\"}]}"));
        Assert.Equal([ItemKind.FunctionCall, ItemKind.FunctionCallOutput], model.Asked[1].Conversation.Select(static item => item.Kind));
    }

    private static string Create(string parameters) => "{\"type\":\"response.create\",\"response\":" + parameters + "}";
}
