using System.Globalization;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// A session that is used all day does not fill the memory: what the machine remembers is limited, and with that many of a kind seen, nothing more is kept. Measured in a process that does nothing
/// else meanwhile, on a machine that remembers a tenth of what others do; that it forgets at its limit is <see cref="LimitTests"/>'.
/// </summary>
[Collection(nameof(WholeProcess))]
public class GrowthTests
{
    private const int Remembered = 1_000;
    private const int More = 1_000;

    // Ids do not grow by a digit on the way: a number of them is remembered with each item, call and response.
    private const int First = 100_000;

    // Lists and dictionaries have their size by then; some objects are younger than others.
    private const int Nothing = 64;

    [Fact]
    public void ATurnWithATool_KeepsNothingInTheEnd() => Keeps(static (talk, n) =>
    {
        talk.SpeechStarted($"u{n}");
        talk.SpeechStopped($"u{n}");
        talk.Committed($"u{n}");
        talk.ItemAdded($"u{n}");
        talk.Created($"A{n}");
        talk.Call($"A{n}", $"f{n}", $"call_{n}");
        talk.Done($"A{n}");
        talk.Submit(SessionIntent.ToolOutput($"call_{n}", "{}"));
        talk.Sends("conversation.item.create", "item.id=$i");
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.ItemAdded(talk.Names["$i"], ItemFactKind.FunctionCallOutput);
        talk.Created($"B{n}", talk.Names["$t"]);
        talk.Message($"B{n}", $"m{n}");
        talk.Audio($"B{n}", $"m{n}", 4_800);
        talk.ItemDone($"B{n}", $"m{n}");
        talk.Done($"B{n}");
        talk.Played($"m{n}", 100);
    });

    [Fact]
    public void AnAnswerWithoutAnItem_KeepsNothing() => Keeps(static (talk, n) =>
    {
        talk.Create();
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created($"A{n}", talk.Names["$t"]);
        talk.Done($"A{n}");
    });

    [Fact]
    public void ARefusedRequest_KeepsNothing() => Keeps(static (talk, _) =>
    {
        talk.Create();
        talk.Sends("response.create", "event_id=$e");
        talk.Error("invalid_value", talk.Names["$e"]);
    });

    [Fact]
    public void ARequestThatIsNeverAnswered_KeepsNothing() => Keeps(static (talk, _) =>
    {
        talk.Create();
        talk.Wait(30_000);
        talk.Hear("error", "error.code=response_cancel_not_active", $"error.event_id={talk.Sent()[^1].EventId}");
    });

