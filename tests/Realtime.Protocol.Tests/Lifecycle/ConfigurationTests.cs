using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Which configuration an acknowledgement or an error answers, when neither names one: SE-02, SE-04. And what of a configuration is not sent: SE-05.</summary>
public class ConfigurationTests
{
    [Theory]
    [InlineData("session.audio.output.voice=marin", "marin", true)]
    [InlineData("session.audio.output.voice=marin", "cedar", false)]
    [InlineData("session.audio.output.voice=later", "later", true)] // a voice that the schema has no name for
    [InlineData("session.voice=marin", "cedar", false)] // some services have it at the top
    [InlineData("session.audio.output.speed:=1", "cedar", null)] // never stated, so the server decides
    public void SE05_OnceTheModelHasSpoken_AnotherVoiceIsRefused_AndTheSameLeftOut(string stated, string asked, bool? isSame)
    {
        var talk = Conversation.Manual();
        talk.Hear("session.updated", "-session", "session.type=realtime", stated);
        Assert.True(talk.Submit(Asking(asked)).IsAccepted);
        Assert.Equal(asked, VoiceOf(talk.SentOnly<SessionCommand.UpdateSession>()));
        talk.Updated();
        talk.Answering("A");
        talk.Audio("A", "m", 4_800);

        SubmitResult result = talk.Submit(Asking(asked));

        Assert.Equal(isSame is false ? "SE-05" : null, result.Rule);
        if (isSame is false)
        {
            talk.SendsNothing();
        }
        else
        {
            Assert.Equal(isSame is null ? asked : null, VoiceOf(talk.SentOnly<SessionCommand.UpdateSession>()));
        }
    }

    [Theory]
    [InlineData("voice_1", true)]
    [InlineData("voice_2", false)]
    public void SE05_AVoiceOfOnesOwn_IsKnownByItsId(string asked, bool isSame)
    {
        var talk = Conversation.Manual();
        talk.Hear("session.updated", "-session", "session.type=realtime", """session.audio.output.voice:={"id":"voice_1","name":"Anna"}""");
        talk.Answering("A");
        talk.Audio("A", "m", 4_800);

        Assert.Equal(isSame, talk.Submit(SessionIntent.Configure(new Session { Audio = { Output = { Voice = new CustomVoice { Id = asked } } } })).IsAccepted);
    }

    [Fact]
    public void SE05_AudioBesideTheConversation_FixesNoVoice()
    {
        var talk = Conversation.Manual();
        talk.Hear("session.updated", "-session", "session.type=realtime", "session.audio.output.voice=marin");
        talk.Created("Z");
        talk.Done("Z");
        talk.Created("A", outOfBand: true);
        talk.Audio("A", "m", 4_800);

        Assert.True(talk.Submit(Asking("cedar")).IsAccepted);
    }

    private static SessionIntent Asking(string voice) => SessionIntent.Configure(new Session { Audio = { Output = { Voice = voice } } });

    private static string? VoiceOf(SessionCommand.UpdateSession update) => update.Configuration.Audio.Output.Voice switch
    {
        VoiceText { Value.Raw.HasValue: true } text => text.Value.Raw.ToString(),
        VoiceText text => text.Value.Known.ToString().ToLowerInvariant(),
        _ => null,
    };

