using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Turns that the application takes, and how they end: TD-03, TD-04, TD-09, ER-02, ER-03.</summary>
public class TurnTests
{
    [Fact]
    public void TD04_SpokenTurn_IsOneCommitAndOneRequest()
    {
        var talk = Conversation.Manual();
        SubmitResult result = talk.Speak();
        Assert.Equal(SubmitVerdict.Accepted, result.Verdict);
        Assert.Collection(talk.Sent(), command => Assert.IsType<SessionCommand.CommitInput>(command), command => Assert.IsType<SessionCommand.CreateResponse>(command));
    }

    [Fact]
    public void WrittenTurn_IsOneItemAndOneRequest()
    {
        var talk = Conversation.Manual();
        talk.Say("hello");
        Assert.Collection(
            talk.Sent(),
            command => Assert.Equal("hello", Assert.IsType<SessionCommand.CreateMessage>(command).Text),
            command => Assert.IsType<SessionCommand.CreateResponse>(command));
    }

    [Theory]
    [InlineData(24_000, 4_799, false)]
    [InlineData(24_000, 4_800, true)]
    [InlineData(16_000, 3_199, false)]
    [InlineData(16_000, 3_200, true)]
    [InlineData(0, 799, false)] // G.711
    [InlineData(0, 800, true)]
    public void TD03_CommitBelowAHundredMilliseconds_IsRefusedHere(int rate, int bytes, bool accepted)
    {
        var talk = Conversation.Manual();
        talk.Updated(input: rate == 0 ? AudioEncoding.G711ALaw : AudioEncoding.Pcm(rate));
        talk.Submit(SessionIntent.AudioAppended(bytes));
        SubmitResult result = talk.Submit(SessionIntent.EndTurn());
        Assert.Equal(accepted, result.IsAccepted);
        Assert.Equal(accepted ? null : "TD-03", result.Rule);
        Assert.Equal(accepted ? 2 : 0, talk.Sent().Length);
    }

    [Fact]
    public void SE07_WhatAnUpdateDoesNotState_StaysInForce()
    {
        var talk = Conversation.Manual();
        talk.Updated(input: AudioEncoding.Pcm(16_000));
        talk.Updated();
        talk.Submit(SessionIntent.AudioAppended(3_200));
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted); // 100 ms