    [Fact]
    public void AConfiguration_KeepsNothing() => Keeps(static (talk, _) =>
    {
        talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime }));
        talk.Updated();
    });

    [Fact]
    public void ARefusedMessage_KeepsNothing() => Keeps(static (talk, _) =>
    {
        talk.Submit(SessionIntent.AddText(ItemRole.User, "one"));
        talk.Sends("conversation.item.create", "event_id=$e");
        talk.Error("invalid_value", talk.Names["$e"]);
    });

    [Fact]
    public void AWrittenTurnThatTheServerNeverConfirms_KeepsNothing() => Keeps(static (talk, n) =>
    {
        talk.Say();
        talk.Sends("conversation.item.create");
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created($"A{n}", talk.Names["$t"]);
        talk.Done($"A{n}");
    });

    [Fact]
    public void AnAnswerOutsideTheConversation_KeepsNothing() => Keeps(static (talk, n) =>
    {
        talk.Hear("response.created", $"response.id=R{n}", "response.conversation_id:=null", $"{Frame.Token}=of somebody else");
        talk.Hear("response.done", $"response.id=R{n}", "response.conversation_id:=null", $"{Frame.Token}=of somebody else");
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASpokenTurn_KeepsNothing_WhetherItsCommitIsConfirmedOrNot(bool isConfirmed) => Keeps(
        (talk, n) =>
        {
            talk.Speak();
            talk.Sends("input_audio_buffer.commit");
            talk.Sends("response.create", $"{Frame.Token}=$t");
            if (isConfirmed)
            {
                talk.Committed($"u{n}");
            }

            talk.Created($"A{n}", talk.Names["$t"]);
            talk.Done($"A{n}");
        },
        isDetecting: false);

    [Theory]
    [InlineData(FactStatus.Cancelled)]
    [InlineData(FactStatus.Completed)] // the cancel came too late, and the server never says so
    public void AnInterruptedAnswer_KeepsNothing_ThoughItsTruncationIsNeverAnswered(FactStatus end) => Keeps((talk, n) =>
    {
        talk.Create();
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created($"A{n}", talk.Names["$t"]);
        talk.Message($"A{n}", $"m{n}");
        talk.Audio($"A{n}", $"m{n}", 4_800);
        talk.Played($"m{n}", 50);
        talk.Interrupt();
        talk.Done($"A{n}", end);
    });

    [Fact]
    public void AnAnswerThatNobodyHears_KeepsNothing() => Keeps(static (talk, n) =>
    {
        talk.Created($"A{n}");
        talk.Message($"A{n}", $"m{n}");
        talk.Audio($"A{n}", $"m{n}", 4_800);
        talk.ItemDone($"A{n}", $"m{n}");
        talk.Done($"A{n}");
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnItemThatIsAddedAndDeleted_KeepsNothing_WhetherTheServerAnswersOrNot(bool isAnswered) => Keeps((talk, _) =>
    {
        talk.Submit(SessionIntent.AddText(ItemRole.User, "one"));
        talk.Sends("conversation.item.create", "item.id=$i");
        talk.ItemAdded(talk.Names["$i"]);
        talk.Submit(SessionIntent.DeleteItem(talk.Names["$i"]));
        if (isAnswered)
        {
            talk.ItemDeleted(talk.Names["$i"]);
        }
    });

    [Fact]
    public void AConfigurationThatIsNeverAnswered_KeepsNothing() => Keeps(static (talk, _) => talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime })));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AToolThatNeverAnswers_KeepsNothing(bool isInterrupted) => Keeps((talk, n) =>
    {
        talk.Created($"A{n}");
        talk.Call($"A{n}", $"f{n}", $"call_{n}");
        talk.Done($"A{n}");
        if (isInterrupted)
        {
            talk.Interrupt();
        }

        talk.Wait(60_000);
        if (!isInterrupted)
        {
            talk.Sends("conversation.item.create");
            talk.Sends("response.create", $"{Frame.Token}=$t");
            talk.Created($"B{n}", talk.Names["$t"]);
            talk.Done($"B{n}");
        }
    });

    [Fact]
    public void ARequestThatIsWithdrawn_KeepsNothing() => Keeps(static (talk, n) =>
    {
        talk.Created($"A{n}");
        talk.CreateWith("x");
        talk.Interrupt();
        talk.Done($"A{n}", FactStatus.Cancelled);
    });

    [Theory]
    [InlineData("response.done", "response.id=A{0}", "response.status=completed")]
    [InlineData("error", "error.code=of_tomorrow", "error.event_id=event_{0}")]
    [InlineData("conversation.item.deleted", "item_id=m{0}", "event_id=e")]
    [InlineData("conversation.item.truncated", "item_id=m{0}", "event_id=e")]
    [InlineData("input_audio_buffer.speech_started", "item_id=u{0}", "event_id=e")]
    [InlineData("input_audio_buffer.committed", "item_id=u{0}", "event_id=e")]
    [InlineData("response.function_call_arguments.done", "item_id=f{0}", "response_id=R{0}")]
    [InlineData("response.of_tomorrow", "response_id=R{0}", "event_id=e")]
    public void WhatNobodyKnows_KeepsNothing(string type, string first, string second) => Keeps((talk, n) =>
        talk.Hear(type, string.Format(CultureInfo.InvariantCulture, first, n), string.Format(CultureInfo.InvariantCulture, second, n)));

    private static void Keeps(Action<Conversation, int> turn, bool isDetecting = true)
    {
        var settings = new MachineSettings { IdPrefix = "test", Remembered = Remembered };
        Conversation talk = isDetecting ? Conversation.Detecting(settings) : Conversation.Manual(settings);
        Repeat(talk, turn, First, First + Remembered);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Repeat(talk, turn, First + Remembered, First + Remembered + More);
        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / More;
        GC.KeepAlive(talk);
        Assert.True(kept <= Nothing, $"{kept} bytes are kept each time; {Nothing} may be.");
    }

    private static void Repeat(Conversation talk, Action<Conversation, int> turn, int from, int to)
    {
        for (int n = from; n < to; n++)
        {
            turn(talk, n);
            talk.Wait(15_000);
            talk.Sent();
            talk.ForgetChanges();
            talk.Names.Forget();
        }
    }

    [CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
    public sealed class WholeProcess;
}
