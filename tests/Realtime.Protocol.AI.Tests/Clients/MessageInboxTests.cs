using System.Text;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>What waits for a reader has a bound, whoever says it, and what is left out is counted at its place.</summary>
public sealed class MessageInboxTests
{
    private static readonly byte[] Audio = Encoding.UTF8.GetBytes($$"""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"{{new string('A', 1 << 20)}}"}""");

    private static readonly byte[] Other = """{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"a"}"""u8.ToArray();

    [Fact]
    public void WhatDoesNotFit_IsLeftOut_AndToldAtItsPlace()
    {
        var inbox = new MessageInbox();
        Take(inbox, Audio, 40);
        Take(inbox, Other, 1);

        List<MessageInbox.Entry> entries = ReadAll(inbox);
        Assert.Equal(33, entries.Count);
        AssertMissed(9, entries[^2]);
        Assert.All(entries.SkipLast(2), static entry => Assert.True(entry.AudioBytes > 0));
        Assert.NotNull(entries[^1].Event);
    }

    [Fact]
    public void WhatTheSessionSays_StandsInTheSameBound_AndTheEndHasAPlaceBeyondIt()
    {
        var inbox = new MessageInbox();
        ErrorRealtimeServerMessage end = ErrorMessages.Of(new RealtimeCloseReason(RealtimeCloseKind.ConnectionLost, null, "It broke."));
        Take(inbox, Other, MessageInbox.MostOthers);

        inbox.Add(new VoiceSessionUpdate.Missed(1));
        inbox.Add(ErrorMessages.Missed(1));
        Take(inbox, Other, 1);
        inbox.Complete(end);

        List<MessageInbox.Entry> entries = ReadAll(inbox);
        Assert.Equal(MessageInbox.MostOthers + 2, entries.Count);
        AssertMissed(3, entries[^2]);
        Assert.Same(end, entries[^1].Told);
    }

    [Fact]
    public void WhatIsLeftOutBeforeAnEndWithoutAWord_IsToldLast()
    {
        var inbox = new MessageInbox();
        for (int i = 0; i < MessageInbox.MostOthers; i++)
        {
            inbox.Add(new VoiceSessionUpdate.Missed(1));
        }

        Take(inbox, Other, 2);
        inbox.Complete();

        List<MessageInbox.Entry> entries = ReadAll(inbox);
        Assert.Equal(MessageInbox.MostOthers + 1, entries.Count);
        AssertMissed(2, entries[^1]);
    }

    [Fact]
    public void WhoeverStopsAtWhatWasLeftOut_LeavesWhatStandsBehindIt()
    {
        var inbox = new MessageInbox();
        Take(inbox, Audio, 33);
        Take(inbox, Other, 1);
        for (int i = 0; i < 31; i++)
        {
            Assert.True(inbox.TryTake(out _));
        }

        Assert.True(inbox.TryTake(out MessageInbox.Entry missed));
        AssertMissed(2, missed);
        Assert.NotNull(Assert.Single(ReadAll(inbox)).Event);
    }

    private static void AssertMissed(int count, MessageInbox.Entry entry)
    {
        ErrorRealtimeServerMessage told = Assert.IsType<ErrorRealtimeServerMessage>(entry.Told);
        Assert.Equal(ErrorMessages.MissedCode, told.Error!.ErrorCode);
        Assert.StartsWith($"{count} ", told.Error.Message, StringComparison.Ordinal);
    }

    private static void Take(MessageInbox inbox, byte[] json, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.True(ServerEvent.TryRead(json, out ServerEvent e, out _));
            inbox.Take(in e);
        }
    }

    private static List<MessageInbox.Entry> ReadAll(MessageInbox inbox)
    {
        var entries = new List<MessageInbox.Entry>();
        while (inbox.TryTake(out MessageInbox.Entry entry))
        {
            entries.Add(entry);
        }

        return entries;
    }
}
