using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>The checker accepts what the service says and notices every way in which a server could say it wrongly.</summary>
public class ServerGrammarTests
{
    private static readonly JsonObject[] SpokenTurn = Record(static server => server.TakeTurn(Sound.Speech(900)));
    private static readonly JsonObject[] WrittenTurn = Record(static server => server.Say("""{"type":"response.create","response":{"output_modalities":["text"]}}"""));
    private static readonly JsonObject[] ToolTurn = Record(static server => server
        .Say("""{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"clock"}]}}""")
        .Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock {\"zone\":\"UTC\"}"}]}}""")
        .Say("""{"type":"response.create"}"""));

    private static readonly JsonObject[] HeardTurn = Record(
        static server => server.Say(SimulatedServer.Append([.. Sound.Speech(300), .. Sound.Silence(300)])).Wait(1_000), manual: false);

    [Fact]
    public void RightOrder_IsAccepted()
    {
        Assert.All([SpokenTurn, WrittenTurn, ToolTurn, HeardTurn], static turn =>
        {
            ServerGrammar grammar = Check(turn);
            Assert.Empty(grammar.Violations);
            Assert.True(grammar.IsAtRest);
        });
    }

    [Theory]
    [InlineData("session.created")]
    [InlineData("input_audio_buffer.speech_started")]
    [InlineData("conversation.item.added")]
    [InlineData("response.created")]
    [InlineData("response.output_item.added")]
    [InlineData("response.content_part.added")]
    [InlineData("response.output_text.delta")]
    [InlineData("response.output_text.done")]
    [InlineData("response.output_audio_transcript.delta")]
    [InlineData("response.output_audio_transcript.done")]
    [InlineData("response.output_audio.done")]
    [InlineData("response.function_call_arguments.delta")]
    [InlineData("response.function_call_arguments.done")]
    [InlineData("response.content_part.done")]
    [InlineData("response.output_item.done")]
    public void EventThatIsLeftOut_IsMissed(string type)
    {
        JsonObject[] turn = TurnWith(type);
        int place = Array.FindIndex(turn, said => TypeOf(said) == type);

        Assert.NotEmpty(Check([.. turn[..place], .. turn[(place + 1)..]]).Violations);
    }

    [Theory]
    [InlineData("conversation.item.done")]
    [InlineData("response.done")]
    public void EndThatIsLeftOut_LeavesSomethingOpen(string type)
    {
        int place = Array.FindLastIndex(SpokenTurn, said => TypeOf(said) == type);

        Assert.False(Check([.. SpokenTurn[..place], .. SpokenTurn[(place + 1)..]]) is { Violations.Count: 0, IsAtRest: true });
    }

    [Theory]
    [InlineData("session.created")]
    [InlineData("conversation.item.added")]
    [InlineData("conversation.item.done")]
    [InlineData("input_audio_buffer.speech_started")]
    [InlineData("response.created")]
    [InlineData("response.output_item.added")]
    [InlineData("response.output_item.done")]
    [InlineData("response.content_part.added")]
    [InlineData("response.content_part.done")]
    [InlineData("response.output_text.delta")]
    [InlineData("response.output_text.done")]
    [InlineData("response.output_audio.done")]
    [InlineData("response.output_audio_transcript.done")]
    [InlineData("response.function_call_arguments.done")]
    [InlineData("response.done")]
    public void EventThatComesTwice_IsNoticed(string type)
    {
        JsonObject[] turn = TurnWith(type);
        int place = Array.FindIndex(turn, said => TypeOf(said) == type);
        JsonObject again = turn[place].DeepClone().AsObject();
        again["event_id"] = "event_again";

        Assert.NotEmpty(Check([.. turn[..(place + 1)], again, .. turn[(place + 1)..]]).Violations);
    }

    [Theory]
    [InlineData("conversation.item.done", "response.output_item.done", "conversation.item.done has to come first")]
    [InlineData("response.output_item.done", "response.done", "an item of the response is still open")]
    [InlineData("response.content_part.done", "conversation.item.done", null)]
    [InlineData("response.content_part.added", "response.output_audio_transcript.delta", "there is no open part of this kind at this place")]
    [InlineData("input_audio_buffer.committed", "conversation.item.added", "the item that was committed before has to be added first")]
    [InlineData("response.created", "response.output_item.added", null)]
    public void EventsThatSwapPlaces_AreNoticed(string first, string second, string? why)
    {
        JsonObject[] turn = [.. SpokenTurn];
        int one = Array.FindLastIndex(turn, said => TypeOf(said) == first);
        int other = first == "input_audio_buffer.committed" ? one + 1 : Array.FindIndex(turn, one, said => TypeOf(said) == second);
        (turn[one], turn[other]) = (turn[other], turn[one]);

        IReadOnlyList<string> violations = Check(turn).Violations;

        Assert.True(violations.Count > 0 || first == "response.content_part.done");
        Assert.True(why is null || violations.Any(violation => violation.EndsWith(why, StringComparison.Ordinal)), string.Join('\n', violations));
    }

    [Fact]
    public void SecondResponseInTheConversation_IsNoticed_AndOneBesideItIsNot()
    {
        JsonObject second = SpokenTurn.First(static said => TypeOf(said) == "response.created").DeepClone().AsObject();
        second["event_id"] = "event_second";
        second["response"]!["id"] = "resp_second";
        JsonObject[] open = [.. SpokenTurn.TakeWhile(static said => TypeOf(said) != "response.done")];

        Assert.EndsWith("another response writes to the conversation", Assert.Single(Check([.. open, second]).Violations), StringComparison.Ordinal);
        second["response"]!["conversation_id"] = null;
        Assert.Empty(Check([.. open, second]).Violations);
    }

    [Fact]
    public void ReusedEventId_IsNoticed()
    {
        JsonObject[] turn = [.. SpokenTurn.Select(static said => said.DeepClone().AsObject())];
        turn[3]["event_id"] = (string)turn[2]["event_id"]!;

        Assert.Contains("event_id", Assert.Single(Check(turn).Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void MalformedEvent_IsNoticed_AndUnknownOneIsNot()
    {
        ServerGrammar grammar = Check(SpokenTurn);

        Assert.True(grammar.Accept("""{"type":"ping","event_id":"event_ping"}"""u8));
        Assert.False(grammar.Accept("""{"type":"response.done","""u8));
        Assert.Contains("unreadable", Assert.Single(grammar.Violations), StringComparison.Ordinal);
    }

    private static JsonObject[] TurnWith(string type) => new[] { SpokenTurn, WrittenTurn, ToolTurn, HeardTurn }.First(turn => turn.Any(said => TypeOf(said) == type));

    private static ServerGrammar Check(JsonObject[] said)
    {
        var grammar = new ServerGrammar();
        foreach (JsonObject message in said)
        {
            grammar.Accept(Encoding.UTF8.GetBytes(message.ToJsonString()));
        }

        return grammar;
    }

    private static JsonObject[] Record(Action<SimulatedServer> session, bool manual = true)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate, manual: false, grammar: false);
        if (manual)
        {
            server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
        }

        session(server);
        return [.. server.Said];
    }

    private static string TypeOf(JsonObject said) => (string)said["type"]!;
}
