using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;
using static Realtime.Protocol.Tests.Lifecycle.AsideTalk;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Responses beside the conversation: RC-22.</summary>
public class AsideTests
{
    [Fact]
    public void RC22_AnAside_IsSentBesideWhateverRuns_AndNeitherFreesTheOther()
    {
        Conversation talk = Proven();
        int answer = talk.Answering("A");
        int aside = Aside(talk);
        talk.Sends("response.create", "response.conversation=none", "-response.input", $"{Frame.Token}=$t");
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Create();
        talk.Message("A", "m");
        talk.Message("B", "n", outOfBand: true);
        Assert.Equal(answer, talk.Audio("A", "m", 480).Turn);
        Assert.Equal(aside, talk.Audio("B", "n", 480).Turn);
        talk.Done("B");
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        Assert.True(talk.IsOpen(answer));
        talk.Done("A");
        talk.Sends("response.create");
    }

    [Fact]
    public void RC22_ManyAsides_AreToldApartByTheirTokens_InWhateverOrderTheyBegin()
    {
        Conversation talk = Proven();
        int[] turns = [.. Enumerable.Range(0, 64).Select(_ => Aside(talk))];
        string?[] tokens = [.. talk.Sent().Cast<SessionCommand.CreateResponse>().Select(static create => create.Token)];
        SubmitResult tooMany = talk.Create(OutOfBand());
        Assert.Equal((SubmitVerdict.Refused, "RC-22"), (tooMany.Verdict, tooMany.Rule));
        for (int i = 63; i >= 0; i--)
        {
            talk.Created($"B{i}", tokens[i], outOfBand: true);
        }

        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(turns[i], talk.Changes<SessionChange.ResponseStarted>().Single(started => started.ResponseId == $"B{i}").Turn);
            talk.Done($"B{i}");
            Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turns[i]));
        }

        Assert.True(talk.Create(OutOfBand()).IsAccepted);
    }

    [Theory]
    [InlineData("speech")]
    [InlineData("interrupt")]
    [InlineData("turn")]
    public void RC22_SilenceInTheConversation_LeavesAnAsideAlone(string by)
    {
        Conversation talk = Proven(Conversation.Detecting());
        int aside = Running(talk, "B");
        talk.Message("B", "n", outOfBand: true);
        talk.Audio("B", "n", 4_800);
        talk.Played(aside, 50);
        switch (by)
        {
            case "speech":
                talk.SpeechStarted();
                break;
            case "interrupt":
                talk.Interrupt();
                break;
            default:
                talk.Say();
                Assert.IsType<SessionCommand.CreateMessage>(talk.Sent()[0]);
                break;
        }

        Assert.True(talk.IsOpen(aside));
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.DoesNotContain(talk.Sent(), static command => command is SessionCommand.CancelResponse or SessionCommand.TruncateItem or SessionCommand.DeleteItem);
        Assert.False(talk.Audio("B", "n", 4_800).IsDropped);
    }

    [Fact]
    public void RC22_CancellingIt_NamesItsResponse_SilencesItsStream_AndCutsNothing()
    {
        Conversation talk = Proven();
        talk.Answering("A");
        int aside = Running(talk, "B");
        talk.Message("B", "n", outOfBand: true);
        talk.Audio("B", "n", 48_000);
        talk.Played(aside, 300);
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "response_id=B", "event_id=$c");
        talk.SendsNothing();
        SessionChange.PlaybackStopped stopped = Assert.Single(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.Equal((aside, new HeardAudio(300 * 48, HeardBasis.Reported)), (stopped.Turn, stopped.Heard));
        Assert.True(talk.Audio("B", "n", 480).IsDropped);
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Done("B", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(aside));
        Assert.Single(talk.Changes<SessionChange.TurnForgotten>(), forgotten => forgotten.Turn == aside);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RC22_ACancelThatCameTooLate_EndsTheAsideAndNothingElse(bool isNamed)
    {
        Conversation talk = Proven();
        int answer = talk.Answering("A");
        int aside = Running(talk, "B");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "response_id=B", "event_id=$c");
        talk.Error("response_cancel_not_active", isNamed ? talk.Names["$c"] : null);
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(aside));
        Assert.True(talk.IsOpen(answer));
        talk.Create();
        talk.SendsNothing();
        talk.Done("B");
        Assert.Equal(1, talk.Changes<SessionChange.ResponseEnded>().Count(static ended => ended.ResponseId == "B"));
    }

    [Fact]
    public void RC22_CancelledBeforeItBegan_ItIsWithdrawn_AndItsResponseIsCancelledUnheard()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(aside));
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Sends("response.cancel", "response_id=B");
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        talk.Create();
        talk.Sends("response.create", "-response.conversation");
    }

    [Fact]
    public void RC22_CancelledBeforeItBegan_AndKnownByItsEndAlone_ItHasNothingLeftToCancel()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Hear("response.done", "response.id=B", "response.status=completed", "response.conversation_id:=null", $"{Frame.Token}=$t");
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_WhatItSays_IsNoItemOfTheConversation()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Message("B", "n", outOfBand: true);
        talk.Audio("B", "n", 480);
        talk.Hear("response.output_item.done", "response_id=B", "item.id=n", "item.status=completed");
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        Assert.Empty(talk.Changes<SessionChange.ItemAdded>());
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("n")).Rule);
        Assert.Equal("IT-09", talk.Submit(SessionIntent.RetrieveItem("n")).Rule);
        Assert.Equal("TR-11", talk.Submit(SessionIntent.TruncateItem("n", 5)).Rule);
        Assert.Equal("RC-23", talk.Create(OutOfBand(new ItemReference { Id = "n" })).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_ItsVoice_DoesNotFixTheConversations()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Message("B", "n", outOfBand: true);
        talk.Audio("B", "n", 480);
        Assert.True(talk.Submit(SessionIntent.Configure(new Session { Audio = { Output = { Voice = "cedar" } } })).IsAccepted);
        talk.Sends("session.update", "session.audio.output.voice=cedar");
    }

    [Fact]
    public void RC22_OutputsOfItsTools_GoToItsNextRequest_AndNeverIntoTheConversation()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B", OutOfBand(Message("who is there?")));
        talk.Call("B", "f1", "call_1", outOfBand: true);
        talk.Call("B", "f2", "call_2", arguments: "{\"at\":2}", outOfBand: true);
        talk.Submit(SessionIntent.ToolOutput("call_2", "two"));
        talk.SendsNothing();
        talk.Done("B");
        talk.SendsNothing();
        talk.Submit(SessionIntent.ToolOutput("call_1", "one"));
        talk.Sends(
            "response.create",
            "response.conversation=none",
            "response.input.0.content.0.text=who is there?",
            "response.input.1.type=function_call",
            "response.input.1.call_id=call_2",
            "response.input.1.arguments={\"at\":2}",
            "-response.input.1.id",
            "response.input.2.type=function_call_output",
            "response.input.2.output=two",
            "-response.input.2.id",
            "response.input.4.output=one",
            "-response.input.5",
            $"{Frame.Token}=$t");
        talk.SendsNothing();
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "again")).Rule);
        talk.Created("C", talk.Names["$t"], outOfBand: true);
        talk.Done("C");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_ATurnThatReadsTheConversation_StillReadsItAfterItsTools()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        talk.ItemAdded("u2");
        talk.ItemAdded("u3");
        talk.Submit(SessionIntent.DeleteItem("u2"));
        talk.Sends("conversation.item.delete");
        Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        talk.Submit(SessionIntent.ToolOutput("call_1", "one"));
        talk.Sends(
            "response.create", "response.input.0.type=item_reference", "response.input.0.id=u1", "response.input.1.id=u3", "response.input.2.type=function_call", "response.input.3.type=function_call_output", "-response.input.4");
    }

    [Fact]
    public void RC22_ToolRounds_EndAsInTheConversation()
    {
        Conversation talk = Proven(Conversation.Manual(Conversation.Settings(maxToolRounds: 1)));
        int aside = Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        talk.Submit(SessionIntent.ToolOutput("call_1", "one"));
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("C", talk.Names["$t"], outOfBand: true);
        talk.Call("C", "g", "call_2", outOfBand: true);
        talk.Done("C");
        talk.Submit(SessionIntent.ToolOutput("call_2", "two"));
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.ToolRoundLimit>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_AnOutputThatComesAfterItsEnd_IsTakenAndSentNowhere()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "response_id=B");
        Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>());
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "late")).IsAccepted);
        talk.Done("B", FactStatus.Cancelled);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_AToolThatTakesTooLong_IsAnsweredForInTheNextRequest()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        talk.Wait(60_000);
        Assert.Single(talk.Changes<SessionChange.ToolCallOverdue>());
        talk.Sends("response.create", "response.input.0.call_id=call_1", "response.input.1.type=function_call_output");
    }

    [Fact]
    public void RC22_RefusedByTheServer_ItIsRejected_AndTheConversationGoesOn()
    {
        Conversation talk = Proven();
        int answer = talk.Answering("A");
        int aside = Aside(talk);
        talk.Sends("response.create", "event_id=$e");
        talk.BusyError(talk.Names["$e"], "A");
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(aside));
        Assert.True(talk.IsOpen(answer));
        talk.Done("A");
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_ABusyErrorThatNamesNoEvent_IsNotAboutAnAside_SinceAServerSaysItOfItsOwnAnswers()
    {
        Conversation talk = Proven();
        talk.Answering("A");
        int aside = Aside(talk);
        talk.BusyError(null, "A");
        Assert.True(talk.IsOpen(aside));
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC22_WithTheConnection_EveryAsideEnds()
    {
        Conversation talk = Proven();
        int asked = Aside(talk);
        int running = Running(talk, "B");
        talk.Close();
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(asked));
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(running));
        Assert.Equal("SE-09", talk.Create(OutOfBand()).Rule);
    }

    [Theory]
    [InlineData(FactStatus.Cancelled, typeof(TurnOutcome.Interrupted))]
    [InlineData(FactStatus.Incomplete, typeof(TurnOutcome.Incomplete))]
    [InlineData(FactStatus.Failed, typeof(TurnOutcome.Failed))]
    public void RC22_ItEnds_AsItsResponseDoes(FactStatus status, Type outcome)
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Done("B", status, errorCode: status is FactStatus.Failed ? "x" : null);
        Assert.IsType(outcome, talk.Outcome(aside));
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_AnOutputInAnEventOfTheApplicationsOwn_IsRefused_SinceNoConversationHoldsItsCall()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        Assert.True(ClientEvent.TryRead("""{"type":"conversation.item.create","event_id":"mine","item":{"type":"function_call_output","call_id":"call_1","output":"1"}}"""u8, out ClientEvent output, out _));
        Assert.Equal("RC-22", talk.Machine.SubmitEvent(output, talk.Now).Rule);
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "1")).IsAccepted);
        talk.Sends("response.create", "response.input.1.output=1");
    }

    [Fact]
    public void RC22_ATurnOfTheUsers_IsNotAnsweredOutside()
    {
        Conversation talk = Proven();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        Assert.Equal("RC-22", talk.Submit(SessionIntent.EndTurn(OutOfBand())).Rule);
        Assert.Equal("RC-22", talk.Submit(SessionIntent.TextTurn("hello", OutOfBand())).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_ItIsNothingThatARequestInTheConversationHasToMakeWayFor()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        Assert.True(talk.Submit(SessionIntent.CreateResponse(null, WhenBusy.Refuse)).IsAccepted);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.Submit(SessionIntent.CreateResponse(null, WhenBusy.CancelThenCreate));
        talk.Sends("response.cancel", "response_id=A");
        Assert.True(talk.IsOpen(aside));
    }

    [Fact]
    public void RC22_TheApplicationsOwnCancel_IsItsCancel()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        Assert.True(ClientEvent.TryRead("""{"type":"response.cancel","event_id":"mine","response_id":"B"}"""u8, out ClientEvent cancel, out _));
        Assert.True(talk.Machine.SubmitEvent(cancel, talk.Now).IsAccepted);
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.SendsNothing();
        talk.Done("B", FactStatus.Cancelled);
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(aside));
    }

    [Theory]
    [InlineData(15, null)]
    [InlineData(16, "RC-19")]
    [InlineData(17, "RC-19")]
    public void RC19_ItsToken_NeedsOneOfThePairs(int pairs, string? rule)
    {
        Conversation talk = Proven();
        ResponseParameters request = OutOfBand();
        request.Metadata = Enumerable.Range(0, pairs).Select(static i => KeyValuePair.Create($"k{i}", "v")).ToArray();
        Assert.Equal(rule, talk.Create(request).Rule);
        Assert.Equal(rule is null ? 1 : 0, talk.Sent().Length);
    }
}
