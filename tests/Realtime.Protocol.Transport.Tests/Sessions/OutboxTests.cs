using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

public sealed class OutboxTests
{
    [Fact]
    public void AudioAndCommands_LeaveInTheOrderOfArrival()
    {
        var outbox = new Outbox();
        outbox.AddAudio(100);
        outbox.Add(new SessionCommand.CommitInput("e1"));
        outbox.AddAudio(50);
        outbox.AddAudio(30);
        outbox.Add(new SessionCommand.CommitInput("e2"));
        outbox.AddAudio(20);

        Assert.Equal(["100", "e1", "80", "e2", "20"], TakeAll(outbox));
    }

    [Fact]
    public void LongAudio_LeavesInPieces()
    {
        var outbox = new Outbox();
        outbox.AddAudio((2 * Outbox.MaxAudioBytes) + 10);

        Assert.Equal(["19200", "19200", "10"], TakeAll(outbox));
    }

    [Fact]
    public void CancelAndTruncate_OvertakeAudioThatHasBegunToLeave()
    {
        var outbox = new Outbox();
        outbox.AddAudio(2 * Outbox.MaxAudioBytes);
        outbox.Add(new SessionCommand.CommitInput("commit"));
        Assert.True(outbox.TryTake(out _));
        outbox.Add(new SessionCommand.CancelResponse("cancel", "resp_1"));
        outbox.Add(new SessionCommand.TruncateItem("truncate", "item_1", 0, 10));
        outbox.Add(new SessionCommand.DeleteItem("delete", "item_2"));

        Assert.Equal(["cancel", "truncate", "19200", "commit", "delete"], TakeAll(outbox));
    }

    [Fact]
    public void AProbingCancel_StaysBehindTheCreateThatItProbes()
    {
        var outbox = new Outbox();
        outbox.Add(new SessionCommand.CreateResponse("create", null, new()));
        outbox.Add(new SessionCommand.CancelResponse("probe", null));

        Assert.Equal(["create", "probe"], TakeAll(outbox));
    }

    [Fact]
    public void ALeftover_IsSkippedBeforeTheAudioThatFollows()
    {
        var outbox = new Outbox();
        outbox.AddAudio(10);
        outbox.Add(new SessionCommand.CommitInput("e1"));
        outbox.AddLeftover(1);
        outbox.AddAudio(6);

        Assert.Equal(["10", "e1", "skip 1", "6"], TakeAll(outbox));
    }

    [Fact]
    public async Task Waiting_EndsWithTheFirstArrival_AndWithTheEnd()
    {
        var outbox = new Outbox();
        ValueTask<bool> waiting = outbox.WaitAsync();
        Assert.False(waiting.IsCompleted);
        outbox.AddAudio(2);
        Assert.True(await waiting);
        Assert.Equal(["2"], TakeAll(outbox));

        waiting = outbox.WaitAsync();
        outbox.Close();

        Assert.False(await waiting);
    }

    [Fact]
    public void AClosedOutbox_HoldsAndTakesNothing()
    {
        var outbox = new Outbox();
        outbox.AddAudio(2);
        outbox.Add(new SessionCommand.CommitInput("e1"));
        Assert.True(outbox.TryTake(out _));

        outbox.Close();
        outbox.AddAudio(2);
        outbox.Add(new SessionCommand.CancelResponse("cancel", "resp_1"));

        Assert.Empty(TakeAll(outbox));
    }

    private static List<string> TakeAll(Outbox outbox)
    {
        var taken = new List<string>();
        while (outbox.TryTake(out OutboxItem item))
        {
            taken.Add(item.Command?.EventId ?? (item.AudioBytes > 0 ? $"{item.AudioBytes}" : $"skip {item.LeftoverBytes}"));
        }

        return taken;
    }
}
