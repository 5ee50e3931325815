using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A translation: configurations in order, and an end in two steps (SE-10). In frames of its own family.</summary>
public class TranslationTests
{
    [Fact]
    public void SE10_TheLastWordIsTheServers_AndOnlyThenIsItOver()
    {
        var talk = Interpretation.Opened();
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        talk.Sends("session.close", "event_id=$e1");
        talk.Hear("session.output_audio.delta", "delta=AAAA");
        talk.Hear("session.output_transcript.delta", "delta=Auf Wiedersehen.");
        Assert.Empty(talk.Completed);
        talk.Hear("session.closed");
        Assert.Equal([close.Operation], talk.Completed);
        Assert.True(Assert.Single(talk.Changes<SessionChange.SessionClosed>()).WasAsked);
        Assert.Equal("SE-09", talk.Submit(TranslationIntent.AudioAppended()).Rule);
    }

    [Fact]
    public void SE10_AfterTheFirstStep_NothingGoesIn()
    {
        var talk = Interpretation.Opened();
        Assert.True(talk.Submit(TranslationIntent.AudioAppended()).IsAccepted);
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        talk.Sends("session.close");
        Assert.Equal("SE-10", talk.Submit(TranslationIntent.AudioAppended()).Rule);
        Assert.Equal("SE-10", talk.Language("fr").Rule);
        Assert.Equal(close, talk.Submit(TranslationIntent.Close()));
        talk.SendsNothing();
    }

    [Fact]
    public void SE10_AnUpdateBeforeTheFirstStep_IsStillAnswered()
    {
        var talk = Interpretation.Opened();
        SubmitResult french = talk.Language("fr");
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        talk.Hear("session.updated");
        talk.Hear("session.closed");
        Assert.Equal([french.Operation, close.Operation], talk.Completed);
    }

    [Fact]
    public void SE10_ASilentServer_IsGivenUp_AndOneThatStillSpeaksIsNot()
    {
        var talk = Interpretation.Opened();
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        for (int i = 0; i < 10; i++)
        {
            talk.Wait(29_000);
            talk.Hear("session.output_audio.delta", "delta=AAAA");
        }

        talk.Wait(29_999);
        Assert.Empty(talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.Wait(1);
        Assert.Equal("SE-10", Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>()).Rule);
        Assert.Empty(talk.Failed);
        talk.End();
        Assert.Equal([new(close.Operation, null)], talk.Failed);
        talk.Wait(600_000);
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
    }

    [Fact]
    public void SE10_AServerThatEndsByItself_EndsWhatWasAsked()
    {
        var talk = Interpretation.Opened();
        SubmitResult french = talk.Language("fr");
        talk.Hear("session.closed");
        Assert.False(Assert.Single(talk.Changes<SessionChange.SessionClosed>()).WasAsked);
        Assert.Equal([new(french.Operation, null)], talk.Failed);
        talk.End();
        Assert.Single(talk.Failed);
    }

    [Fact]
    public void SE10_AServerThatKnowsNoClose_SaysSo_AndNothingGoesInAllTheSame()
    {
        var talk = Interpretation.Opened();
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        talk.Sends("session.close", "event_id=$e1");
        talk.Hear("error", "error.code=unknown_event", "error.event_id=$e1");
        Assert.Equal((close.Operation, "unknown_event"), (Assert.Single(talk.Failed).Operation, talk.Failed[0].Error!.Code));
        Assert.Equal("SE-10", talk.Submit(TranslationIntent.AudioAppended()).Rule);
        Assert.Equal("SE-10", talk.Submit(TranslationIntent.Close()).Rule);
        talk.Wait(600_000);
        Assert.Empty(talk.Changes<SessionChange.ConnectionUnresponsive>());
    }

    [Fact]
    public void AConnectionThatEnds_EndsEveryOperationOnce()
    {
        var talk = Interpretation.Opened();
        talk.Language("fr");
        talk.Submit(TranslationIntent.Close());
        talk.End();
        talk.End();
        Assert.Equal(2, talk.Failed.Length);
        Assert.Equal("SE-09", talk.Submit(TranslationIntent.Close()).Rule);
        talk.Hear("session.closed");
        Assert.Empty(talk.Changes<SessionChange.SessionClosed>());
    }

