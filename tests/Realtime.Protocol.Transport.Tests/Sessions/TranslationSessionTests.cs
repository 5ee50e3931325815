using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.TranslationTalk;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A translation over the in-memory transport, with its server played by hand: what goes in, what comes out, another language on the way, and who sees the events.</summary>
public sealed class TranslationSessionTests
{
    [Fact]
    public async Task SpeechGoesIn_AndComesOutTranslated_AsSoundAndAsText()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { Language = "de", TranscriptionModel = "gpt-realtime-whisper" });
        Assert.Equal("sess_56ovD0Z9tieF5b9bvw0PD", session.Id);
        byte[] speech = Noise(9_601);
        await session.Input.WriteAsync(speech);
        JsonObject append = await server.ExpectAsync("session.input_audio_buffer.append");
        Assert.Equal(speech[..9_600], Convert.FromBase64String((string)append["audio"]!)); // half a sample waits

        byte[] spoken = Noise(960);
        await server.SendAsync("""{"type":"session.input_transcript.delta","delta":" high tide","elapsed_ms":1400}""");
        await server.SendAsync($$"""{"type":"session.output_audio.delta","delta":"{{Convert.ToBase64String(spoken)}}","sample_rate":24000,"channels":1,"format":"pcm16","elapsed_ms":1600}""");
        await server.SendAsync("""{"type":"session.output_transcript.delta","delta":" Hochwasser","elapsed_ms":1600}""");
        await server.SendAsync("""{"type":"session.output_transcript.delta","delta":"","elapsed_ms":1700}""");
        await server.SendAsync("""{"type":"session.output_transcript.delta","delta":" 🌊","elapsed_ms":null}""");
        Task draining = session.DrainAsync();
        await server.ExpectAsync("session.close");
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);

        Assert.Equal(spoken, await ReadAllAsync(session.Audio));
        TranslationText[] texts = await session.ReadTextAsync().ToArrayAsync();
        Assert.Equal(
            [
                new(TranslationSide.Source, " high tide", TimeSpan.FromMilliseconds(1400)),
                new(TranslationSide.Translation, " Hochwasser", TimeSpan.FromMilliseconds(1600)),
                new(TranslationSide.Translation, " 🌊", TimeSpan.FromMilliseconds(1700)),
            ],
            texts);
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended).Kind);
        await session.DrainAsync(); // it is
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AnotherLanguage_IsAcknowledged_RefusedByTheServer_OrUnanswered()
    {
        var time = new ManualTime();
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { TimeProvider = time });
        Task french = session.ChangeLanguageAsync("fr");
        Task odd = session.ChangeLanguageAsync("xx");
        await server.ExpectAsync("session.update");
        JsonObject asked = await server.ExpectAsync("session.update");
        await server.SendAsync(Updated("fr"));
        await french.WaitAsync(Patience);
        await server.SendAsync(Unknown(asked));
        Assert.Equal("session.audio.output.language", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => odd.WaitAsync(Patience))).Error.Parameter);

        Task unanswered = session.ChangeLanguageAsync("es");
        await server.ExpectAsync("session.update");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("no_answer", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => unanswered.WaitAsync(Patience))).Error.Code);

        Task given = session.ChangeLanguageAsync("it");
        await EndAsync(session, server);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => given.WaitAsync(Patience));
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.ChangeLanguageAsync("it"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ChangeLanguageAsync("it", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task OddMessages_AreReadAsFarAsTheyGo()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendRawAsync("""{"type":"session.output_transcript.delta","delta":"eins","elapsed_ms":"soon"}""");
        await server.SendRawAsync("""{"type":"session.output_transcript.delta","delta":"zwei","elapsed_ms":-7}""");
        await server.SendRawAsync("""{"type":"session.output_transcript.delta","delta":"drei","elapsed_ms":9223372036854775807}""");
        await server.SendRawAsync("""{"type":"session.of_tomorrow"}""");
        await server.SendRawAsync("{");
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await session.Ended.WaitAsync(Patience);
        TranslationText[] texts = await session.ReadTextAsync().ToArrayAsync();
        Assert.Equal(["eins", "zwei", "drei"], texts.Select(static text => text.Text));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (texts[0].At, texts[1].At));
        Assert.True(texts[2].At > TimeSpan.FromDays(10_000_000));
        Assert.Equal(1, session.MalformedEvents);
        Assert.True(session.OddEvents > 0);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task TheEvents_AreReadInBothDirections_AndShownToTheHandlers()
    {
        var received = new ConcurrentQueue<Events.Translation.ServerEventKind>();
        var sent = new ConcurrentQueue<Events.Translation.ClientEventKind>();
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new()
        {
            OnServerEvent = (in e) => received.Enqueue(e.Kind),
            OnClientEvent = (in e) => sent.Enqueue(e.Kind),
        });
        await using IAsyncEnumerator<Events.Translation.WireEvent> events = session.ReadEventsAsync().GetAsyncEnumerator();
        ValueTask<bool> next = events.MoveNextAsync();
        await session.Input.WriteAsync(Noise(960));
        await server.ExpectAsync("session.input_audio_buffer.append");
        Assert.True(await next);
        Assert.Equal((EventDirection.Sent, "session.input_audio_buffer.append"), (events.Current.Direction, events.Current.Type));
        Assert.Equal(Events.Translation.ClientEventKind.SessionInputAudioBufferAppend, events.Current.AsClientEvent().Kind);
        Assert.Throws<InvalidOperationException>(() => { _ = events.Current.AsServerEvent(); });
        await server.SendRawAsync("""{"type":"session.output_transcript.delta","delta":"eins","elapsed_ms":"soon"}""");
        Assert.True(await events.MoveNextAsync());
        Assert.True(events.Current.AsServerEvent().TryGetSessionOutputTranscriptDelta(out Events.Translation.SessionOutputTranscriptDeltaView delta));
        Assert.True(delta.Delta.ValueEquals("eins"u8));
        Assert.Throws<InvalidOperationException>(() => { _ = events.Current.AsClientEvent(); });
        await EndAsync(session, server);
        Assert.False(await events.MoveNextAsync());
        Assert.Equal(
            [Events.Translation.ServerEventKind.SessionCreated, Events.Translation.ServerEventKind.SessionUpdated, Events.Translation.ServerEventKind.SessionOutputTranscriptDelta], received);
        Assert.Equal([Events.Translation.ClientEventKind.SessionUpdate, Events.Translation.ClientEventKind.SessionInputAudioBufferAppend], sent);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.ReadEventsAsync(EventSelection.WithoutAudio));
    }

    [Fact]
    public async Task AHandlerMayDisposeTheSession_AndOneThatThrowsEndsNothing()
    {
        TranslationSession? made = null;
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new()
        {
            OnServerEvent = (in e) =>
            {
                if (e.Kind is Events.Translation.ServerEventKind.SessionOutputTranscriptDelta)
                {
                    _ = made!.DisposeAsync().AsTask();
                    throw new InvalidOperationException();
                }
            },
        });
        made = session;
        await server.SendAsync("""{"type":"session.output_transcript.delta","delta":"eins"}""");
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended.WaitAsync(Patience)).Kind);
    }
}
