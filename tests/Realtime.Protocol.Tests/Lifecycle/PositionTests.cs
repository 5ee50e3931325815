using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>How bytes become a position in an item: TR-02, AU-01.</summary>
public class PositionTests
{
    [Theory]
    [InlineData(47_999, 999)]
    [InlineData(48_000, 1000)]
    [InlineData(48_001, 1000)]
    public void TR02_PositionIsAtMostWhatWasReceived_RoundedDown(int received, long expected)
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", received);
        talk.Played("m", 2_000);
        talk.Interrupt();
        Assert.Equal(expected, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void TR02_PositionIsAtMostWhatWasPlayed()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 96_000);
        talk.Submit(SessionIntent.Played("m", 0, 48_047));
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = talk.Truncation();
        Assert.Equal(("m", 0, 1000L), (truncation.ItemId, truncation.ContentIndex, truncation.AudioEndMilliseconds));
    }

    [Fact]
    public void TR02_OddChunks_AreAddedBeforeTheyAreDivided()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        for (int i = 0; i < 16; i++)
        {
            talk.Audio("A", "m", 47); // not one whole millisecond in any of them
        }

        talk.Played("m", 1_000);
        talk.Interrupt();
        Assert.Equal(16 * 47 / 48, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void AU01_EachItemCountsItsOwnBytes_WhicheverComesFirst()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "first");
        talk.Message("A", "second");
        talk.Audio("A", "second", 24_000);
        talk.Audio("A", "first", 48_000);
        talk.ItemDone("A", "first");
        talk.Played("first", 1_000);
        talk.Played("second", 9_000);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = talk.Truncation();
        Assert.Equal(("second", 500L), (truncation.ItemId, truncation.AudioEndMilliseconds));
    }
}
