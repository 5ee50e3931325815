using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>An item is read back as it is now, with its sound, which no other event carries.</summary>
public class RetrieveTests
{
    [Fact]
    public void RetrievedItems_CarryTheirSound()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        byte[] speech = Sound.Speech(700);
        server.TakeTurn(speech);
        string[] ids = [.. server.All("conversation.item.added").Select(static added => (string)added["item"]!["id"]!)];

        Assert.Equal(("user", "input_audio"), RoleAndType(Retrieve(server, ids[0])));
        Assert.Equal(speech, SoundOf(Retrieve(server, ids[0])));
        Assert.Equal(("assistant", "output_audio"), RoleAndType(Retrieve(server, ids[1])));
        Assert.Equal(server.Audio(), SoundOf(Retrieve(server, ids[1])));
        Assert.Equal("I heard 0.7 seconds of speech.", (string)Retrieve(server, ids[1])["content"]![0]!["transcript"]!);
    }

    [Fact]
    public void TruncatedSound_IsShorter_AndItsTranscriptIsGone()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.TakeTurn(Sound.Speech(700));
        string id = (string)server.All("conversation.item.added").Last()["item"]!["id"]!;
        server.Say($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":300}""");

        Assert.Equal(300 * Sound.BytesPerMs, SoundOf(Retrieve(server, id)).Length);
        Assert.Null((string?)Retrieve(server, id)["content"]![0]!["transcript"]);
    }

    [Fact]
    public void OtherKindsOfItems_AreRetrievedAsTheyAre()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.Say("""{"type":"conversation.item.create","item":{"id":"c","type":"function_call","name":"clock","call_id":"c1","arguments":"{}"}}""")
            .Say("""{"type":"conversation.item.create","item":{"id":"o","type":"function_call_output","call_id":"c1","output":"noon"}}""");

        Assert.Equal("c1", (string)Retrieve(server, "c")["call_id"]!);
        Assert.Equal("noon", (string)Retrieve(server, "o")["output"]!);
    }

    [Theory]
    [InlineData("yo")]
    [InlineData("gone")]
    [InlineData("")]
    public void UnknownOrDeletedItem_IsRefused(string id)
    {
        var server = new SimulatedServer();
        server.Say("""{"type":"conversation.item.create","item":{"id":"gone","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}""")
            .Say("""{"type":"conversation.item.delete","item_id":"gone"}""");

        JsonNode error = server.Refusal($$"""{"type":"conversation.item.retrieve","event_id":"e1","item_id":"{{id}}"}""");

        Assert.Equal(("item_retrieve_invalid_item_id", $"Error retrieving item: the item with id '{id}' does not exist.", null, "e1"),
            ((string)error["code"]!, (string)error["message"]!, (string?)error["param"], (string)error["event_id"]!));
    }

    private static JsonNode Retrieve(SimulatedServer server, string id)
    {
        JsonObject retrieved = Assert.Single(server.Ask($$"""{"type":"conversation.item.retrieve","item_id":"{{id}}"}"""));
        Assert.Equal("conversation.item.retrieved", (string)retrieved["type"]!);
        return retrieved["item"]!;
    }

    private static (string Role, string Type) RoleAndType(JsonNode item) => ((string)item["role"]!, (string)item["content"]![0]!["type"]!);

    private static byte[] SoundOf(JsonNode item) => Convert.FromBase64String((string)item["content"]![0]!["audio"]!);
}
