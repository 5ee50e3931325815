using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A session beside a call over WebRTC or SIP: the server hears, plays and truncates, and this side steers: CX-08.</summary>
public class BesideACallTests
{
    [Fact]
    public void CX08_AnInterruption_ClearsTheServersOutput_AndTruncatesNothing()
    {
        Conversation talk = Beside();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Played(turn, 500);
        talk.Sent();
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Sends("output_audio_buffer.clear");
        talk.Done("A", FactStatus.Cancelled);
        talk.SendsNothing();
    }

    [Fact]
    public void CX08_WhatThisSideNeverHeard_IsStillPlayed_SoItIsCleared()
    {
        Conversation talk = Beside();
        talk.Interrupt();
        talk.Sends("output_audio_buffer.clear");
        talk.SendsNothing();
    }

    [Fact]
    public void CX08_WhatWasReportedUnheard_IsNotDeleted()
    {
        Conversation talk = Beside();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.Done("A", FactStatus.Cancelled);
        Assert.DoesNotContain(talk.Sent(), static sent => sent is SessionCommand.DeleteItem or SessionCommand.TruncateItem);
    }

    [Fact]
    public void CX08_ANewTurn_ClearsWhatRuns()
    {
        Conversation talk = Beside();
        talk.Answering("A");
        talk.Say();
        talk.Sends("response.cancel", "response_id=A");
        talk.Sends("output_audio_buffer.clear");
        talk.Sends("conversation.item.create");
    }

    [Fact]
    public void CX08_NothingOfTheUsersAudio_IsSent()
    {
        Conversation talk = Beside();
        Assert.Equal("CX-08", talk.Submit(SessionIntent.AudioAppended(48_000)).Rule);
        Assert.Equal("CX-08", talk.Submit(SessionIntent.EndTurn()).Rule);
        Assert.Equal("CX-08", talk.Submit(SessionIntent.ClearInput()).Rule);
        talk.SendsNothing();
    }

    private static Conversation Beside() => Conversation.Manual(Conversation.Settings(serverTruncates: true));
}
