using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

public sealed class SendQueueTests
{
    [Fact]
    public void AudioAndCommands_LeaveInTheOrderOfArrival()
    {
        var queue = new SendQueue();
        queue.AddAudio(100);
        queue.Add(new SessionCommand.CommitInput("e1"));
        queue.AddAudio(50);
        queue.AddAudio(30);
        queue.Add(new SessionCommand.CommitInput("e2"));
        queue.AddAudio(20);

        Assert.Equal(["100", "e1", "80", "e2", "20"], TakeAll(queue));
    }

    [Fact]
    public void LongAudio_LeavesInPieces()
    {
        var queue = new SendQueue();
        queue.AddAudio((2 * SendQueue.MaxAudioBytes) + 10);

        Assert.Equal(["19200", "19200", "10"], TakeAll(queue));
    }

    [Fact]
    public void CancelAndTruncate_OvertakeAudioThatHasBegunToLeave()
    {
        var queue = new SendQueue();
        queue.AddAudio(2 * SendQueue.MaxAudioBytes);
        queue.Add(new SessionCommand.CommitInput("commit"));
        Assert.True(queue.TryTake(out _));
        queue.Add(new SessionCommand.CancelResponse("cancel", "resp_1"));
        queue.Add(new SessionCommand.TruncateItem("truncate", "item_1", 0, 10));
        queue.Add(new SessionCommand.DeleteItem("delete", "item_2"));

        Assert.Equal(["cancel", "truncate", "19200", "commit", "delete"], TakeAll(queue));
    }

    [Fact]
    public void AProbingCancel_StaysBehindTheCreateThatItProbes()
    {
        var queue = new SendQueue();
        queue.Add(new SessionCommand.CreateResponse("create", null, null));
        queue.Add(new SessionCommand.CancelResponse("probe", null));

        Assert.Equal(["create", "probe"], TakeAll(queue));
    }

    [Fact]
    public void ALeftover_IsSkippedBeforeTheAudioThatFollows()
    {
        var queue = new SendQueue();
        queue.AddAudio(10);
        queue.Add(new SessionCommand.CommitInput("e1"));
        queue.AddLeftover(1);
        queue.AddAudio(6);

        Assert.Equal(["10", "e1", "skip 1", "6"], TakeAll(queue));
    }

    [Fact]
    public async Task Waiting_EndsWithTheFirstArrival_AndWithTheEnd()
    {
        var queue = new SendQueue();
        ValueTask<bool> waiting = queue.WaitAsync();
        Assert.False(waiting.IsCompleted);
        queue.AddAudio(2);
        Assert.True(await waiting);
        Assert.Equal(["2"], TakeAll(queue));

        waiting = queue.WaitAsync();
        queue.Close();

        Assert.False(await waiting);
    }

    [Fact]
    public void AClosedOutbox_HoldsAndTakesNothing()
    {
        var queue = new SendQueue();
        queue.AddAudio(2);
        queue.Add(new SessionCommand.CommitInput("e1"));
        Assert.True(queue.TryTake(out _));

        queue.Close();
        queue.AddAudio(2);
        queue.Add(new SessionCommand.CancelResponse("cancel", "resp_1"));

        Assert.Empty(TakeAll(queue));
    }

    [Fact]
    public void ACommand_IsWrittenAsItComes_IntoABlockOfItsSize()
    {
        var queue = new SendQueue();
        var session = new Session { Type = SessionType.Realtime, Instructions = new string('x', 10_000) };
        queue.Add(new SessionCommand.UpdateSession("e1", session));
        session.Instructions = "changed";

        Assert.InRange(queue.WaitingBytes, 10_000, 10_100);
        Assert.True(queue.TryTake(out Outgoing next));
        Assert.Equal(new string('x', 10_000), (string?)JsonNode.Parse(next.Message.Span)!["session"]!["instructions"]);
        Assert.Equal(16_384, next.Rented!.Length);
        Assert.Equal(0, queue.WaitingBytes);
    }

    [Fact]
    public void WhatWaits_IsCountedWithoutItsAudio_InBothLanes()
    {
        var queue = new SendQueue();
        queue.AddAudio(100_000);
        queue.Add(new SessionCommand.CommitInput("e1"));
        long commit = queue.WaitingBytes;
        queue.Add(new SessionCommand.CancelResponse("cancel", "resp_1"));
        Assert.True(commit > 0 && queue.WaitingBytes > commit);

        Assert.True(queue.TryTake(out _));
        Assert.Equal(commit, queue.WaitingBytes);
        TakeAll(queue);
        Assert.Equal(0, queue.WaitingBytes);
        queue.Add(new SessionCommand.CommitInput("e2"));
        queue.Close();
        Assert.Equal(0, queue.WaitingBytes);
    }

    [Fact]
    public void ACommandThatCannotBeWritten_LeavesNothingBehind()
    {
        var queue = new SendQueue();
        queue.Add(new SessionCommand.CommitInput("e1"));
        Assert.ThrowsAny<ArgumentException>(() => queue.Add(new SessionCommand.CreateMessage("e2", "i", ItemRole.User, "\ud83d")));
        queue.Add(new SessionCommand.CommitInput("e3"));

        Assert.Equal(["e1", "e3"], TakeAll(queue));
    }

    private static List<string> TakeAll(SendQueue queue)
    {
        var taken = new List<string>();
        while (queue.TryTake(out Outgoing next))
        {
            taken.Add(next switch
            {
                { Rented: not null } => (string)JsonNode.Parse(next.Message.Span)!["event_id"]!,
                { AudioBytes: > 0 } => $"{next.AudioBytes}",
                _ => $"skip {next.LeftoverBytes}",
            });
            next.GiveBack();
        }

        return taken;
    }
}
