using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>When another connection may take over unnoticed: SE-08.</summary>
public class QuietTests
{
    private const int OneSecond = 48_000;

    [Fact]
    public void SE08_WhatIsReported_IsPlayedWhenItIsReportedToItsEnd()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "a", OneSecond);
        talk.Played(turn, 0);
        Ends(talk);
        talk.Wait(60_000);
        Assert.False(talk.Machine.IsQuiet(talk.Now)); // a sink that reports is believed, however long it takes
        talk.Played(turn, 999);
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Played(turn, 1_000);
        Assert.True(talk.Machine.IsQuiet(talk.Now));
        Assert.True(talk.Machine.IsHeardOut(talk.Now));
    }

    [Fact]
    public void SE08_WhatIsTaken_PlaysForItsLengthFromThen()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "a", OneSecond);
        Ends(talk);
        talk.Wait(5_000);
        talk.Taken(turn, 500);
        talk.Wait(60_000);
        Assert.False(talk.Machine.IsQuiet(talk.Now)); // the reader is behind
        talk.Taken(turn, 1_000);
        talk.Wait(499);
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Wait(2);
        Assert.True(talk.Machine.IsQuiet(talk.Now));
    }

    [Fact]
    public void SE08_WhatIsTakenAtOnce_PlaysOneAfterTheOther()
    {
        var talk = Conversation.Manual();
        talk.Taken(talk.Whole("A", "a", OneSecond), 1_000);
        talk.Taken(talk.Whole("B", "b", OneSecond), 1_000);
        talk.Wait(1_900);
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Wait(110);
        Assert.True(talk.Machine.IsQuiet(talk.Now));
    }

    [Fact]
    public void SE08_WhatNobodyTakes_PlaysForItsLengthFromWhenItCame_InHoweverManyPieces()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "a");
        for (int i = 0; i < 1_000; i++)
        {
            talk.Audio("A", "a", OneSecond / 1_000);
        }

        Ends(talk);
        talk.Wait(990);
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Wait(15);
        Assert.True(talk.Machine.IsQuiet(talk.Now));
        Assert.InRange(talk.Machine.PlaysUntil, 1_000, 1_005);
    }

    [Fact]
    public void SE08_WhatWasSilenced_PlaysNoMore()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "a", 60 * OneSecond);
        talk.Interrupt();
        talk.Done("A", FactStatus.Cancelled);
        Assert.True(talk.Machine.IsQuiet(talk.Now));
    }

    [Fact]
    public void SE08_ATurnThatWaits_AnOwedAnswer_AndSpeech_AreLoud()
    {
        var talk = Conversation.Detecting();
        Assert.True(talk.Machine.IsQuiet(talk.Now));
        talk.SpeechStarted();
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        Assert.True(talk.Machine.IsHeardOut(talk.Now)); // the user's speech hinders no draining
        talk.SpeechStopped();
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Committed();
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        Assert.False(talk.Machine.IsHeardOut(talk.Now));
        talk.Created("S");
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Done("S");
        Assert.True(talk.Machine.IsQuiet(talk.Now));
    }

    [Fact]
    public void SE08_AudioInTheBuffer_IsLoudWhereNobodyDetectsSpeech()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AudioAppended(10));
        Assert.False(talk.Machine.IsQuiet(talk.Now));
        talk.Submit(SessionIntent.ClearInput());
        Assert.True(talk.Machine.IsQuiet(talk.Now));

        var detecting = Conversation.Detecting();
        detecting.Submit(SessionIntent.AudioAppended(1_000_000));
        Assert.True(detecting.Machine.IsQuiet(detecting.Now));
    }

    private static void Ends(Conversation talk)
    {
        talk.AudioDone("A", "a");
        talk.ItemDone("A", "a");
        talk.Done("A");
    }
}