    [Fact]
    public void ConfigurationsAreAnsweredInOrder_AndARejectionNamesItsParameter()
    {
        var talk = Interpretation.Opened();
        SubmitResult german = talk.Language("de");
        SubmitResult odd = talk.Language("xx");
        SubmitResult french = talk.Language("fr");
        talk.Sends("session.update", "session.audio.output.language=de", "-session.audio.input");
        talk.Sends("session.update", "event_id=$odd", "session.audio.output.language=xx");
        talk.Sends("session.update", "session.audio.output.language=fr");
        talk.Hear("session.updated");
        talk.Hear("error", "error.code=invalid_value", "error.param=session.audio.output.language", "error.event_id=$odd");
        talk.Hear("session.updated");
        Assert.Equal([german.Operation, french.Operation], talk.Completed);
        Assert.Equal((odd.Operation, "session.audio.output.language"), (Assert.Single(talk.Failed).Operation, talk.Failed[0].Error!.Parameter));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void AnErrorWithoutAName_ThatIsAboutTheSession_IsTheOldestConfigurations()
    {
        var talk = Interpretation.Opened();
        SubmitResult odd = talk.Language("xx");
        talk.HearText("""{"type":"error","error":{"type":"invalid_request_error","code":17,"param":"session.audio.output.language"}}""");
        Assert.Equal((odd.Operation, "17"), (Assert.Single(talk.Failed).Operation, talk.Failed[0].Error!.Code));
    }

    [Fact]
    public void AnErrorAboutNothingOfOurs_IsTold_AndOneInTheEventItselfAsWell()
    {
        var talk = Interpretation.Opened();
        talk.Hear("error", "error.code=of_tomorrow");
        talk.HearText("""{"type":"error","event_id":"e","error":"The harbour is closed."}""");
        Assert.Equal(["of_tomorrow", null], talk.Changes<SessionChange.ErrorSurfaced>().Select(static surfaced => surfaced.Error.Code));
    }

    [Fact]
    public void AConfigurationThatNobodyAnswers_FailsAfterTenSeconds_AndItsLateAnswerIsNotTheNexts()
    {
        var talk = Interpretation.Opened();
        SubmitResult german = talk.Language("de");
        talk.Wait(9_999);
        Assert.Empty(talk.Failed);
        talk.Wait(1);
        Assert.Equal([new(german.Operation, null)], talk.Failed);
        SubmitResult french = talk.Language("fr");
        talk.Hear("session.updated");
        Assert.Empty(talk.Completed);
        talk.Hear("session.updated");
        Assert.Equal([french.Operation], talk.Completed);
    }

    [Fact]
    public void ASessionThatExpires_IsOver()
    {
        var talk = Interpretation.Opened();
        SubmitResult close = talk.Submit(TranslationIntent.Close());
        talk.Hear("error", "error.code=session_expired");
        Assert.Equal("session_expired", Assert.Single(talk.Changes<SessionChange.SessionExpired>()).Reason.Error?.Code);
        Assert.Equal([new(close.Operation, null)], talk.Failed);
        Assert.Equal("SE-09", talk.Language("fr").Rule);
    }

    [Theory]
    [InlineData("session.type=realtime", "realtime")]
    [InlineData("session.type=transcription", "transcription")]
    public void ASessionOfAnotherKind_IsNone(string stated, string kind)
    {
        var talk = new Interpretation();
        talk.Hear("session.created", stated);
        Assert.Equal(new("translation", kind), Assert.Single(talk.Changes<SessionChange.SessionKindDiffers>()));
        Assert.Empty(talk.Changes<SessionChange.SessionOpened>());
    }

    [Fact]
    public void ASessionThatDoesNotSayWhatItIs_IsTheOneThatWasAskedFor()
    {
        var talk = new Interpretation();
        talk.HearText("""{"type":"session.created","event_id":"e","session":{"id":"sess_1"}}""");
        Assert.Single(talk.Changes<SessionChange.SessionOpened>());
    }

    [Fact]
    public void BP04_NothingIsChangedWhileTooMuchWaits_AndTheEndIsTaken()
    {
        var talk = Interpretation.Opened();
        talk.Waiting = 9 * 1024 * 1024;
        Assert.Equal("BP-04", talk.Language("fr").Rule);
        Assert.True(talk.Submit(TranslationIntent.Close()).IsAccepted);
    }

    [Fact]
    public void ALanguageThatIsNoText_IsRefusedWhereItIsGiven()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => TranslationIntent.Configure(new Events.Translation.SessionChanges { Audio = { Output = { Language = "\ud800" } } }));
        Assert.Contains("audio.output.language", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_CausesNothing_AndAllocatesNothing()
    {
        var machine = new TranslationMachine(new MachineSettings { IdPrefix = "test" });
        machine.Submit(TranslationIntent.Close(), 0);
        while (machine.TryTakeEffect(out _))
        {
        }

        byte[] message = System.Text.Encoding.UTF8.GetBytes($$"""{"type":"session.output_audio.delta","event_id":"e","delta":"{{Convert.ToBase64String(new byte[9_600])}}","elapsed_ms":200}""");
        byte[] audio = new byte[16 * 1024];
        var reader = new Events.Translation.ServerEventReader();
        long least = long.MaxValue; // a concurrent collection may count what it takes from a thread as allocated
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
            {
                Assert.True(reader.TryRead(message, audio, out Events.Translation.ServerEvent e, out _));
                if (TranslationFactOf.Of(in e).Kind is SessionFactKind.None)
                {
                    machine.Heard(200 * attempt + i);
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.False(machine.TryTakeEffect(out _));
    }
}
