namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>The user's speech when a connection is lost: what of it the next server is sent again, and what went down with its turn.</summary>
public sealed class SpeechSentAgainTests
{
    [Fact]
    public async Task SpeechThatWasNotCommitted_IsSentAgain_AndWhatWasSaidMeanwhileFollows()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        byte[] sound = UserSound.Of(30_000);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        Assert.Equal(sound[..9_600], await UserSound.HeardAsync(first, 9_600));
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await session.Input.WriteAsync(sound.AsMemory(9_600, 9_600));
        Turn turn = session.EndTurn();
        await session.Input.WriteAsync(sound.AsMemory(19_200, 4_801)); // half a sample stays for later
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[..19_200], await UserSound.HeardAsync(second, 19_200));
        await AnswerSpeechAsync(second, "r1", turn);
        await session.Input.WriteAsync(sound.AsMemory(24_001, 5_999));
        Assert.Equal(sound[19_200..], await UserSound.HeardAsync(second, 10_800));
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASpokenTurnThatWaited_HasItsSpeechSentAgain_UnlessItsWordsAreThere()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        byte[] sound = UserSound.Of(9_600);
        await session.Input.WriteAsync(sound);
        Turn spoken = session.EndTurn();
        await UserSound.HeardAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_said","previous_item_id":null}""");
        await first.SendAsync("""{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_said","type":"message","status":"completed","role":"user","content":[{"type":"input_audio"}]}}""");
        await first.SendAsync("""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_said","type":"message","status":"completed","role":"user","content":[{"type":"input_audio"}]}}""");
        await WaitForAsync(session, "item_said");
        await first.DisposeAsync();

        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound, await UserSound.HeardAsync(second, 9_600));
        await AnswerSpeechAsync(second, "r2", spoken);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task TheAnswerToTheCommitOfATurnThatWasGivenUp_IsNotTakenForTheNextOnes()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        byte[] sound = UserSound.Of(19_200);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        Turn given = session.EndTurn();
        given.Cancel();
        await given.EndAsync();
        await session.Input.WriteAsync(sound.AsMemory(9_600));
        Turn spoken = session.EndTurn();
        await UserSound.HeardAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await UserSound.HeardAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_given","previous_item_id":null}""");
        await first.SendAsync("""{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_given","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":"Never mind."}]}}""");
        await first.SendAsync("""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_given","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":"Never mind."}]}}""");
        await WaitForAsync(session, "item_given");
        await first.DisposeAsync();

        (ScriptedServer second, _) = await row.AcceptNextAsync(1);
        Assert.Equal(sound[9_600..], await UserSound.HeardAsync(second, 9_600));
        await AnswerSpeechAsync(second, "r2", spoken);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task SpeechOfATurnThatWasSent_EndsWithIt_AndIsNotSentAgain()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await session.Input.WriteAsync(UserSound.Of(9_600));
        Turn sent = session.EndTurn();
        await UserSound.HeardAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.ExpectAsync("response.create");
        await first.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await sent.EndAsync()).Outcome);
        (ScriptedServer second, _) = await row.AcceptNextAsync(0);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn next = session.SendMessage("Hello.");
        await second.AnswerTextAsync("r1", "Hello to you.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task OfLongSpeech_TheNewestTwentySecondsAreSentAgain()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        const int kept = 20 * 48_000;
        byte[] sound = UserSound.Of(kept + 96_000);
        for (int at = 0; at < sound.Length; at += 48_000)
        {
            await session.Input.WriteAsync(sound.AsMemory(at, 48_000));
            await UserSound.HeardAsync(first, 48_000);
        }

        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[^kept..], await UserSound.HeardAsync(second, kept));
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ServerWithADetection_HearsSpeechAgainFromWhereItBegan_AndNoLongSilence()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        byte[] sound = UserSound.Of(5 * 48_000);
        await session.Input.WriteAsync(sound.AsMemory(0, 4 * 48_000));
        await UserSound.HeardAsync(first, 4 * 48_000);
        await first.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":3500,"item_id":"item_1"}""");
        await row.UpdateAsync<VoiceSessionUpdate.SpeechStarted>();
        await session.Input.WriteAsync(sound.AsMemory(4 * 48_000));
        await UserSound.HeardAsync(first, 48_000);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        byte[] again = await UserSound.HeardAsync(second, 1_500 * 48);
        Assert.Equal(sound[(3_500 * 48)..], again);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await second.EndAsync(session);
    }

    // The turn is committed and asked for where its speech was sent again, and ends there.
    private static async Task AnswerSpeechAsync(ScriptedServer server, string response, Turn turn)
    {
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.CreatedAsync(response, await server.ExpectAsync("response.create"));
        await server.DoneAsync(response);
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
    }

    private static async Task WaitForAsync(VoiceSession session, string item) => await ServerRow.UntilAsync(() => session.Conversation.TryGet(item, out _));
}
