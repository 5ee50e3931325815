using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Responses beside the conversation, and what a response reads instead of it: RC-22 and RC-23.</summary>
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RC22_GivenUpBeforeItBegan_OfAServerThatRepeatsNothing_ItsResponseIsStillKnownByOrder(bool isRefused)
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        int aside = Aside(talk);
        talk.Sends("response.create", "event_id=$e");
        talk.Submit(SessionIntent.CancelTurn(aside));
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        Assert.Equal(SubmitVerdict.Queued, talk.Create().Verdict);
        talk.SendsNothing();
        if (isRefused)
        {
            talk.Error("invalid_value", talk.Names["$e"]);
        }
        else
        {
            talk.Created("B", outOfBand: true);
            talk.Sends("response.cancel", "response_id=B");
        }

        talk.Sends("response.create", "-response");
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
    public void RC22_UntilTheServerHasShownThatItRepeatsTokens_OneIsAskedAtATime_AndTheConversationWaitsUntilItBegins()
    {
        var talk = Conversation.Manual();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        Assert.Equal(SubmitVerdict.Queued, talk.Create().Verdict);
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Sends("response.create", "-response.conversation");
        Assert.True(talk.Create(OutOfBand()).IsAccepted);
        Assert.Equal(aside, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RC22_AServerThatRepeatsNothing_IsMatchedByOrder(bool runsBeside)
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        if (runsBeside)
        {
            talk.Answering("A");
        }

        int aside = Aside(talk);
        talk.Sends("response.create", "-response.metadata");
        talk.Created("B", outOfBand: true);
        Assert.Equal(aside, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
        talk.Create();
        if (runsBeside)
        {
            talk.SendsNothing();
            talk.Done("A");
        }

        talk.Sends("response.create", "-response");
        talk.Created("C");
        talk.Done("C");
        Assert.True(talk.IsOpen(aside));
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_WhereTheServerMayBeginByItself_AndRepeatsNothing_ItIsRefused()
    {
        var talk = Conversation.Detecting(Conversation.Settings(echoesMetadata: false));
        talk.SpeechStarted();
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        talk.SpeechStopped();
        talk.Committed();
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        talk.Created("V");
        Assert.True(talk.Create(OutOfBand()).IsAccepted);
    }

    [Fact]
    public void RC22_UnansweredForTenSeconds_ItTimesOut_AndAServerThatLivesLosesNothing()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Wait(9_999);
        Assert.True(talk.IsOpen(aside));
        talk.Wait(1);
        Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(aside));
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Sends("response.cancel", "response_id=B");
        talk.Wait(100_000);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_SilentForThirtySeconds_ItIsCancelledByName_AndCountsAsEndedFiveSecondsLater()
    {
        Conversation talk = Proven();
        int answer = talk.Answering("A");
        int aside = Running(talk, "B");
        talk.Wait(20_000);
        talk.Message("A", "m");
        talk.Wait(10_000);
        talk.Sends("response.cancel", "response_id=B");
        talk.SendsNothing();
        talk.Wait(1_000);
        talk.Audio("A", "m", 480);
        talk.Wait(4_000);
        Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(aside));
        Assert.True(talk.IsOpen(answer));
    }

    [Fact]
    public void RC22_ARefusedCancel_IsSentOnceMore_WhenItFallsSilent()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "event_id=$c");
        talk.Error("server_error", talk.Names["$c"]);
        talk.Wait(30_000);
        talk.Sends("response.cancel", "response_id=B", "event_id=$d");
        talk.Error("server_error", talk.Names["$d"]);
        Assert.True(talk.IsOpen(aside));
        talk.Wait(30_000);
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_AServerThatSaysNothingAtAll_IsGone_AlsoForAnAside()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Wait(35_000);
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
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
    public void RC22_ItsEndAlone_ProvesItByItsToken()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Hear("response.done", "response.id=B", "response.status=completed", "response.conversation_id:=null", $"{Frame.Token}=$t");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        Assert.Single(talk.Changes<SessionChange.ResponseEnded>(), ended => ended.Turn == aside);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RC22_WhereItsAnnouncementWasLost_ItsOutputIsNobodysUntilItsEndSaysWhoseItWas(bool isAskedMeanwhile)
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        if (isAskedMeanwhile)
        {
            talk.Create();
            talk.Sends("response.create", $"{Frame.Token}=$u");
        }

        talk.Message("B", "n", outOfBand: true);
        Assert.Equal(0, talk.Audio("B", "n", 480).Turn);
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        talk.Hear("response.done", "response.id=B", "response.status=completed", "response.conversation_id:=null", $"{Frame.Token}=$t");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        if (!isAskedMeanwhile)
        {
            talk.Create();
            talk.Sends("response.create", $"{Frame.Token}=$u");
        }

        talk.Created("C", talk.Names["$u"]);
        talk.Done("C");
        Assert.Equal(2, talk.Changes<SessionChange.TurnEnded>().Count(static ended => ended.Outcome is TurnOutcome.Completed));
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
    public void RC23_Values_GoAsReferencesOrInFull()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        ConversationItem[] input =
        [
            ConversationItem.User("held") with { Id = "u1" },
            ConversationItem.User("new", new ItemContent.Audio(new byte[4])) with { Id = "unknown" },
            ConversationItem.Assistant("said"),
            ConversationItem.User(new ItemContent.Audio(default, "only its words are known")),
            ConversationItem.User(new ItemContent.Audio(default)),
            new ConversationItem.FunctionCall("call_1", "clock", "{}"),
            new ConversationItem.FunctionOutput("call_1", "noon"),
        ];
        Assert.True(talk.Submit(SessionIntent.CreateResponse(OutOfBand()).WithInput(input)).IsAccepted);
        talk.Sends(
            "response.create",
            "response.input.0.type=item_reference",
            "response.input.0.id=u1",
            "response.input.1.content.1.type=input_audio",
            "response.input.1.content.1.audio=AAAAAA==",
            "-response.input.1.id",
            "response.input.2.content.0.type=output_text",
            "response.input.3.content.0.text=only its words are known",
            "response.input.4.type=function_call",
            "response.input.5.output=noon",
            "-response.input.6");
        Assert.True(talk.Submit(SessionIntent.CreateResponse(OutOfBand()).WithInput([])).IsAccepted);
        talk.Sends("response.create", "response.input:=[]");
        Assert.Throws<ArgumentException>(() => SessionIntent.CreateResponse().WithInput([ConversationItem.User("half \ud800")]));
        Assert.Throws<ArgumentException>(() => SessionIntent.CreateResponse().WithInput([null!]));
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

    [Fact]
    public void RC23_WhatTheConversationHolds_GoesAsAReference_AndTheRestInFullWithoutAnId()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        talk.ItemAdded("u2");
        talk.ItemDeleted("u2");
        talk.Submit(SessionIntent.AddText(ItemRole.User, "not confirmed yet"));
        talk.Sends("conversation.item.create", "item.id=$own");
        Aside(talk, OutOfBand(Message("one", "u1"), Message("two", "u2"), Message("three"), Message("four", talk.Names["$own"])));
        talk.Sends(
            "response.create",
            "response.input.0.type=item_reference",
            "response.input.0.id=u1",
            "-response.input.0.content",
            "response.input.1.content.0.text=two",
            "-response.input.1.id",
            "response.input.2.content.0.text=three",
            "response.input.3.type=item_reference",
            "-response.input.4");
    }

    [Fact]
    public void RC23_AnEmptyInput_IsSent_AndMeansNothing()
    {
        Conversation talk = Proven();
        Aside(talk, new() { Conversation = ResponseParametersConversation.None, Input = Array.Empty<Item>() });
        talk.Sends("response.create", "response.input:=[]");
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("gone")]
    [InlineData("")]
    public void RC23_AReferenceToWhatIsNotThere_IsRefused_InTheConversationAndBesideIt(string id)
    {
        Conversation talk = Proven();
        talk.ItemAdded("gone");
        talk.ItemDeleted("gone");
        Assert.Equal("RC-23", talk.Create(OutOfBand(new ItemReference { Id = id })).Rule);
        Assert.Equal("RC-23", talk.Create(new ResponseParameters { Input = new Item[] { new ItemReference { Id = id } } }).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void RC23_AnItemThatWasDeletedWhileTheRequestWaited_IsLeftOut()
    {
        Conversation talk = Proven();
        talk.ItemAdded("u1");
        talk.ItemAdded("u2");
        talk.Answering("A");
        talk.Create(new ResponseParameters { Input = new Item[] { Message("one", "u1"), Message("two", "u2") } });
        talk.ItemDeleted("u1");
        talk.Done("A");
        talk.Sends("response.create", "response.input.0.id=u2", "-response.input.1");
    }

    [Fact]
    public void RC23_AChosenInputInTheConversation_GrowsByItsCallsAndTheirOutputs()
    {
        Conversation talk = Proven();
        talk.Create(new ResponseParameters { Input = new Item[] { Message("one") } });
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.Sends("conversation.item.create", "item.id=$o");
        talk.Sends(
            "response.create",
            "response.input.0.content.0.text=one",
            "response.input.1.type=item_reference",
            "response.input.1.id=f",
            "response.input.2.id=$o",
            "-response.input.3");
    }

    /// <summary>A session whose server has shown that it repeats tokens.</summary>
    private static Conversation Proven(Conversation? talk = null)
    {
        talk ??= Conversation.Manual();
        talk.Answering("before");
        talk.Done("before");
        talk.ForgetChanges();
        return talk;
    }

    private static ResponseParameters OutOfBand(params Item[] input) => new() { Conversation = ResponseParametersConversation.None, Input = input.Length == 0 ? default : (FieldList<Item>)input };

    private static MessageItem Message(string text, string? id = null) => new()
    {
        Id = id is null ? default : new Text(id),
        Role = MessageItemRole.User,
        Content = [new() { Type = ContentPartType.InputText, Text = text }],
    };

    private static int Aside(Conversation talk, ResponseParameters? request = null)
    {
        SubmitResult result = talk.Create(request ?? OutOfBand());
        Assert.Equal(SubmitVerdict.Accepted, result.Verdict);
        Assert.True(talk.Changes<SessionChange.TurnBegan>().Single(began => began.Turn == result.Turn).IsOutOfBand);
        return result.Turn;
    }

    private static int Running(Conversation talk, string response, ResponseParameters? request = null)
    {
        int turn = Aside(talk, request);
        talk.Created(response, Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token, outOfBand: true);
        return turn;
    }
}
