using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Whatever a server sends, what is kept of it is bounded.</summary>
public class LimitTests
{
    [Fact]
    public void IdBeyondReason_DecidesNothing_AndIsReported()
    {
        var talk = Conversation.Manual();
        string huge = new('x', 513);
        talk.Created(huge);
        talk.ItemAdded(huge);
        Assert.Equal(["LIMIT", "LIMIT"], talk.Changes<SessionChange.ViolationTolerated>().Select(violation => violation.Rule));
        Assert.Empty(talk.Changes<SessionChange.ItemAdded>());
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void OldestItem_IsForgotten_BeforeTheTableGrowsBeyondItsLimit()
    {
        var items = new ItemTable();
        for (int i = 0; i < ItemTable.MaxItems + 100; i++)
        {
            items.FindOrExpect(Encoding.UTF8.GetBytes($"item_{i}"));
        }

        Assert.Equal(ItemTable.MaxItems, items.Count);
        Assert.Null(items.Find("item_99"));
        Assert.NotNull(items.Find("item_100"));
    }

    [Fact]
    public void OldestToolCall_IsForgotten_AndItsOutputRefused()
    {
        foreach ((int calls, bool isKnown) in (ReadOnlySpan<(int, bool)>)[(10_000, true), (10_001, false)])
        {
            var talk = Conversation.Manual();
            for (int i = 0; i < calls; i++)
            {
                if (i % 500 == 0)
                {
                    talk.Interrupt();
                    talk.Done($"resp_{i - 500}", FactStatus.Cancelled);
                    talk.Sent();
                    talk.Answering($"resp_{i}");
                }

                talk.Hear("response.output_item.done", $"response_id=resp_{i - (i % 500)}", $$"""item:={"id":"f_{{i}}","type":"function_call","status":"completed","call_id":"call_{{i}}","name":"clock","arguments":"{}"}""");
            }

            Assert.Equal(calls, talk.Changes<SessionChange.ToolCallReady>().Length);
            Assert.Equal(isKnown, talk.Submit(SessionIntent.ToolOutput("call_0", "late")).IsAccepted);
        }
    }

    [Fact]
    public void AudioOfAPartBeyondReason_IsNotCounted()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000, contentIndex: int.MaxValue);
        talk.Audio("A", "m", 48_000, contentIndex: -1);
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
    }

    [Fact]
    public void Ids_AreFoundByTheirBytes_WhateverTheirLetters()
    {
        var items = new ItemTable();
        foreach (string id in new[] { "item_1", "élan", "日本", new string('é', 200) })
        {
            TrackedItem item = items.FindOrExpect(Encoding.UTF8.GetBytes(id));
            Assert.Same(item, items.Find(id));
            Assert.Same(item, items.Find(Encoding.UTF8.GetBytes(id)));
        }

        Assert.Null(items.Find("item_2"u8));
    }

    [Fact]
    public void BP04_WhenTooMuchWaits_NothingIsAskedAnyMore_AndSilencingGoesOn()
    {
        const long TooMuch = (8 * 1024 * 1024) + 1;
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "call", "c1");
        talk.SentNothing();
        talk.ForgetChanges();
        SessionIntent[] refused =
        [
            SessionIntent.CreateResponse(),
            SessionIntent.TextTurn("hello"),
            SessionIntent.AddText(ItemRole.System, "hello"),
            SessionIntent.ClearInput(),
            SessionIntent.DeleteItem("call"),
            SessionIntent.Configure(new Session { Type = SessionType.Realtime }),
            SessionIntent.ToolOutput("c1", new string('x', 257)),
        ];
        foreach (SessionIntent intent in refused)
        {
            Assert.Equal((SubmitVerdict.Refused, "BP-04"), (talk.Machine.Submit(intent, talk.Now, TooMuch) is var result ? result.Verdict : default, result.Rule));
            Assert.False(talk.Machine.TryTakeEffect(out _));
        }

        Assert.True(talk.Machine.Submit(SessionIntent.TextTurn("hello"), talk.Now, TooMuch - 1).IsAccepted);
        Assert.True(talk.Machine.Submit(SessionIntent.ToolOutput("c1", "a short word"), talk.Now, TooMuch).IsAccepted);
        Assert.True(talk.Machine.Submit(SessionIntent.CancelTurn(turn), talk.Now, TooMuch).IsAccepted);
        Assert.True(talk.Machine.Submit(SessionIntent.Interrupt(), talk.Now, TooMuch).IsAccepted);
        Assert.True(talk.Machine.Submit(SessionIntent.AudioAppended(960), talk.Now, TooMuch).IsAccepted);
    }

    [Fact]
    public void AServerThatNamesOurNextIds_BreaksNothing()
    {
        var talk = Conversation.Manual();
        for (int n = 1; n < 4; n++)
        {
            talk.ItemAdded($"item_test_{n}");
        }

        talk.Say();
        talk.Sends("conversation.item.create", "item.id=item_test_1");
        talk.Sends("response.create");
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void ARefusalThatNamesTooLongAnId_NamesNone(int length, bool isNamed)
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, new string('r', length));
        Assert.Equal(isNamed ? 1 : 0, talk.Changes<SessionChange.ResponseStarted>().Length);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("seventeen_letters")]
    [InlineData("half\ud800")]
    [InlineData("a space")]
    public void APrefixThatMakesNoIds_IsRefused(string prefix) =>
        Assert.Throws<ArgumentException>("IdPrefix", () => new SessionMachine(new MachineSettings { IdPrefix = prefix }));

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void ATimeThatNoClockReaches_IsRefused(long time)
    {
        MachineSettings[] refused =
        [
            new() { IdPrefix = "test", ToolTimeout = time },
            new() { IdPrefix = "test", ToolTimeouts = new Dictionary<string, long> { ["clock"] = time } },
            new() { IdPrefix = "test", AcknowledgementTimeout = time },
            new() { IdPrefix = "test", AutoResponseTimeout = time },
            new() { IdPrefix = "test", SpeechTimeout = time },
            new() { IdPrefix = "test", StuckTimeout = time },
            new() { IdPrefix = "test", CancelTimeout = time },
        ];
        Assert.All(refused, static settings => Assert.Throws<ArgumentOutOfRangeException>(() => new SessionMachine(settings)));
    }

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

    [Fact]
    public void BP04_WhatIsReported_AndAShortOutput_AreTakenAtAnyTime()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Call("A", "f", "c1");
        talk.Waiting = (8 * 1024 * 1024) + 1;
        Assert.Null(talk.Submit(SessionIntent.Played(turn, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.Played("m", 0, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.Taken(turn, 4_800)).Rule);
        Assert.Null(talk.Submit(SessionIntent.ToolOutput("c1", new string('x', 256))).Rule);
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

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void ACutBeyondAllTime_IsOneThatATimeCanSay(long milliseconds)
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 4_800);
        talk.Hear("conversation.item.truncated", "item_id=m", "content_index:=0", $"audio_end_ms:={milliseconds}");
        TimeSpan? cut = Assert.IsType<ConversationItem.Message>(talk.Machine.FindItem("m")).TruncatedAt;
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds > 0 ? int.MaxValue : 0), cut);
    }
}
