using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The corners of events that do not fit into one line of <see cref="CornerTests"/>: what is told, and what is not.</summary>
public class EventCornerTests
{
    [Fact]
    public void AResponseWithoutAnId_IsReported_AndBeginsNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Hear("response.created", "response.id:=7");
        Assert.Equal("RC-14", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void TheFormatThatAResponseStates_IsTold_WhereItDiffers()
    {
        var talk = Conversation.Manual();
        talk.Created("A", encoding: AudioEncoding.G711MuLaw);
        Assert.Equal(new SessionChange.FormatDiffers(AudioEncoding.Pcm16, AudioEncoding.G711MuLaw, IsInput: false), Assert.Single(talk.Changes<SessionChange.FormatDiffers>()));
    }

    [Fact]
    public void AnEndWithoutABeginning_IsTold_AsOfNoTurn()
    {
        var talk = Conversation.Manual();
        talk.Hear("response.done", "response.id=X", "response.status=completed", "response.usage.input_tokens:=4", "response.usage.output_tokens:=3");
        Assert.Equal(new SessionChange.ResponseEnded(0, "X", FactStatus.Completed, new TokenUsage(new(4, 0), default, new(3, 0))), Assert.Single(talk.Changes<SessionChange.ResponseEnded>()));
    }

    [Fact]
    public void AMessageThatStandsOnlyInTheEnd_IsNoItem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.done", "response.id=A", "response.status=completed", """response.output:=[{"id":"m","type":"message","role":"assistant","status":"completed","content":[]}]""");
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
    }

    [Fact]
    public void ACallThatIsDoneWithoutAStatus_IsFinalWithItsResponse()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1", FactStatus.Unknown);
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
        talk.Done("A");
        Assert.Equal(new SessionChange.ItemDone("f", FactStatus.Completed), Assert.Single(talk.Changes<SessionChange.ItemDone>()));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void ADeltaWithoutAudio_MakesNoSound(int bytes, bool isForgotten)
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", bytes);
        talk.Done("A");
        Assert.Equal(isForgotten, talk.Changes<SessionChange.TurnForgotten>().Length == 1);
    }

    [Fact]
    public void TheThousandItemsThatAResponseMayHave_AreItsOwn_AndNoMore()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        for (int i = 0; i <= TrackedResponse.MaxItems; i++)
        {
            talk.Hear("response.output_item.added", "response_id=A", $"item.id=m{i}", "item.status=in_progress");
        }

        talk.Done("A");
        Assert.Equal(TrackedResponse.MaxItems, talk.Changes<SessionChange.ItemDone>().Length);
    }

    [Fact]
    public void RC03_AResponseOfTheServersOwn_ShowsNothingOfMetadata()
    {
        var talk = Conversation.Manual();
        talk.Created("V");
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
        talk.Done("V");
        talk.Create();
        talk.Created("A");
        talk.Done("A");
        talk.Create();
        talk.Created("B");
        Assert.Equal("RC-03", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule); // told once, by the first that should have repeated it
    }

    [Fact]
    public void ER01_AFatalErrorOfTheOldestConfiguration_IsSurfacedToo()
    {
        var talk = Conversation.Manual();
        int handle = talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime })).Operation;
        talk.Error("insufficient_quota", null, "No.", "session.voice");
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Equal(ErrorSeverity.Fatal, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void ALateRefusalOfARequestThatWasGivenUp_ConcernsNobody()
    {
        var talk = Conversation.Manual();
        talk.Create();
        string create = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        talk.Wait(30_000);
        talk.Error("response_cancel_not_active", talk.SentOnly<SessionCommand.CancelResponse>().EventId);
        talk.Error("invalid_value", create);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Theory]
    [InlineData("nothing came before")]
    [InlineData("it was cleared")]
    [InlineData("a turn was ended")]
    [InlineData("the server committed it")]
    public void TD03_ATurnHasAHundredMilliseconds_OfWhatCameSince(string what)
    {
        Conversation talk = what == "the server committed it" ? Conversation.Detecting() : Conversation.Manual();
        switch (what)
        {
            case "it was cleared":
                talk.Submit(SessionIntent.AudioAppended(48_000));
                talk.Submit(SessionIntent.ClearInput());
                break;
            case "a turn was ended":
                talk.Speak();
                break;
            case "the server committed it":
                talk.Submit(SessionIntent.AudioAppended(48_000));
                talk.Committed();
                talk.Updated(turns: ServerTurns.None);
                break;
        }

        talk.Submit(SessionIntent.AudioAppended(4_799));
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule);
        talk.Submit(SessionIntent.AudioAppended(1));
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
    }

    [Fact]
    public void TD10_SpeechThatCountsAsOver_LeavesNoEarlierHold()
    {
        var talk = Conversation.Detecting(new MachineSettings { IdPrefix = "test", SpeechTimeout = 1_000 });
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.SpeechStarted();
        talk.Create();
        talk.SentNothing();
        talk.Wait(1_000);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Theory]
    [InlineData("audio/pcm 16000", "audio/pcm", 3_200)]
    [InlineData("audio/pcm 8000", "audio/pcm", 1_600)]
    [InlineData("audio/pcm 48000", "audio/pcm", 9_600)]
    [InlineData("audio/pcm 16000", "audio/pcm 7999", 3_200)]
    [InlineData("audio/pcm 16000", "audio/pcm 48001", 3_200)]
    [InlineData("audio/pcmu", "audio/pcm", 4_800)]
    [InlineData("audio/pcm 16000", "audio/pcma", 800)]
    [InlineData("audio/pcm 16000", "of_tomorrow", 3_200)]
    public void SE07_AFormatThatLeavesItsRateOut_KeepsTheRateThatHeld(string first, string second, long bytes)
    {
        var talk = Conversation.Manual();
        foreach (string format in (string[])[first, second])
        {
            string[] words = format.Split(' ');
            string rate = words.Length > 1 ? $$""","rate":{{words[1]}}""" : "";
            talk.Hear("session.updated", "session.type=realtime", $$"""session.audio.input.format:={"type":"{{words[0]}}"{{rate}}}""");
        }

        talk.Submit(SessionIntent.AudioAppended(bytes - 1));
        Assert.Contains($" {bytes} bytes (100 ms)", talk.Submit(SessionIntent.EndTurn()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ItemRole.User, "user", ItemFactKind.UserMessage)]
    [InlineData(ItemRole.Assistant, "assistant", ItemFactKind.AssistantMessage)]
    [InlineData(ItemRole.System, "system", ItemFactKind.SystemMessage)]
    public void AMessageOfOurs_IsOfTheKindThatWeGaveIt(ItemRole role, string word, ItemFactKind kind)
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(role, "one"));
        talk.Sends("conversation.item.create", "item.id=$i", $"item.role={word}");
        talk.ItemAdded(talk.Names["$i"], ItemFactKind.Other); // a service that calls it something else
        Assert.Equal(kind, Assert.Single(talk.Changes<SessionChange.ItemAdded>()).Kind);
    }

    [Theory]
    [InlineData(ItemFactKind.UserMessage)]
    [InlineData(ItemFactKind.AssistantMessage)]
    [InlineData(ItemFactKind.SystemMessage)]
    [InlineData(ItemFactKind.FunctionCall)]
    [InlineData(ItemFactKind.FunctionCallOutput)]
    [InlineData(ItemFactKind.Other)]
    public void AnItemOfTheServers_IsOfTheKindThatItSays(ItemFactKind kind)
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m", kind);
        Assert.Equal(new SessionChange.ItemAdded("m", kind), Assert.Single(talk.Changes<SessionChange.ItemAdded>()));
    }

    [Fact]
    public void ATurnThatWasTakenToItsEnd_IsForgotten_WhenTheNextIsHeard()
    {
        var talk = Conversation.Manual();
        int first = talk.Whole("A", "m", 4_800);
        talk.Taken(first, 100);
        Assert.Empty(talk.Changes<SessionChange.TurnForgotten>()); // its end may lie in the loudspeaker
        talk.Answering("B");
        talk.Audio("B", "n", 4_800);
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
    }

    [Fact]
    public void ATurnBeforeTheLast_IsForgotten_WhenItsEndIsTaken()
    {
        var talk = Conversation.Manual();
        int first = talk.Whole("A", "m", 4_800);
        talk.Answering("B");
        talk.Audio("B", "n", 4_800);
        Assert.Empty(talk.Changes<SessionChange.TurnForgotten>());
        talk.Taken(first, 100);
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
    }

    [Fact]
    public void ATurnThatWasHeardToItsEndBeforeItEnded_IsForgottenWithItsEnd()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 4_800);
        talk.AudioDone("A", "m");
        talk.Played(turn, 100);
        talk.Done("A");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
    }

    [Fact]
    public void OneByteOfATurn_ShowsThatTheEarlierOneWasPlayed()
    {
        var talk = Conversation.Manual();
        int first = talk.Whole("A", "m", 48_000);
        talk.Played(first, 400);
        int second = talk.Speaking("B", "n", 48_000);
        talk.Submit(SessionIntent.Played(second, 1));
        talk.Interrupt();
        Assert.DoesNotContain(talk.Sent(), static command => command is SessionCommand.TruncateItem);
    }

    [Fact]
    public void AReportOfAPart_IsOfThatPart()
    {
        var talk = Conversation.Manual(Conversation.Settings(truncatesAnyPart: true));
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Submit(SessionIntent.Played("m", 1, 24_000));
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "content_index:=1", "audio_end_ms:=500");
    }

    [Fact]
    public void RC27_ATruncationThatWasRefused_WaitsForNothing()
    {
        var talk = Conversation.Manual();
        foreach (string response in (string[])["A", "B"])
        {
            talk.Answering(response);
            talk.Message(response, "m" + response);
            talk.Audio(response, "m" + response, 48_000);
            talk.Played("m" + response, 500);
            talk.Interrupt();
            talk.Sends("response.cancel");
            talk.Sends("conversation.item.truncate", $"item_id=m{response}", $"event_id=$of {response}");
            talk.Done(response, FactStatus.Cancelled);
            if (response == "A")
            {
                talk.Error("of_tomorrow", talk.Names["$of A"]);
            }
        }

        talk.Hear("conversation.item.truncated", "-item_id", "audio_end_ms:=500");
        Assert.Equal("mB", Assert.Single(talk.Changes<SessionChange.ItemTruncated>()).ItemId);
    }

    [Fact]
    public void AMessage_IsNoCall()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        Assert.Null(talk.Machine.Core.Items.Find("m")!.Call);
    }

    [Fact]
    public void AResponseThatADeltaBegan_HasADeadline()
    {
        var talk = Conversation.Manual();
        talk.Audio("V", "m", 960);
        talk.Wait(30_000);
        Assert.Equal("V", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
    }

    [Fact]
    public void ADeadlineThatStays_SetsNoTimerAgain()
    {
        var talk = Conversation.Manual();
        talk.Create();
        Assert.Equal(10_000, talk.Timer);
        talk.Machine.Submit(SessionIntent.AudioAppended(960), talk.Now);
        Assert.False(talk.Machine.TryTakeEffect(out _));
    }
}
