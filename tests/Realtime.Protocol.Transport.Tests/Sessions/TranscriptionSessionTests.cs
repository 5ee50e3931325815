using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A session that only writes down, over the in-memory transport, with its server played by hand.</summary>
public sealed class TranscriptionSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task RC24_TheServerIsToldWhatToWriteDown_AndNothingOfAnswers()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync(new()
        {
            Transcription = new InputTranscription("gpt-4o-transcribe") { Language = "en" },
            TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(300), IdleTimeout = TimeSpan.FromSeconds(10) },
            NoiseReduction = InputNoiseReduction.NearField,
            InputEncoding = AudioEncoding.G711MuLaw,
        });
        Assert.Equal(
            """{"type":"transcription","audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"gpt-4o-transcribe","language":"en"},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","silence_duration_ms":300}}}}""",
            server.Received[0]["session"]!.ToJsonString());
        Assert.Equal("sess_1", session.Id);
        Assert.Equal(AudioEncoding.G711MuLaw, session.Input.Encoding);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task AnUpdate_IsAcknowledged_OrRefused()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        Task<InputTranscription> update = session.UpdateAsync(new("whisper-1") { Language = "fr" });
        JsonObject sent = await server.ExpectAsync("session.update");
        Assert.Equal("""{"type":"transcription","audio":{"input":{"transcription":{"model":"whisper-1","language":"fr"}}},"include":[]}""", sent["session"]!.ToJsonString());
        await server.SendAsync($$"""{"type":"session.updated","session":{{sent["session"]!.ToJsonString()}}}""");
        Assert.Equal(new InputTranscription("whisper-1") { Language = "fr" }, await update.WaitAsync(Patience));

        update = session.UpdateAsync("of-tomorrow");
        sent = await server.ExpectAsync("session.update");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"?","param":"session.audio.input.transcription.model","event_id":"{{{sent["event_id"]}}}"}}""");
        Assert.Equal("session.audio.input.transcription.model", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => update.WaitAsync(Patience))).Error.Parameter);

        await Assert.ThrowsAsync<ArgumentException>(() => session.UpdateAsync(InputTranscription.Off));
        await Assert.ThrowsAsync<ArgumentNullException>(() => session.UpdateAsync(null!));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.UpdateAsync("whisper-1", new CancellationToken(canceled: true)));
        await EndAsync(session, server);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.UpdateAsync("whisper-1"));
    }

    [Fact]
    public async Task WithoutAModel_NothingIsConnected()
    {
        var options = new TranscriptionSessionOptions { Transport = static (_, _) => throw new InvalidOperationException("Nothing was to be connected.") };
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => TranscriptionSession.ConnectAsync(options));
        Assert.Equal("options.Transcription", refused.ParamName);
        options.Transcription = new("whisper-1") { Language = "\ud800" };
        refused = await Assert.ThrowsAsync<ArgumentException>(() => TranscriptionSession.ConnectAsync(options));
        Assert.Equal("options.Transcription.Language", refused.ParamName);
        Assert.Throws<ArgumentNullException>(() => new TranscriptionSessionOptions { Transcription = null! });
    }

    [Theory]
    [InlineData("realtime")]
    [InlineData("translation")]
    public async Task ASessionOfAnotherKind_IsAnErrorOfConnecting(string kind)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranscriptionSession> connecting = TranscriptionSession.ConnectAsync(Words().Over(client));
        await server.SendAsync($$$$"""{"type":"session.created","session":{"type":"{{{{kind}}}}","id":"sess_1"} }""");
        if (kind == "realtime")
        {
            await server.ExpectAsync("session.update");
            await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","id":"sess_1"}}""");
        }

        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Assert.Equal(RealtimeConnectFailure.OtherSession, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
        await goodbye;
    }

    [Fact]
    public async Task AConversation_ThatIsOpenedAsATranscription_IsAnErrorOfConnecting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"transcription","id":"sess_1"}}""");
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Assert.Equal(RealtimeConnectFailure.OtherSession, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
        await goodbye;
    }

    [Fact]
    public async Task TheServersTurns_AskForNothing()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_1"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        await session.Input.WriteAsync(new byte[960]);
        session.Input.Clear();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.clear");
        await EndAsync(session, server);
        Assert.True((await session.Input.WriteAsync(new byte[960])).IsCompleted);
    }

    [Fact]
    public async Task WhatIsSaid_IsReadUtteranceByUtterance()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_1"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        await CompletedAsync(server, "item_1", "Dear neighbour,");
        await using IAsyncEnumerator<Utterance> utterances = session.ReadUtterancesAsync().GetAsyncEnumerator();
        Assert.True(await utterances.MoveNextAsync());
        UtteranceResult said = await utterances.Current.Completion.WaitAsync(Patience);
        Assert.Equal((UtteranceOutcome.Transcribed, "Dear neighbour,"), (said.Outcome, said.Transcript));
        Assert.Equal(0, session.Usage.Responses.Total);
        await EndAsync(session, server);
        Assert.False(await utterances.MoveNextAsync());
    }

    [Fact]
    public async Task ADrain_CommitsWhatIsLeft_AndWaitsForItsTranscript()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync(new() { Transcription = "m", TurnTaking = TurnTaking.Manual });
        await session.Input.WriteAsync(new byte[9_600]);
        Task draining = session.DrainAsync();
        Assert.True((await session.Input.WriteAsync(new byte[9_600])).IsCompleted);
        Task again = session.DrainAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        await server.SendAsync("""{"type":"conversation.item.input_audio_transcription.delta","item_id":"item_1","content_index":0,"delta":"Dear"}""");
        Assert.False(draining.IsCompleted);
        await CompletedAsync(server, "item_1", "Dear neighbour,");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        await again.WaitAsync(Patience);
        Utterance utterance = Assert.Single(await session.ReadUtterancesAsync().ToArrayAsync());
        Assert.Equal("Dear neighbour,", (await utterance.Completion).Transcript);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason!.Kind);
        await session.DrainAsync();
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ADrainWhileSomebodySpeaks_TakesTheTurnsOver()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]);
        Task draining = session.DrainAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        JsonObject update = await server.ExpectAsync("session.update");
        Assert.Equal("""{"type":"transcription","audio":{"input":{"turn_detection":null}}}""", update["session"]!.ToJsonString());
        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        await CompletedAsync(server, "item_1", "Dear neighbour,");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        Utterance[] utterances = await session.ReadUtterancesAsync().ToArrayAsync();
        Assert.Equal(UtteranceOutcome.Transcribed, (await utterances[^1].Completion).Outcome);
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADrainInSilence_EndsOnceTheServerHasHeardEverything(bool isTaken)
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        Task draining = session.DrainAsync();
        JsonObject update = await server.ExpectAsync("session.update");
        Assert.False(draining.IsCompleted);
        await server.SendAsync(isTaken
            ? $$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}"""
            : $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"?","event_id":"{{{update["event_id"]}}}"}}""");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        Assert.DoesNotContain(server.Received, static message => (string?)message["type"] == "input_audio_buffer.commit");
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ADrain_WaitsForNoTranscriptForEver_AndAFailedOneIsAnEndToo()
    {
        var time = new ManualTime();
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync(new() { Transcription = "m", TurnTaking = TurnTaking.Manual, TimeProvider = time });
        await session.Input.WriteAsync(new byte[9_600]);
        Task<Utterance> first = session.Input.CommitAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        Utterance failed = await first.WaitAsync(Patience);
        await session.Input.WriteAsync(new byte[9_600]);
        Task draining = session.DrainAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":"item_1","item_id":"item_2"}""");
        await server.SendAsync("""{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_1","content_index":0,"error":{"type":"transcription_error","code":"audio_unintelligible","message":"?"}}""");
        Assert.Equal(UtteranceOutcome.Failed, (await failed.Completion.WaitAsync(Patience)).Outcome);
        Utterance[] due = session.ReadUtterancesAsync().ToBlockingEnumerable().Take(2).ToArray();
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(UtteranceOutcome.NotTranscribed, (await due[1].Completion.WaitAsync(Patience)).Outcome);
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AConnectionThatEndsBeforeTheTranscript_IsSaid()
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync(new() { Transcription = "m", TurnTaking = TurnTaking.Manual });
        await session.Input.WriteAsync(new byte[9_600]);
        Task draining = session.DrainAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
        await server.CloseAsync(1001, "bye");
        Assert.Equal(RealtimeCloseKind.ByPeer, (await Assert.ThrowsAsync<RealtimeClosedException>(() => draining.WaitAsync(Patience))).Reason.Kind);
        Assert.Equal(UtteranceOutcome.Disconnected, (await Assert.Single(await session.ReadUtterancesAsync().ToArrayAsync()).Completion).Outcome);
        await session.DisposeAsync();
        await session.DisposeAsync();

        (session, server) = await ConnectAsync();
        await EndAsync(session, server);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DrainAsync(new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("session_expired")]
    [InlineData("insufficient_quota")]
    public async Task TheErrorThatEndsTheSession_IsWhyItEnded(string code)
    {
        (TranscriptionSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"{{{code}}}","message":"Over."}}""");
        await server.CloseAsync(1008, "over");

        Assert.Equal(code, (await session.Ended.WaitAsync(Patience)).Error?.Code);
        await EndAsync(session, server);
    }

    [Theory]
    [InlineData(null, null, "wss://api.openai.com/v1/realtime?intent=transcription")]
    [InlineData(null, "mine", "wss://api.openai.com/v1/realtime?intent=transcription&model=mine")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime?intent=transcription", null, "ws://127.0.0.1:5000/v1/realtime?intent=transcription")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime?model=m", null, "ws://127.0.0.1:5000/v1/realtime?model=m&intent=transcription")]
    public void TheAddress_SaysWhatTheSessionIsFor(string? endpoint, string? model, string expected) =>
        Assert.Equal(new Uri(expected), RealtimeEndpoint.Resolve(new TranscriptionSessionOptions { Transcription = "m", Endpoint = endpoint is null ? null : new(endpoint), Model = model }.ToVoice()));

    private static TranscriptionSessionOptions Words() => new() { Transcription = "gpt-4o-transcribe", TurnTaking = new TurnTaking.ServerVad() };

    private static async Task<(TranscriptionSession Session, ScriptedServer Server)> ConnectAsync(TranscriptionSessionOptions? options = null)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranscriptionSession> connecting = TranscriptionSession.ConnectAsync((options ?? Words()).Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"transcription","id":"sess_1","object":"realtime.transcription_session"}}""");
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        return (await connecting.WaitAsync(Patience), server);
    }

    private static Task CompletedAsync(ScriptedServer server, string item, string transcript) => server.SendAsync(
        $$$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"{{{item}}}","content_index":0,"transcript":"{{{transcript}}}","usage":{"type":"duration","seconds":0.2} }""");

    private static async Task EndAsync(TranscriptionSession session, ScriptedServer server)
    {
        await server.DisposeAsync();
        await session.DisposeAsync();
    }
}
