using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What the user said, as an application sees it: utterances with their places, their transcripts and their ends, and how long the user waited.</summary>
public sealed class UtteranceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AnUtterance_HasItsPlace_ItsTranscriptInPieces_AndItsEnd()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting());
        await using IAsyncEnumerator<Utterance> utterances = session.ReadUtterancesAsync().GetAsyncEnumerator();
        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":1460,"item_id":"item_u"}""");
        Utterance utterance = await NextAsync(utterances);
        Assert.Equal(("item_u", TimeSpan.FromMilliseconds(1460), null), (utterance.ItemId, utterance.Start, utterance.End));
        await using IAsyncEnumerator<string> pieces = utterance.ReadTranscriptAsync().GetAsyncEnumerator();

        await PieceAsync(server, "item_u", "Hel");
        Assert.Equal("Hel", await NextAsync(pieces));
        await PieceAsync(server, "item_u", "l\u00f6 \ud83d\ude42");
        Assert.Equal("l\u00f6 \ud83d\ude42", await NextAsync(pieces));
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":4256,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u","content_index":0,"transcript":"Hello.","languages":[{"code":"en"}],"usage":{"type":"duration","seconds":3}}""");

        Assert.False(await pieces.MoveNextAsync().AsTask().WaitAsync(Patience));
        UtteranceResult result = await utterance.Completion.WaitAsync(Patience);
        Assert.Equal((UtteranceOutcome.Transcribed, "Hello.", "en", TimeSpan.FromSeconds(3), null), (result.Outcome, result.Transcript, result.Language, result.BilledAudio, result.Usage));
        Assert.Equal(TimeSpan.FromMilliseconds(4256), utterance.End);
        Assert.Equal("Utterance item_u, Transcribed", utterance.ToString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task PiecesThatNobodyRead_AreOne_AndAWholeWithoutPiecesIsAPiece()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting());
        await SpeakAsync(server, "item_u");
        await PieceAsync(server, "item_u", "one ");
        await PieceAsync(server, "item_u", new string('x', 1_000));
        await CompleteAsync(server, "item_u", "one");
        await SpeakAsync(server, "item_v");
        await CompleteAsync(server, "item_v", "two");
        await server.CloseAsync(1000, "");

        List<Utterance> utterances = await session.ReadUtterancesAsync().ToListAsync().AsTask().WaitAsync(Patience);
        Assert.Equal([["one " + new string('x', 1_000)], ["two"]], await Task.WhenAll(utterances.Select(async utterance => await utterance.ReadTranscriptAsync().ToListAsync())));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatNobodyReads_IsSixteenUtterances_TheNewest()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting());
        for (int i = 0; i < 20; i++)
        {
            await SpeakAsync(server, $"item_{i}");
        }

        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience); // nobody reads before all was said
        List<Utterance> utterances = await session.ReadUtterancesAsync().ToListAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(4, 16).Select(i => $"item_{i}"), utterances.Select(utterance => utterance.ItemId));
        Assert.All(utterances, utterance => Assert.Equal(UtteranceOutcome.Disconnected, utterance.Completion.Result.Outcome));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AFailedTranscription_IsOneUtterances_AndTheSessionGoesOn()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting());
        await using IAsyncEnumerator<Utterance> utterances = session.ReadUtterancesAsync().GetAsyncEnumerator();
        await SpeakAsync(server, "item_u");
        await server.SendAsync("""{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_u","content_index":0,"error":{"type":"transcription_error","code":"audio_unintelligible","message":"no"}}""");

        UtteranceResult result = await (await NextAsync(utterances)).Completion.WaitAsync(Patience);

        Assert.Equal((UtteranceOutcome.Failed, "audio_unintelligible"), (result.Outcome, result.Error!.Code));
        Assert.Null(session.CloseReason);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATranscriptThatNeverComes_IsWaitedForAMinute()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting(time));
        await using IAsyncEnumerator<Utterance> utterances = session.ReadUtterancesAsync().GetAsyncEnumerator();
        await SpeakAsync(server, "item_u");
        Utterance utterance = await NextAsync(utterances);

        await time.AdvanceUntilAsync(utterance.Completion);

        Assert.Equal(UtteranceOutcome.NotTranscribed, (await utterance.Completion).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACommit_GivesItsUtterance_AndAsksForNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.Input.WriteAsync(new byte[9_601]);
        Task<Utterance> committing = session.Input.CommitAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        Assert.False(committing.IsCompleted);
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");

        Utterance utterance = await committing.WaitAsync(Patience);

        Assert.Equal(("item_u", null, null), (utterance.ItemId, utterance.Start, utterance.End));
        Assert.Equal(UtteranceOutcome.NotTranscribed, (await utterance.Completion.WaitAsync(Patience)).Outcome);
        Assert.Equal(TimeSpan.FromMilliseconds(200), session.Input.Sent);
        RealtimeRefusedException refused = await Assert.ThrowsAsync<RealtimeRefusedException>(() => session.Input.CommitAsync());
        Assert.Equal("TD-03", refused.Rule);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.Input.CommitAsync(new CancellationToken(canceled: true)));
        session.SendMessage("next");
        await server.ExpectAsync("conversation.item.create"); // no create was between
        await server.EndAsync(session);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.Input.CommitAsync());
    }

    [Fact]
    public async Task ACommitThatTheServerRefuses_OrThatTheConnectionLeaves_Fails()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]);
        Task<Utterance> refused = session.Input.CommitAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        JsonObject commit = await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"input_audio_buffer_commit_empty","message":"no","event_id":"{{{commit["event_id"]}}}"}}""");
        Assert.Equal("input_audio_buffer_commit_empty", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => refused.WaitAsync(Patience))).Error.Code);

        await session.Input.WriteAsync(new byte[9_600]);
        Task<Utterance> left = session.Input.CommitAsync();
        await server.EndAsync(session);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => left.WaitAsync(Patience));
    }

    [Fact]
    public async Task ATurn_KnowsWhatItAnswers()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]);
        Turn spoken = session.EndTurn();
        Assert.Equal("", spoken.Utterance!.ItemId);
        Assert.Null(session.SendMessage("and this").Utterance);
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");

        Assert.Equal(UtteranceOutcome.NotTranscribed, (await spoken.Utterance.Completion.WaitAsync(Patience)).Outcome);
        Assert.Equal("item_u", spoken.Utterance.ItemId);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task TheTimeThatTheUserWaits_BeginsWithTheLastByteOfSpeech()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting(time));
        await using IAsyncEnumerator<Turn> turns = session.ReadServerTurnsAsync().GetAsyncEnumerator();

        // A second of speech and 700 ms of silence, of which the server needs 500; then 50 ms to the commit, 150 to the first word, 200 to the first sound and 1 s to the end.
        for (int sent = 0; sent < 1_700; sent += 100)
        {
            await session.Input.WriteAsync(new byte[4_800]);
            await server.ExpectAsync("input_audio_buffer.append");
            await UntilAsync(() => session.Input.Sent == TimeSpan.FromMilliseconds(sent + 100));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":1500,"item_id":"item_u"}""");
        await using IAsyncEnumerator<Utterance> utterances = session.ReadUtterancesAsync().GetAsyncEnumerator();
        Utterance utterance = await NextAsync(utterances);
        await UntilAsync(() => utterance.End is not null);
        time.Advance(TimeSpan.FromMilliseconds(50));
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await CompleteAsync(server, "item_u", "hello");
        await utterance.Completion.WaitAsync(Patience);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await server.CreatedAsync("resp_1");
        Turn turn = await NextAsync(turns);
        await using IAsyncEnumerator<TurnUpdate> updates = turn.ReadUpdatesAsync().GetAsyncEnumerator();
        Assert.IsType<TurnUpdate.ResponseStarted>(await NextAsync(updates));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.TranscriptAsync("resp_1", "item_1", "Hi.");
        Assert.IsType<TurnUpdate.TranscriptDelta>(await NextAsync(updates));
        time.Advance(TimeSpan.FromMilliseconds(50));
        await server.AudioAsync("resp_1", "item_1", new byte[480]);
        Assert.IsType<TurnUpdate.AudioStarted>(await NextAsync(updates));
        time.Advance(TimeSpan.FromMilliseconds(800));
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");

        TurnTimings timings = (await turn.EndAsync()).Timings;

        // The byte at 1,000 ms was handed over at 900 ms, and speech_stopped came at 1,700.
        Assert.Same(utterance, turn.Utterance);
        Assert.Equal(
            (850, 950, 1_000, 1_800),
            ((int)timings.Detection!.Value.TotalMilliseconds, (int)timings.FirstText!.Value.TotalMilliseconds, (int)timings.FirstAudio!.Value.TotalMilliseconds, (int)timings.Total.TotalMilliseconds));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task TheTimeOfATurnThatTheApplicationEnds_BeginsWithItsCall()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        time.Advance(TimeSpan.FromSeconds(3));
        await session.Input.WriteAsync(new byte[9_600]);
        Turn turn = session.EndTurn();
        time.Advance(TimeSpan.FromMilliseconds(300));
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");

        Assert.Equal(new TurnTimings(null, null, null, TimeSpan.FromMilliseconds(300)), (await turn.EndAsync()).Timings);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnApplication_IsToldThatAnItemHasItsTranscript()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Detecting());
        await SpeakAsync(server, "item_u");
        await server.SendAsync("""{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_u","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}}""");
        await CompleteAsync(server, "item_u", "hello");
        await server.CloseAsync(1000, "");

        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);

        Assert.Contains(updates, update => update is VoiceSessionUpdate.ItemChanged { Item: ConversationItem.Message { Id: "item_u", Content: [ItemContent.Audio { Transcript: "hello" }] } });
        await server.EndAsync(session);
    }

    private static VoiceSessionOptions Detecting(TimeProvider? time = null) => new()
    {
        Session = new SessionConfiguration { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(500) }, Transcription = "whisper-1" },
        TimeProvider = time ?? TimeProvider.System,
    };

    private static async Task SpeakAsync(ScriptedServer server, string item)
    {
        await server.SendAsync($$"""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"{{item}}"}""");
        await server.SendAsync($$"""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"{{item}}"}""");
        await server.SendAsync($$"""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"{{item}}"}""");
    }

    private static Task PieceAsync(ScriptedServer server, string item, string text) =>
        server.SendAsync($$"""{"type":"conversation.item.input_audio_transcription.delta","item_id":"{{item}}","content_index":0,"delta":{{JsonValue.Create(text)!.ToJsonString()}} }""");

    private static Task CompleteAsync(ScriptedServer server, string item, string text) =>
        server.SendAsync($$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"{{item}}","content_index":0,"transcript":{{JsonValue.Create(text)!.ToJsonString()}} }""");

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<T> values)
    {
        Assert.True(await values.MoveNextAsync().AsTask().WaitAsync(Patience));
        return values.Current;
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It never became true.");
            await Task.Yield();
        }
    }
}
