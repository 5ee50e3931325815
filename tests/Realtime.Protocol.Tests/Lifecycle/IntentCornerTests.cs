using System.Buffers;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What may be given to the machine, and what it is told where nothing is given.</summary>
public class IntentCornerTests
{
    [Fact]
    public void NothingCanBeAskedOfNothing()
    {
        Assert.Throws<ArgumentNullException>("text", static () => SessionIntent.TextTurn(null!));
        Assert.Throws<ArgumentNullException>("text", static () => SessionIntent.AddText(ItemRole.User, null!));
        Assert.Throws<ArgumentNullException>("configuration", static () => SessionIntent.Configure(null!));
        Assert.Throws<ArgumentNullException>("callId", static () => SessionIntent.ToolOutput(null!, "x"));
        Assert.Throws<ArgumentNullException>("output", static () => SessionIntent.ToolOutput("c", null!));
        Assert.Throws<ArgumentNullException>("itemId", static () => SessionIntent.Played(null!, 0, 1));
        Assert.Throws<ArgumentNullException>("itemId", static () => SessionIntent.DeleteItem(null!));
        Assert.Throws<ArgumentNullException>("output", static () => CommandWriter.Write(null!, new SessionCommand.CommitInput("e")));
        Assert.Throws<ArgumentNullException>("command", static () => CommandWriter.Write(new ArrayBufferWriter<byte>(), null!));
    }

    [Fact]
    public void MetadataIsText()
    {
        // Not rows of a theory: an attribute cannot hold half a character.
        foreach ((string text, bool isTaken) in (ReadOnlySpan<(string, bool)>)[("\ud83d\ude00 x", true), ("x \ud83d\ude00", true), ("\ud83dx", false), ("\ude00", false), ("\ud83d\ude00\ude00", false)])
        {
            Exception? refusal = Record.Exception(() => SessionIntent.CreateResponse(new ResponseParameters { Metadata = [new("k", text)] }));
            Assert.Equal(isTaken, refusal is null);
        }
    }

    [Fact]
    public void TD09_ASpokenTurn_MaySayItselfWhatItDoesWhenAnotherRuns()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        talk.Answering("A");
        talk.Submit(SessionIntent.AudioAppended(48_000));
        Assert.Equal("TD-09", talk.Submit(SessionIntent.EndTurn(whenBusy: WhenBusy.Refuse)).Rule);
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted);
    }

    [Fact]
    public void ARequestWithoutAToken_SaysAllTheSameWhatItStates()
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        talk.CreateWith("be brief");
        talk.Sends("response.create", "response.instructions=be brief", "-response.metadata");
    }

    [Fact]
    public void WhatIsNotSet_IsWhatTheDocumentationSays()
    {
        var settings = new MachineSettings { IdPrefix = "test" };
        Assert.Equal((AudioEncoding.Pcm16, AudioEncoding.Pcm16), (settings.InputEncoding, settings.OutputEncoding));
        Assert.Equal((WhenBusy.CancelThenCreate, true), (settings.TurnWhenBusy, settings.HoldWhileUserSpeaks));
        Assert.Equal((16, 3), (settings.MaxToolRounds, settings.MaxCreateAttempts));
        Assert.Equal((60_000, 600_000), (settings.ToolTimeout, settings.MaxResponseAudioMilliseconds));
        Assert.Equal((10_000, 2_000, 10_000), (settings.AcknowledgementTimeout, settings.AutoResponseTimeout, settings.SpeechTimeout));
        Assert.Equal((30_000, 5_000), (settings.StuckTimeout, settings.CancelTimeout));
        Assert.Empty(settings.ToolTimeouts);
    }

    [Fact]
    public void RC19_MetadataThatIsNull_IsRefused_AndCountsAsNothing()
    {
        var talk = Conversation.Manual();
        SubmitResult noKey = talk.Create(new ResponseParameters { Metadata = [new(null!, "abc")] });
        Assert.Equal("RC-19", noKey.Rule);
        Assert.Contains("a key of 0 and a value of 3 characters", noKey.Message, StringComparison.Ordinal);
#pragma warning disable RT1021 // The refusal at run time is what is tested.
        SubmitResult noValue = talk.Create(new ResponseParameters { Metadata = [new("ab", null!)] });
#pragma warning restore RT1021
        Assert.Equal("RC-19", noValue.Rule);
        Assert.Contains("a key of 2 and a value of 0 characters", noValue.Message, StringComparison.Ordinal);
        talk.SendsNothing();
    }
}
