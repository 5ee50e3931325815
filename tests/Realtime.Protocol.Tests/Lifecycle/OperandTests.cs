using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What one word of a condition is for, where it takes more than a line of <see cref="Scenarios.CornerTests"/> to show it.</summary>
public class OperandTests
{
    // ---- tables that forget ----

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void RC09_OfSixtyFourLostRequests_TheOldestIsStillKnown(int lost, bool isKnown)
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < lost; i++)
        {
            talk.Create();
            talk.Sends("response.create", $"{Frame.Token}=$t{i}");
            talk.Hear("response.done", $"response.id=R{i}", "response.status=completed", $"{Frame.Token}=$t{i}");
        }

        talk.Created("late", talk.Names["$t0"]);
        Assert.Equal(isKnown ? 1 : 0, talk.Sent().OfType<SessionCommand.CancelResponse>().Count());
    }

    [Fact]
    public void RC14_OfTenThousandResponses_TheOldestIsStillKnown_AndOneMoreForgetsIt()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < 10_000; i++)
        {
            talk.Done($"resp_{i}");
        }

        talk.ForgetChanges();
        talk.Done("resp_0");
        Assert.Empty(talk.Changes<SessionChange.ResponseEnded>());
        talk.Done("resp_10000");
        talk.Done("resp_1");
        Assert.Single(talk.Changes<SessionChange.ResponseEnded>());
        talk.Done("resp_0");
        Assert.Equal(["resp_10000", "resp_0"], talk.Changes<SessionChange.ResponseEnded>().Select(static ended => ended.ResponseId));
        talk.Answering("A");
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void IdOfMoreThan512Bytes_DecidesNothing(int length, bool isHeard)
    {
        var talk = Conversation.Manual();
        talk.ItemAdded(new string('x', length));
        Assert.Equal(isHeard ? 1 : 0, talk.Changes<SessionChange.ItemAdded>().Length);
    }

    // ---- errors ----

    [Theory]
    [InlineData("account_deactivated")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("model_not_found")]
    [InlineData("insufficient_quota")]
    [InlineData("beta_api_shape_disabled")]
    public void ER01_WhatEndsEverySession_IsFatal(string code)
    {
        var talk = Conversation.Manual();
        talk.Error(code);
        Assert.Equal(ErrorSeverity.Fatal, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void SE02_ErrorThatNamesAnotherEvent_IsNotTheConfigurations()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime }));
        talk.Error("invalid_value", "event_of_somebody_else", parameter: "session.voice");
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Theory]
    [InlineData("input_audio_buffer_commit_empty", "event_of_somebody_else")]
    [InlineData("server_error", null)]
    public void TD03_ErrorThatIsAboutNoCommitOfOurs_LeavesItsTurn(string code, string? eventId)
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Error(code, eventId);
        Assert.True(talk.IsOpen(turn));
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC09_LateErrorAboutARequestThatNobodyWaitsFor_IsNobodysError_AndOneAboutAnAnsweredRequestIsTold()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", "event_id=$e1");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "event_id=$e2");
        talk.Error("response_cancel_not_active", talk.Names["$e2"]);
        talk.Error("server_error", talk.Names["$e1"]);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());

        talk.Create();
        talk.Sends("response.create", "event_id=$e3", $"{Frame.Token}=$t3");
        talk.Created("A", talk.Names["$t3"]);
        talk.Error("server_error", talk.Names["$e3"]);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC13_UnfinishedResponseWithoutAReason_IsIncomplete()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", FactStatus.Incomplete);
        Assert.False(string.IsNullOrEmpty(Assert.IsType<TurnOutcome.Incomplete>(talk.Outcome(turn)).Reason));
    }

    // ---- metadata and tokens ----

    [Fact]
    public void RC03_ARequestWithoutRoomForAToken_TeachesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create(Full()).Turn;
        talk.Created("A");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void RC03_ARequestWithoutRoomForAToken_IsAnsweredByOrder_AlsoByAServerThatRepeatsThem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        int turn = talk.Create(Full()).Turn;
        talk.Created("B");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
    }

    [Fact]
    public void RC03_AnItemRepeatsNoToken_SoItTeachesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Message("B", "m");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "RC-03");
    }

    [Fact]
    public void RC19_MetadataThatIsNull_IsRefused_AndCountsAsNothing()
    {
        var talk = Conversation.Manual();
        SubmitResult noKey = talk.Create(new ResponseParameters { Metadata = [new(null!, "abc")] });
        Assert.Equal("RC-19", noKey.Rule);
        Assert.Contains("a key of 0 and a value of 3 characters", noKey.Message, StringComparison.Ordinal);
        SubmitResult noValue = talk.Create(new ResponseParameters { Metadata = [new("ab", null!)] });
        Assert.Equal("RC-19", noValue.Rule);
        Assert.Contains("a key of 2 and a value of 0 characters", noValue.Message, StringComparison.Ordinal);
        talk.SendsNothing();
    }

    [Fact]
    public void RC17_ARequestIsNotHeld_WhereTheApplicationSaysSo()
    {
        var talk = Conversation.Detecting(new MachineSettings { IdPrefix = "test", HoldWhileUserSpeaks = false });
        talk.SpeechStarted();
        talk.Create();
        talk.Sends("response.create");
    }

    // ---- what waits in the connection ----

    [Fact]
    public void BP04_WhatIsReported_AndAShortOutput_AreTakenAtAnyTime()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Call("A", "f", "c1");
        talk.Waiting = (8 * 1024 * 1024) + 1;
        Assert.Null(talk.Submit(SessionIntent.Played(turn, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.Played("m", 0, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.Taken(turn, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.ToolOutput("c1", new string('x', 256))).Rule);
    }

    // ---- formats ----

    [Fact]
    public void SE07_AnotherFormatThanTheOneThatWasAskedFor_IsToldOnceForEachSide()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < 2; i++)
        {
            talk.Updated(output: AudioEncoding.G711MuLaw, input: AudioEncoding.G711ALaw);
        }

        Assert.Equal(
            [new(AudioEncoding.Pcm16, AudioEncoding.G711MuLaw, IsInput: false), new(AudioEncoding.Pcm16, AudioEncoding.G711ALaw, IsInput: true)],
            talk.Changes<SessionChange.FormatDiffers>());
    }

    [Fact]
    public void SE07_AResponseThatStatesNoFormat_HasTheSessions()
    {
        var talk = Conversation.Manual();
        talk.Updated(output: AudioEncoding.G711MuLaw);
        talk.Answering("A");
        Assert.Equal(AudioEncoding.G711MuLaw, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Encoding);
    }

    [Fact]
    public void TR03_OneByteThatWasCounted_KeepsItsMeaning()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Audio("A", "m", 1);
        talk.Created("A", talk.Names["$t1"], AudioEncoding.G711MuLaw);
        Assert.Empty(talk.Changes<SessionChange.ResponseEncodingStated>());
    }

    // ---- the machine's own words ----

    [Fact]
    public void Beginning_BelongsToItsTurn_AndOneAsideToNone()
    {
        var talk = Conversation.Manual();
        Assert.Equal(1, talk.Hear("response.created", "response.id=A", "response.conversation_id=c").Turn);
        Assert.Equal(0, talk.Hear("response.created", "response.id=B", "response.conversation_id:=null").Turn);
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

    [Fact]
    public void BP01_ACancelThatAudioBrought_HasItsDeadline()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxAudio: 1_000));
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_048);
        talk.Sends("response.cancel");
        Assert.Equal(5_000, talk.Timer);
    }

    [Fact]
    public void NothingWaits_SoNoTimerIsSetForIt()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.SpeechStopped();
        Assert.True(talk.Timer is null or >= 10_000, $"The timer is set to {talk.Timer}.");
    }

    [Fact]
    public void RC11_AConnectionThatWasFoundDead_HasNoDeadline()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Wait(35_000);
        talk.Sends("response.cancel");
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.ForgetChanges();
        talk.Machine.Elapse(talk.Now + 1_000_000);
        Assert.False(talk.Machine.TryTakeEffect(out _));
    }

    [Fact]
    public void RC11_ARequestThatMayStillBeAnswered_IsNotAskedAbout()
    {
        var talk = Conversation.Manual(new MachineSettings { IdPrefix = "test", AcknowledgementTimeout = 60_000 });
        int turn = talk.Create().Turn;
        talk.Sends("response.create");
        talk.Wait(59_999);
        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
        talk.Wait(1);
        talk.Sends("response.cancel", "-response_id");
    }

    // ---- two responses, and what is heard of them ----

    [Fact]
    public void RC05_ARequestThatMetAResponseThatHadEnded_LeavesNobodyInThePlace()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        int turn = talk.Create().Turn;
        talk.Sends("response.create", "event_id=$e1");
        talk.BusyError(talk.Names["$e1"], "A");
        talk.Sends("response.create", $"{Frame.Token}=$t2");
        talk.Created("B", talk.Names["$t2"]);
        Assert.Equal(turn, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void RC14_ACallOfTheOlderResponse_IsLeftAlone()
    {
        var talk = Conversation.Manual();
        talk.Created("A");
        talk.Created("B");
        talk.Call("A", "f", "call_1");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "FC-01");
    }

    [Fact]
    public void AU03_WhatWasPlayedBeforeItsEndWasKnown_IsOverWithItsResponse()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played(turn, 1_000);
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Interrupt();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.NotNull(talk.Outcome(turn));
    }

    [Fact]
    public void TD09_ANewTurn_LeavesAnAnswerThatIsWhole_AndNotKnownToPlay()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        int running = talk.Answering("B");
        talk.Say();
        Assert.Equal(running, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }

    // ---- calls ----

    [Fact]
    public void FC03_AnOutputForAnotherItemsCall_IsRefused()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "{}", "g")).Rule);
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "{}", "f")).IsAccepted);
    }

    [Fact]
    public void FC01_WhatOneEventSaysOfACall_TheNextNeedNotRepeat()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id=f", "call_id=call_1", """arguments={"a":1}""");
        Assert.True(talk.HearRaw("""{"type":"response.output_item.added","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","call_id":"call_1","name":"clock"}}"""));
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.Done("A");
        SessionChange.ToolCallReady call = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("call_1", "clock", """{"a":1}"""), (call.CallId, call.Name, call.Arguments));
        Assert.Equal("", talk.Machine.Core.Items.Find("f")!.Call!.Arguments); // content is not kept
    }

    [Fact]
    public void FC01_ACallWithoutACallId_StaysInTheConversation()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        Assert.True(talk.HearRaw("""{"type":"response.output_item.added","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","status":"in_progress"}}"""));
        talk.ItemAdded("f", ItemFactKind.FunctionCall);
        Assert.True(talk.HearRaw("""{"type":"response.output_item.done","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","status":"completed","arguments":"{}"}}"""));
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.SendsNothing();
    }

    [Fact]
    public void FC04_ARefusedOutput_IsToldWithItsItem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sends("conversation.item.create", "event_id=$e1", "item.id=$i1");
        talk.Error("invalid_value", talk.Names["$e1"]);
        Assert.Equal(talk.Names["$i1"], Assert.Single(talk.Changes<SessionChange.InputRejected>()).ItemId);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    public void B6_OfTheCancelsThatNothingAnswered_TheNewestSixtyFourAreKept(int earlier)
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < earlier; i++)
        {
            talk.Answering($"R{i}");
            talk.Interrupt();
            talk.Sends("response.cancel");
            talk.Done($"R{i}"); // it had ended by itself
        }

        talk.Answering("last");
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=last");
        talk.Create();
        for (int answers = 0; answers < 63; answers++)
        {
            talk.Error("response_cancel_not_active");
        }

        talk.SendsNothing();
        talk.Error("response_cancel_not_active");
        talk.Sends("response.create");
    }

    // ---- names that were left out ----

    [Fact]
    public void RC27_ResponseThatIsNamed_ButUnknown_IsNotTheOneThatRuns()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        Assert.Equal(0, talk.Hear("response.output_audio.delta", "response_id=B", "item_id:=null", $"delta={Frame.Audio(960)}").Turn);
    }

    [Theory]
    [InlineData("response_id:=null", "item_id=m")] // the item is named
    [InlineData("response_id=A", "item_id:=null")] // the one that is not final yet
    public void RC27_AudioIsOfTheItemThatIsNamed_OrThatIsNotFinal(string response, string item)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Message("A", "n");
        talk.ItemDone("A", "n");
        talk.Hear("response.output_audio.delta", response, item, "-output_index", $"delta={Frame.Audio(48_000)}");
        talk.Played(turn, 200);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=200");
    }

    [Fact]
    public void RC27_ArgumentsAreOfTheCallThatIsNamed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        foreach (string call in new[] { "1", "2", "3" })
        {
            talk.Hear("response.output_item.added", "response_id=A", $"output_index:={call}", $$"""item:={"id":"f{{call}}","type":"function_call","status":"in_progress","call_id":"call_{{call}}","name":"clock","arguments":""}""");
        }

        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id:=null", "call_id=call_2", "-output_index", """arguments={"a":1}""");
        talk.Done("A");
        SessionChange.ToolCallReady call2 = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("f2", "call_2", """{"a":1}"""), (call2.ItemId, call2.CallId, call2.Arguments));
    }

    private static ResponseParameters Full() => new() { Metadata = [.. Enumerable.Range(0, 16).Select(static i => new KeyValuePair<string, string>($"k{i}", "v"))] };
}
