using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>The conversation keeps its items in order, whatever is inserted, cut or deleted.</summary>
public class ConversationTests
{
    [Fact]
    public void Item_IsAppended_OrPutWhereItIsTold()
    {
        var server = new SimulatedServer();

        Assert.Null(PreviousOf(Create(server, "b", null)));
        Assert.Equal("b", PreviousOf(Create(server, "d", "")));
        Assert.Equal("b", PreviousOf(Create(server, "c", "b")));
        Assert.Null(PreviousOf(Create(server, "a", "root")));
        Assert.Equal("d", PreviousOf(Create(server, "e", null)));
    }

    [Fact]
    public void ClientItem_IsAddedAndDoneAtOnce_AndCompleted()
    {
        var server = new SimulatedServer();

        Create(server, "a", null);

        Assert.Equal(["conversation.item.added", "conversation.item.done"], server.Types);
        Assert.All(server.Said, static said => Assert.Equal("completed", (string)said["item"]!["status"]!));
        Assert.All(server.Said, static said => Assert.False(said["item"]!.AsObject().ContainsKey("object")));
    }

    [Fact]
    public void DeletedItem_IsGone_AndItsCallCannotBeAnswered()
    {
        var server = new SimulatedServer();
        server.Say("""{"type":"conversation.item.create","item":{"id":"call","type":"function_call","call_id":"call_1","name":"clock","arguments":"{}"}}""");

        Assert.Equal("conversation.item.deleted", (string)Assert.Single(server.Ask("""{"type":"conversation.item.delete","item_id":"call"}"""))["type"]!);

        Assert.Equal("invalid_tool_call_id", (string)server.Refusal("""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":""}}""")["code"]!);
        Assert.Equal("item_delete_invalid_item_id", (string)server.Refusal("""{"type":"conversation.item.delete","item_id":"call"}""")["code"]!);
    }

    [Fact]
    public void AnIdThatTheClientBroughtFromAnotherSession_IsNeverGivenAgain()
    {
        // Two with the same seed: the second makes the ids that the first has made.
        var first = new SimulatedServer();
        string item = Answered(first);
        var second = new SimulatedServer();
        second.Say($$$"""{"type":"conversation.item.create","item":{"id":"{{{item}}}","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}}""");

        Assert.NotEqual(item, Answered(second));

        static string Answered(SimulatedServer server)
        {
            server.Say("""{"type":"response.create"}""").Wait(10_000);
            return (string)server.The("response.output_item.added")["item"]!["id"]!;
        }
    }

    [Fact]
    public void FunctionOutput_MayBeGiven_WhileTheCallIsStillBeingMade()
    {
        var server = new SimulatedServer();
        server.Say("""{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"clock"}]}}""");
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock {\"a\":\"a long argument\"}"}]}}""");
        server.Say("""{"type":"response.create"}""").Wait(305);
        string callId = (string)server.The("response.output_item.added")["item"]!["call_id"]!;

        IReadOnlyList<JsonObject> answer = server.Ask($$$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"{{{callId}}}","output":"noon"}}""");

        Assert.Equal(["conversation.item.added", "conversation.item.done"], answer.Select(static said => (string)said["type"]!));
        Assert.DoesNotContain("response.done", server.Types);
    }

    [Fact]
    public void DuplicateIds_CanBeIgnored()
    {
        var server = new SimulatedServer(new SimulatorOptions { Service = new() { DuplicateItemIds = DuplicateItemIds.Ignore } });
        Create(server, "a", null);

        Assert.Empty(server.Ask(CreateText("a", null)));
    }

    [Fact]
    public void Truncating_CutsWhatTheModelRemembersOfItsOwnSpeech()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate);
        server.TakeTurn(Sound.Speech(2_000));
        string id = (string)server.The("response.output_item.done")["item"]!["id"]!;
        long before = InputAudioTokens(server);

        server.Say($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":500}""");

        // The answer to the turn before had 2,000 ms of sound, 20 tokens; 15 of them are gone now, and nothing else was added.
        Assert.Equal(before - 15, InputAudioTokens(server));
    }

    [Fact]
    public void TruncatingWhatIsStillBeingSaid_IsRemembered_AndTheResponseGoesOn()
    {
        var server = new SimulatedServer();
        server.TakeTurn(Sound.Speech(2_000)).Wait(700);
        string id = (string)server.The("response.output_item.added")["item"]!["id"]!;

        server.Say($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":100}""").Wait(10_000);

        Assert.Equal("I heard 2.0 seconds of speech.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
        Assert.Null((string?)server.The("response.done")["response"]!["output"]![0]!["content"]![0]!["transcript"]);
        Assert.Equal("Audio content of 100ms is already shorter than 101ms",
            (string)server.Refusal($$"""{"type":"conversation.item.truncate","item_id":"{{id}}","content_index":0,"audio_end_ms":101}""")["message"]!);
    }

    [Fact]
    public void ClearedInput_IsNotCommitted()
    {
        var server = new SimulatedServer();
        server.Say(SimulatedServer.Append(Sound.Speech(500)));

        Assert.Equal("input_audio_buffer.cleared", (string)Assert.Single(server.Ask("""{"type":"input_audio_buffer.clear"}"""))["type"]!);
        Assert.Equal("input_audio_buffer_commit_empty", (string)server.Refusal("""{"type":"input_audio_buffer.commit"}""")["code"]!);
    }

    // An answer out of band and in text: it reads the conversation and leaves it as it is.
    private static long InputAudioTokens(SimulatedServer server)
    {
        server.Say("""{"type":"response.create","response":{"conversation":"none","output_modalities":["text"]}}""");
        return (long)server.All("response.done").Last()["response"]!["usage"]!["input_token_details"]!["audio_tokens"]!;
    }

    private static JsonObject Create(SimulatedServer server, string id, string? previous) => server.Ask(CreateText(id, previous))[0];

    private static string CreateText(string id, string? previous) =>
        $$$"""{"type":"conversation.item.create",{{{(previous is null ? "" : $"\"previous_item_id\":\"{previous}\",")}}}"item":{"id":"{{{id}}}","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}""";

    private static string? PreviousOf(JsonObject added) => (string?)added["previous_item_id"];
}
