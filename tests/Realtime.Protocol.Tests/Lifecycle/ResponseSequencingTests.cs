using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>One response at a time: RC-01, RC-02, RC-07, RC-08, RC-14.</summary>
public class ResponseSequencingTests
{
    [Fact]
    public void RC01_SecondRequest_WaitsForTheFirstToFinish_AndIsSentOnce()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");

        SubmitResult second = talk.Create();
        Assert.Equal(SubmitVerdict.Queued, second.Verdict);
        talk.SentNothing();

        talk.Done("A");
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Created("B", create.Token);
        talk.Done("B");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(second.Turn));
    }

    [Fact]
    public void RC01_TwoWaitingRequests_AreSentOneAfterTheOther()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.CreateWith("one");
        talk.CreateWith("two");
        talk.SentNothing();

        talk.Done("A");
        SessionCommand.CreateResponse one = talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.Equal("one", one.Parameters?.Instructions.ToString());
        talk.Created("B", one.Token);
        talk.SentNothing();

        talk.Done("B");
        Assert.Equal("two", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions.ToString());
    }

    [Fact]
    public void RC02_RequestsBackToBack_PutOneOnTheWire()
    {
        var talk = Conversation.Manual();
        SubmitResult first = talk.Create();
        SubmitResult second = talk.Create();
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.NotEqual(first.Turn, second.Turn);

        talk.Created("A", create.Token);
        talk.SentNothing();
        talk.Done("A");
        Assert.NotEqual(create.EventId, talk.SentOnly<SessionCommand.CreateResponse>().EventId);
    }

    [Fact]
    public void RC07_AutomaticRequests_Merge_AndExplicitOnesKeepTheirPlace()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        SubmitResult first = talk.Create();
        SubmitResult joined = talk.Create();
        talk.CreateWith("x");
        SubmitResult last = talk.Create();
        Assert.Equal(first.Turn, joined.Turn);
        Assert.NotEqual(first.Turn, last.Turn);

        string[] instructions = [.. Replay(talk, "A")];
        Assert.Equal(["", "x", ""], instructions);
        Assert.All([first.Turn, last.Turn], turn => Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn)));
    }

    [Fact]
    public void RC07_RequestAfterTheCoveringOneWasSent_IsAFollowUp()
    {
        var talk = Conversation.Manual();
        SubmitResult sent = talk.Create();
        SubmitResult later = talk.Create();
        Assert.NotEqual(sent.Turn, later.Turn);
    }

    [Fact]
    public void RC08_WaitingRequest_EndsVisibly_WhenItIsWithdrawn()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        SubmitResult waiting = talk.Create();
        talk.Submit(SessionIntent.CancelTurn(waiting.Turn));
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(waiting.Turn));

        talk.Done("A");
        talk.SentNothing();
    }

    [Fact]
    public void RC08_EveryTurnEndsOnce_WhenTheConnectionEnds()
    {
        var talk = Conversation.Manual();
        int running = talk.Answering("A");
        int waiting = talk.Create().Turn;
        int operation = talk.Submit(SessionIntent.AddText(ItemRole.User, "hello")).Operation;

        talk.Close();
        talk.Close();
        Assert.Equal(RealtimeCloseKind.ConnectionLost, Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(running)).Reason.Kind);
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(waiting));
        Assert.Equal(operation, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Equal("SE-09", talk.Create().Rule);
    }

    [Fact]
    public void RC14_DoneOfAnotherResponse_FreesNothing()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Created("B", outOfBand: true);
        talk.Done("B");
        talk.Done("never-announced");
        talk.Create();
        talk.SentNothing();

        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC14_DoneTwice_EndsTheTurnOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A");
        talk.Done("A", FactStatus.Failed);
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC14_NewResponseBeforeTheEndOfTheOld_EndsTheOld()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Created("B");
        Assert.IsType<TurnOutcome.Incomplete>(talk.Outcome(turn));
        Assert.Equal("RC-14", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);

        talk.Create();
        talk.Done("A");
        talk.SentNothing();
        talk.Done("B");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC12_AddedItem_DelaysNothing()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(ItemRole.System, "be brief"));
        talk.SentOnly<SessionCommand.CreateMessage>();
        Assert.Equal(SubmitVerdict.Accepted, talk.Create().Verdict);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC13_OnlyDoneEndsAResponse()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Create();
        talk.Error("server_error");
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "delta=word");
        talk.SentNothing();
        Assert.True(talk.IsOpen(turn));
        talk.Done("A", FactStatus.Cancelled);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void SE09_EndOfTheConnection_EndsEverythingOnce_AndLeavesNothingToSend()
    {
        var talk = Conversation.Detecting();
        int turn = talk.Answering("A");
        talk.Create();
        talk.Close();
        talk.Done("A");
        talk.Wait(100_000);
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn));
    }

    [Fact]
    public void SE09_ClosingNeedsAReason_AndHappensOnce()
    {
        var talk = Conversation.Manual();
        Assert.Throws<ArgumentNullException>(() => talk.Machine.Close(null!));
        int turn = talk.Answering("A");
        talk.Submit(SessionIntent.AddText(ItemRole.User, "x"));
        talk.Create();
        talk.Close();
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn));
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        talk.ForgetChanges();
        talk.Close();
        Assert.Empty(talk.Changes<SessionChange>());
    }

    private static IEnumerable<string> Replay(Conversation talk, string running)
    {
        for (int i = 0; ; i++)
        {
            talk.Done(running);
            if (talk.Sent() is not [SessionCommand.CreateResponse create])
            {
                yield break;
            }

            yield return create.Parameters?.Instructions.ToString() ?? "";
            running = $"next{i}";
            talk.Created(running, create.Token);
        }
    }

    [Theory]
    [InlineData("of_tomorrow")]
    [InlineData("in_progress")]
    public void RC13_AnEndOfWhichNobodyKnowsTheStatus_IsTold_AndCountsAsCompleted(string status)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.done", "response.id=A", $"response.status={status}");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Equal("RC-13", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }
}