    [Fact]
    public void B8_LateAcknowledgement_IsNotSpentOnTheNextConfiguration()
    {
        var talk = Conversation.Manual();
        int first = Configure(talk);
        talk.Wait(10_000);
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        int second = Configure(talk);
        talk.Updated(); // of the first, at last
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
        talk.Updated();
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void SE02_AConfigurationThatIsAnsweredTooLate_HoldsAllTheSame()
    {
        var talk = Conversation.Manual();
        int first = Configure(talk);
        talk.Wait(10_000);
        Assert.Empty(talk.Changes<SessionChange.ConfigurationTaken>());
        talk.Updated();
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.ConfigurationTaken>()).Operation);
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
    }

    [Fact]
    public void B8_LostConfiguration_DoesNotShiftThoseAfterIt()
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Wait(10_000);
        int second = Configure(talk);
        talk.Updated();
        talk.Wait(10_000); // the first never arrived, so the acknowledgement was the second's
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal("SE-02", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());

        int third = Configure(talk);
        talk.Updated();
        Assert.Equal([second, third], talk.Changes<SessionChange.OperationCompleted>().Select(done => done.Operation));
    }

    [Fact]
    public void B8_DoubtMovesOn_WhenTheNextConfigurationsAreSentMeanwhile()
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Wait(10_000);
        int second = Configure(talk);
        talk.Updated();
        int third = Configure(talk);
        talk.Updated();
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        talk.Wait(10_000);
        Assert.Equal([second, third], talk.Changes<SessionChange.OperationCompleted>().Select(done => done.Operation));
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
    }

    [Fact]
    public void B8_ConfigurationWithoutAnyAcknowledgementSince_Fails_ThoughThereIsDoubt()
    {
        var talk = Conversation.Manual();
        Configure(talk);
        Configure(talk);
        talk.Wait(10_000);
        talk.Updated(); // for one of the two
        int third = Configure(talk);
        talk.Wait(10_000);
        Assert.Equal(3, talk.Changes<SessionChange.OperationFailed>().Length);
        Assert.Contains(talk.Changes<SessionChange.OperationFailed>(), failed => failed.Operation == third);
    }

    [Theory]
    [InlineData("acknowledged")]
    [InlineData("refused")]
    [InlineData("refused without an event id")]
    public void B8_DoubtEnds_WhenEverythingHasItsAnswer(string answer)
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Wait(10_000);
        Configure(talk, "$e2");
        talk.Updated(); // the first one's, late
        switch (answer)
        {
            case "acknowledged":
                talk.Updated();
                break;
            case "refused":
                talk.Error("invalid_value", talk.Names["$e2"]);
                break;
            default:
                talk.Error("invalid_value", null, "No.", "session.voice");
                break;
        }

        talk.ForgetChanges();
        Configure(talk);
        int lost = Configure(talk);
        talk.Updated();
        talk.Wait(10_000);
        Assert.Equal(lost, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
    }

    [Fact]
    public void F11_RefusalWithoutAnEventId_FailsTheOldestConfiguration()
    {
        var talk = Conversation.Manual();
        int first = Configure(talk);
        int second = Configure(talk);
        talk.Error("unknown_parameter", null, "Unknown parameter: 'session.type'.", "session.type");
        SessionChange.OperationFailed failed = Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        Assert.Equal((first, "unknown_parameter"), (failed.Operation, failed.Error!.Code));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        talk.Updated();
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("session.audio.output.voice")]
    public void F11_ParameterOfTheSession_IsEnough(string parameter)
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Error(null, null, "No.", parameter);
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
    }

    [Theory]
    [InlineData("session_id")]
    [InlineData("response.instructions")]
    [InlineData(null)]
    public void F11_OtherParameter_AnswersNoConfiguration(string? parameter)
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Error("invalid_value", null, "No.", parameter);
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void F11_RefusalWithoutAnEventId_OfNoConfiguration_IsSurfaced()
    {
        var talk = Conversation.Manual();
        talk.Error("unknown_parameter", null, "No.", "session.type");
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void SE04_LateRefusal_TakesTheTombstoneAway()
    {
        var talk = Conversation.Manual();
        Configure(talk, "$e1");
        talk.Wait(10_000);
        talk.Error("unknown_parameter", talk.Names["$e1"]);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()); // whoever waited was told already that it failed
        int second = Configure(talk);
        talk.Updated();
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void SE02_ManyUnansweredConfigurations_AreForgottenOldestFirst()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < 300; i++)
        {
            Configure(talk);
            talk.Wait(10_000);
        }

        Assert.Equal(300, talk.Changes<SessionChange.OperationFailed>().Length);
        for (int i = 0; i < 255; i++)
        {
            talk.Updated();
        }

        int last = Configure(talk);
        talk.Updated();
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
        talk.Updated();
        Assert.Equal(last, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void SE02_OldestConfiguration_IsForgotten_WhenTooManyAreOnTheWire()
    {
        var talk = Conversation.Manual();
        int[] handles = [.. Enumerable.Range(0, 257).Select(_ => Configure(talk))];
        for (int i = 0; i < 256; i++)
        {
            talk.Updated();
        }

        Assert.Equal(handles[1..], talk.Changes<SessionChange.OperationCompleted>().Select(done => done.Operation));
        talk.Wait(10_000);
        Assert.Equal(handles[0], Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
    }

    [Fact]
    public void SE02_ConfigurationIsSentAsItWasGiven()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime, Instructions = "Be brief." }));
        talk.Sends("session.update", "session.instructions=Be brief.");
    }

    [Fact]
    public void B8_OneDoubt_SparesOneConfiguration()
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Wait(10_000);
        int second = Configure(talk);
        int third = Configure(talk);
        talk.Updated(); // the first one's, late, or the second's
        talk.ForgetChanges();
        talk.Wait(10_000);
        Assert.Equal(second, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal(third, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
    }

    [Fact]
    public void B8_DoubtIsAsGreat_AfterEverythingHadItsAnswer()
    {
        var talk = Conversation.Manual();
        Configure(talk);
        talk.Updated();
        Configure(talk);
        talk.Wait(10_000);
        int third = Configure(talk);
        talk.Updated();
        talk.ForgetChanges();
        talk.Wait(10_000);
        Assert.Equal(third, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    private static int Configure(Conversation talk, string name = "$_")
    {
        int handle = talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime })).Operation;
        talk.Sends("session.update", name == "$_" ? "event_id" : $"event_id={name}");
        return handle;
    }
}