        talk.Updated(turns: ServerTurns.Server());
        talk.Updated();
        Assert.Equal("TD-03", talk.Speak().Rule); // the server takes the turns
    }

    [Fact]
    public void TD03_EveryCommitStartsTheCountAnew_AndSoDoesClearing()
    {
        var talk = Conversation.Manual();
        talk.Speak();
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule);
        talk.Submit(SessionIntent.AudioAppended(48_000));
        talk.Submit(SessionIntent.ClearInput());
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule);
    }

    [Fact]
    public void TD03_RefusedCommit_InterruptsNothing()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        Assert.False(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
        talk.SentNothing();
    }

    [Fact]
    public void TD03_CommitThatTheServerRefuses_EndsTheTurn_AndItsResponseIsCancelled()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Error("input_audio_buffer_commit_empty", sent[0].EventId);
        Assert.Equal("input_audio_buffer_commit_empty", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        talk.Created("A", Assert.IsType<SessionCommand.CreateResponse>(sent[1]).Token);
        talk.SentOnly<SessionCommand.CancelResponse>();
    }

    [Fact]
    public void TD09_NewTurnWhileTheModelSpeaks_CancelsTruncatesAndThenAsks()
    {
        var talk = Conversation.Manual();
        int first = talk.Speaking("A", "m", 48_000);
        talk.Played("m", 500);
        SubmitResult second = talk.Speak();
        Assert.Equal(SubmitVerdict.Queued, second.Verdict);
        Assert.Collection(
            talk.Sent(),
            command => Assert.IsType<SessionCommand.CancelResponse>(command),
            command => Assert.IsType<SessionCommand.TruncateItem>(command),
            command => Assert.IsType<SessionCommand.CommitInput>(command));
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(first));
        Assert.True(talk.IsOpen(second.Turn));
    }

    [Fact]
    public void TD09_NewTurnMayWaitInstead()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        talk.Answering("A");
        talk.Say();
        talk.SentOnly<SessionCommand.CreateMessage>();
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void TD09_NewTurnMayBeRefusedInstead_AndChangesNothing()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        SubmitResult result = talk.Submit(SessionIntent.TextTurn("hello", whenBusy: WhenBusy.Refuse));
        Assert.Equal((SubmitVerdict.Refused, "TD-09"), (result.Verdict, result.Rule));
        talk.SentNothing();
        talk.Done("A");
        Assert.True(talk.Submit(SessionIntent.TextTurn("hello", whenBusy: WhenBusy.Refuse)).IsAccepted);
    }

    [Fact]
    public void RejectedItem_EndsTheTurnThatItBegan()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        talk.Error("invalid_value", talk.Sent()[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
    }

    [Theory]
    [InlineData(FactStatus.Completed, null, typeof(TurnOutcome.Completed))]
    [InlineData(FactStatus.Incomplete, "max_output_tokens", typeof(TurnOutcome.Incomplete))]
    [InlineData(FactStatus.Incomplete, "content_filter", typeof(TurnOutcome.Incomplete))]
    [InlineData(FactStatus.Cancelled, null, typeof(TurnOutcome.Interrupted))]
    [InlineData(FactStatus.Failed, null, typeof(TurnOutcome.Failed))]
    public void ER03_TurnEndsAsItsLastResponseDid(FactStatus status, string? reason, Type outcome)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", status, reason);
        Assert.IsType(outcome, talk.Outcome(turn));
    }

    [Fact]
    public void ER01_FailureThatNoNewConnectionCures_IsFatal()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", FactStatus.Failed, errorCode: "insufficient_quota");
        Assert.Equal("insufficient_quota", Assert.IsType<TurnOutcome.Failed>(talk.Outcome(turn)).Error.Code);
        Assert.Equal(ErrorSeverity.Fatal, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void CancelTurn_OfAnEndedTurn_DoesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A");
        talk.Submit(SessionIntent.CancelTurn(turn));
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void B10_UsageIsToldOncePerResponse_AlsoWhenItsEndComesTwice()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.usage:={\"total_tokens\":10,\"input_tokens\":7,\"output_tokens\":3,\"input_token_details\":{\"cached_tokens\":2,\"audio_tokens\":5},\"output_token_details\":{\"audio_tokens\":1}}");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.usage.total_tokens:=10");
        Assert.Equal(new SessionChange.ResponseEnded(turn, "A", FactStatus.Completed, new TokenUsage(new(2, 5), new(2, 0), new(2, 1))), Assert.Single(talk.Changes<SessionChange.ResponseEnded>()));
    }

    [Fact]
    public void B10_UsageThatIsNotReported_IsNotZero()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.usage:=null");
        Assert.Null(Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TD04_RequestOfATurn_IsSentAsItWasGiven(bool spoken)
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        var request = new ResponseParameters { Instructions = "Be brief." };
        talk.Submit(spoken ? SessionIntent.EndTurn(request) : SessionIntent.TextTurn("hello", request));
        talk.Sends(spoken ? "input_audio_buffer.commit" : "conversation.item.create");
        talk.Sends("response.create", "response.instructions=Be brief.");
    }

    [Fact]
    public void TD04_OurCommit_IsTickedOff_AndTheNextOneIsTheServers()
    {
        var talk = Conversation.Manual();
        talk.Speak();
        talk.Committed("u1");
        talk.Committed("u2");
        Assert.Equal([false, true], talk.Changes<SessionChange.InputCommitted>().Select(commit => commit.ByServer));
    }

    [Fact]
    public void TD04_RefusedCommit_IsNotWaitedFor()
    {
        var talk = Conversation.Manual();
        talk.Speak();
        talk.Error("input_audio_buffer_commit_empty", talk.Sent()[0].EventId);
        talk.Committed("u");
        Assert.True(Assert.Single(talk.Changes<SessionChange.InputCommitted>()).ByServer);
    }

    [Fact]
    public void TD03_OurCommit_LeavesTheAudioThatWasAppendedSince()
    {
        var talk = Conversation.Manual();
        talk.Speak();
        talk.Submit(SessionIntent.AudioAppended(4_800));
        talk.Committed("u"); // of the first turn
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
    }

    [Theory]
    [InlineData("content_filter")]
    [InlineData("max_output_tokens")]
    [InlineData("of_tomorrow")]
    public void ER03_WhyAResponseStoppedEarly_IsSaidAsTheServerSaysIt(string reason)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", FactStatus.Incomplete, reason);
        Assert.Equal(new TurnOutcome.Incomplete(reason), talk.Outcome(turn));
    }

    [Fact]
    public void ER03_AResponseThatStoppedEarlyWithoutAReason_SaysThatItDid()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", FactStatus.Incomplete);
        Assert.Equal("incomplete", Assert.IsType<TurnOutcome.Incomplete>(talk.Outcome(turn)).Reason);
    }

    [Fact]
    public void RC08_FirstReasonToGiveATurnUp_IsItsOutcome()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxAudio: 100));
        int turn = talk.Speaking("A", "m", 48 * 101);
        talk.Submit(SessionIntent.CancelTurn(turn));
        talk.Done("A", FactStatus.Cancelled);
        Assert.IsType<TurnOutcome.AudioOverrun>(talk.Outcome(turn));
    }

    [Fact]
    public void RC08_TurnThatHasEnded_IsNotEndedByTheRefusalOfItsCreate()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        string eventId = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        talk.Interrupt();
        talk.Error("invalid_value", eventId);
        Assert.Equal(new SessionChange.TurnEnded(turn, new TurnOutcome.Withdrawn()), Assert.Single(talk.Changes<SessionChange.TurnEnded>()));
    }

    [Fact]
    public void TD09_RequestIsRefused_AlsoWhileATurnWaitsForItsTool_OrACreateOfNoTurnIsUnanswered()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        Assert.Equal("TD-09", talk.Submit(SessionIntent.CreateResponse(whenBusy: WhenBusy.Refuse)).Rule);

        talk = Conversation.Manual();
        talk.Create();
        talk.Interrupt();
        Assert.Equal("TD-09", talk.Submit(SessionIntent.CreateResponse(whenBusy: WhenBusy.Refuse)).Rule);
    }

    [Fact]
    public void TD03_ACommitThatIsConfirmedTwice_TakesNothingFromTheNextTurn()
    {
        var talk = Conversation.Manual();
        talk.Speak();
        talk.Committed("u1");
        talk.Submit(SessionIntent.AudioAppended(500 * 48));
        talk.Committed("u1");
        Assert.Single(talk.Changes<SessionChange.InputCommitted>());
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
    }

    [Fact]
    public void TD03_TheAnswerToAClear_TakesNothingOfWhatWasSentAfterIt()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AudioAppended(500 * 48));
        talk.Submit(SessionIntent.ClearInput());
        talk.Submit(SessionIntent.AudioAppended(100 * 48));
        talk.Hear("input_audio_buffer.cleared");
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
        talk.Submit(SessionIntent.ClearInput());
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule);
    }

    [Fact]
    public void TD03_LessThanNoAudio_IsNoIntent() =>
        Assert.Equal("bytes", Assert.Throws<ArgumentOutOfRangeException>(static () => SessionIntent.AudioAppended(-1)).ParamName);
}
