using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What becomes of a turn when the server refuses a part of what was given to it: RC-25.</summary>
public class ContributionTests
{
    [Fact]
    public void RC25_RefusedText_OfASharedTurn_LeavesTheOtherText()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        int turn = talk.Say("one").Turn;
        Assert.Equal(turn, talk.Say("two").Turn);
        SessionCommand.CreateMessage[] sent = [.. talk.Sent().Cast<SessionCommand.CreateMessage>()];
        talk.ItemAdded(sent[0].ItemId);
        talk.Error("invalid_value", sent[1].EventId);
        Assert.True(talk.IsOpen(turn));
        SessionChange.InputRejected rejected = Assert.Single(talk.Changes<SessionChange.InputRejected>());
        Assert.Equal((turn, sent[1].ItemId, "invalid_value"), (rejected.Turn, rejected.ItemId, rejected.Error.Code));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());

        talk.Done("A");
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void B9_RefusalBeforeTheOtherTextIsConfirmed_LeavesTheTurn()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        int turn = talk.Say("one").Turn;
        talk.Say("two");
        talk.Error("invalid_value", talk.Sent()[0].EventId);
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void B9_TurnOfWhichEverythingWasRefused_IsRejected_AndItsWaitingCreateIsWithdrawn()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        int turn = talk.Say("one").Turn;
        talk.Say("two");
        SessionCommand[] sent = talk.Sent();
        talk.Error("first", sent[0].EventId);
        talk.Error("second", sent[1].EventId);
        Assert.Equal("second", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        talk.Done("A");
        talk.SentNothing();
    }

    [Fact]
    public void B9_RefusedText_WhoseCreateIsOnTheWire_EndsTheTurn_AndItsResponseIsCancelledUnheard()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Error("invalid_value", sent[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
        talk.Created("A", Assert.IsType<SessionCommand.CreateResponse>(sent[1]).Token);
        Assert.Equal("A", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
    }

    [Fact]
    public void B9_RefusalAfterTheResponseBegan_IsToldAndEndsNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Created("A", Assert.IsType<SessionCommand.CreateResponse>(sent[1]).Token);
        talk.Error("invalid_value", sent[0].EventId);
        Assert.Single(talk.Changes<SessionChange.InputRejected>());
        talk.SentNothing();
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void B9_BareRequestThatSharesATurn_KeepsIt()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        int turn = talk.Create().Turn;
        Assert.Equal(turn, talk.Say().Turn);
        talk.Error("invalid_value", talk.SentOnly<SessionCommand.CreateMessage>().EventId);
        Assert.True(talk.IsOpen(turn));
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void B9_RefusedCommit_EndsItsTurn()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Error("input_audio_buffer_commit_empty", talk.Sent()[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
    }

    [Fact]
    public void B9_RefusalOfATextWhoseTurnHasEnded_IsSurfaced()
    {
        var talk = Conversation.Manual();
        talk.Say();
        SessionCommand[] sent = talk.Sent();
        talk.Interrupt();
        talk.Error("invalid_value", sent[0].EventId);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Empty(talk.Changes<SessionChange.InputRejected>());
    }

    [Fact]
    public void B9_TextThatAToolRoundTookOver_IsRefusedThere()
    {
        Conversation talk = Queueing();
        int calling = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Say("more");
        SessionCommand.CreateMessage message = Assert.IsType<SessionCommand.CreateMessage>(talk.Sent()[1]);
        talk.Done("A");
        talk.Error("invalid_value", message.EventId);
        Assert.Equal(calling, Assert.Single(talk.Changes<SessionChange.InputRejected>()).Turn);
        Assert.True(talk.IsOpen(calling));
    }

    [Fact]
    public void B9_OneRefusedToolOutput_LeavesTheRoundToTheOthers()
    {
        (Conversation talk, int turn) = TwoCalls();
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        talk.Error("invalid_tool_call_id", talk.SentOnly<SessionCommand.CreateToolOutput>().EventId);
        Assert.True(talk.IsOpen(turn));
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        Assert.Collection(talk.Sent(), command => Assert.IsType<SessionCommand.CreateToolOutput>(command), command => Assert.IsType<SessionCommand.CreateResponse>(command));
    }

    [Fact]
    public void B9_RefusedToolOutput_WhoseRequestIsOnTheWire_LeavesTheOthers()
    {
        (Conversation talk, int turn) = TwoCalls();
        SessionCommand[] sent = AnswerBoth(talk);
        talk.Error("invalid_tool_call_id", sent[1].EventId);
        Assert.True(talk.IsOpen(turn));
        talk.Error("invalid_tool_call_id", sent[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void B9_RoundOfWhichEveryOutputWasRefused_IsRejected(bool beforeTheResponsesEnd)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        if (!beforeTheResponsesEnd)
        {
            talk.Done("A");
        }

        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        talk.Error("first", talk.SentOnly<SessionCommand.CreateToolOutput>().EventId);
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        talk.Error("second", talk.Sent()[0].EventId);
        if (beforeTheResponsesEnd)
        {
            Assert.True(talk.IsOpen(turn));
            talk.Done("A");
            talk.SentNothing();
        }

        Assert.Equal("second", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
    }

    [Fact]
    public void B9_AnErrorThatComesTwice_SettlesOnce()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        talk.Say("one");
        talk.Say("two");
        string refused = talk.Sent()[1].EventId;
        talk.Error("invalid_value", refused);
        talk.Error("invalid_value", refused);
        Assert.Single(talk.Changes<SessionChange.InputRejected>());
    }

    [Fact]
    public void B9_RefusalOfATextThatTheConversationHolds_IsSurfaced_AndTheTextStays()
    {
        Conversation talk = Queueing();
        talk.Answering("A");
        int turn = talk.Say("one").Turn;
        SessionCommand.CreateMessage message = talk.SentOnly<SessionCommand.CreateMessage>();
        talk.ItemAdded(message.ItemId);
        talk.Error("invalid_value", message.EventId);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.True(talk.IsOpen(turn));
        Assert.True(talk.Submit(SessionIntent.DeleteItem(message.ItemId)).IsAccepted);
    }

    [Fact]
    public void IT05_TextThatTheServerCallsADuplicate_IsThere()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Error("item_create_duplicate_item_id", sent[0].EventId);
        Assert.Equal("IT-05", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.InputRejected>());
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void B9_RefusedOutputOfARequestOnTheWire_AsksForNoSecondOne()
    {
        (Conversation talk, int turn) = TwoCalls();
        SessionCommand[] sent = AnswerBoth(talk);
        talk.Error("invalid_tool_call_id", sent[0].EventId);
        talk.Created("B", Assert.IsType<SessionCommand.CreateResponse>(sent[2]).Token);
        talk.Done("B");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void F11_CommitRefusedWithoutAnEventId_IsTheOldestOne()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Error("input_audio_buffer_commit_empty");
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        talk.Error("input_audio_buffer_commit_empty");
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()); // of no commit that is open
    }

    [Fact]
    public void B9_ErrorOfACommitThatTheConversationHolds_IsSurfaced_AndItsTurnGoesOn()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Sends("input_audio_buffer.commit", "event_id=$e1");
        talk.Sends("response.create");
        talk.Committed();
        talk.Error("of_tomorrow", talk.Names["$e1"]);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Empty(talk.Changes<SessionChange.InputRejected>());
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void B9_TextThatAToolRoundTookOver_KeepsTheTurn_WhenTheOutputIsRefused()
    {
        Conversation talk = Queueing();
        int calling = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        int waiting = talk.Say("more").Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Done("A");
        Assert.Equal(new TurnOutcome.Merged(calling), talk.Outcome(waiting));
        talk.Error("invalid_tool_call_id", sent[0].EventId);
        Assert.True(talk.IsOpen(calling));
        talk.Error("invalid_value", sent[1].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(calling));
    }

    [Fact]
    public void RC16_RefusedText_IsNotWaitedFor_WhenTheServersAnswerIsToStandForARequest()
    {
        var talk = Conversation.Detecting();
        talk.Submit(SessionIntent.AddText(ItemRole.User, "by the way"));
        talk.Error("invalid_value", talk.SentOnly<SessionCommand.CreateMessage>().EventId);
        talk.Committed();
        int turn = talk.Create().Turn;
        talk.SendsNothing();
        talk.Created("V");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
    }

    [Fact]
    public void RC16_TextThatTheServerDeleted_IsNotWaitedFor_WhenItsAnswerIsToStandForARequest()
    {
        var talk = Conversation.Detecting();
        talk.Submit(SessionIntent.AddText(ItemRole.User, "by the way"));
        talk.ItemDeleted(talk.SentOnly<SessionCommand.CreateMessage>().ItemId);
        talk.Committed();
        int turn = talk.Create().Turn;
        talk.SendsNothing();
        talk.Created("V");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
    }

    // A response that has made two calls and is over.
    private static (Conversation Talk, int Turn) TwoCalls()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        talk.Done("A");
        return (talk, turn);
    }

    // What the outputs of both calls send: an item each, and the request for the next response.
    private static SessionCommand[] AnswerBoth(Conversation talk)
    {
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        return talk.Sent();
    }

    private static Conversation Queueing() => Conversation.Manual(Conversation.Settings(turnWhenBusy: WhenBusy.Queue));
}
