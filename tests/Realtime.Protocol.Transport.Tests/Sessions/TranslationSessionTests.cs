using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A translation over the in-memory transport, with its server played by hand: what goes in, what comes out, and every way in which it ends.</summary>
public sealed class TranslationSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
    public async Task TheOptions_AreWhatTheServerIsTold()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { Language = "fr", TranscriptionModel = "whisper", NoiseReduction = InputNoiseReduction.FarField });
        Assert.Equal(
            """{"audio":{"input":{"transcription":{"model":"whisper"},"noise_reduction":{"type":"far_field"}},"output":{"language":"fr"}}}""",
            server.Received[0]["session"]!.ToJsonString());
        await EndAsync(session, server);

        (session, server) = await ConnectAsync(new() { NoiseReduction = InputNoiseReduction.Off });
        Assert.Equal("""{"audio":{"input":{"noise_reduction":null},"output":{"language":"en"}}}""", server.Received[0]["session"]!.ToJsonString());
        await EndAsync(session, server);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task ALanguageThatIsNone_IsRefusedWhereItIsGiven(string? language)
    {
        Assert.ThrowsAny<ArgumentException>(() => new TranslationSessionOptions { Language = language! });
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => session.ChangeLanguageAsync(language!));
        await Assert.ThrowsAsync<ArgumentException>(() => session.ChangeLanguageAsync("\ud800"));
        await EndAsync(session, server);
        Assert.ThrowsAny<ArgumentException>(() => new TranslationSessionOptions { TranscriptionModel = "" });
    }

    [Fact]
    public async Task OptionsThatCannotBeWritten_AreRefusedByTheirName_BeforeAnythingIsConnected()
    {
        var options = new TranslationSessionOptions { Language = "\ud800", Transport = static (_, _) => throw new InvalidOperationException("Nothing was to be connected.") };
        Assert.Equal("options.Language", (await Assert.ThrowsAsync<ArgumentException>(() => TranslationSession.ConnectAsync(options))).ParamName);
    }

    [Fact]
    public async Task ALanguageThatTheServerDoesNotKnow_IsAnErrorOfConnecting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Language = "xx", Transport = (_, _) => new(client) });
        await server.SendAsync(Created);
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync(Unknown(update));
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.ConfigurationRejected, "session.audio.output.language", false), (failed.Failure, failed.Error!.Parameter, failed.IsTransient));
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("realtime")]
    [InlineData("transcription")]
    public async Task ASessionOfAnotherKind_IsAnErrorOfConnecting(string kind)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Transport = (_, _) => new(client) });
        await server.SendAsync($$$$"""{"type":"session.created","session":{"type":"{{{{kind}}}}","id":"sess_1","object":"realtime.session","audio":{"input":{"turn_detection":{"type":"server_vad"} } } } }""");
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.OtherSession, false), (failed.Failure, failed.IsTransient));
        Assert.Contains($"\"{kind}\"", failed.Message, StringComparison.Ordinal);
        await server.ReadToEndAsync();
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task AServerThatNeverAnswers_IsATimeoutOfConnecting()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { TimeProvider = time, ConnectTimeout = TimeSpan.FromSeconds(3), Transport = (_, _) => new(client) });
        await server.SendAsync(Created);
        await server.ExpectAsync("session.update");
        time.Advance(TimeSpan.FromSeconds(3));
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeConnectFailure.Timeout, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
    }

    [Fact]
    public async Task AServerThatClosesBeforeItOpened_IsAnErrorOfConnecting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Transport = (_, _) => new(client) });
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"model_not_found","message":"secret"}}""");
        await server.CloseAsync(1000, "secret");
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.ClosedEarly, "model_not_found"), (failed.Failure, failed.Error!.Code));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
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
    public async Task SE10_WhatWasFlushed_IsSentBeforeTheClose_AndNothingAfterIt()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        byte[] speech = Noise(60_000);
        _ = session.Input.WriteAsync(speech).AsTask();
        Task draining = session.DrainAsync();
        FlushResult late = await session.Input.WriteAsync(Noise(9_600));
        Assert.True(late.IsCompleted);
        var written = new MemoryStream();
        JsonObject message = await server.NextAsync();
        for (; (string?)message["type"] == "session.input_audio_buffer.append"; message = await server.NextAsync())
        {
            written.Write(Convert.FromBase64String((string)message["audio"]!));
        }

        Assert.Equal("session.close", (string?)message["type"]);
        Assert.Equal(speech, written.ToArray());
        Assert.Equal("SE-10", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => session.ChangeLanguageAsync("fr"))).Rule);

        // Megabytes that nobody takes hold nobody up.
        for (int i = 0; i < 20; i++)
        {
            Assert.True((await session.Input.WriteAsync(Noise(200_000)).AsTask().WaitAsync(Patience)).IsCompleted);
        }

        await new MemoryStream(Noise(100_000)).CopyToAsync(session.Input).WaitAsync(Patience);
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        Assert.DoesNotContain(server.Received, static received => (string?)received["type"] == "session.input_audio_buffer.append" && received["audio"] is null);
        Assert.Equal("session.close", (string?)server.Received[^1]["type"]);
    }

    [Fact]
    public async Task SE10_AServerThatClosesWithoutTheLastWord_MayHaveLostTheEnd()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task draining = session.DrainAsync();
        Task again = session.DrainAsync();
        await server.ExpectAsync("session.close");
        await server.CloseAsync(1000, "bye");
        Assert.Equal(RealtimeCloseKind.ByPeer, (await Assert.ThrowsAsync<RealtimeClosedException>(() => draining.WaitAsync(Patience))).Reason.Kind);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => again.WaitAsync(Patience));
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        Assert.Empty(await ReadAllAsync(session.Audio));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task SE10_AServerThatNeverSaysTheLastWord_IsGivenUpAfterThirtySecondsOfSilence()
    {
        var time = new ManualTime();
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { TimeProvider = time });
        Task draining = session.DrainAsync();
        await server.ExpectAsync("session.close");
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RealtimeCloseKind.Unresponsive, (await Assert.ThrowsAsync<RealtimeClosedException>(() => draining.WaitAsync(Patience))).Reason.Kind);
        Assert.Equal(RealtimeCloseKind.Unresponsive, (await session.Ended.WaitAsync(Patience)).Kind);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task SE10_AServerThatRefusesToEnd_SaysSo()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task draining = session.DrainAsync();
        JsonObject close = await server.ExpectAsync("session.close");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"unknown_event","message":"?","event_id":"{{{close["event_id"]}}}"}}""");
        Assert.Equal("unknown_event", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => draining.WaitAsync(Patience))).Error.Code);
        Assert.True((await session.Input.WriteAsync(Noise(960))).IsCompleted);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task SE10_AServerThatEndsByItself_IsThePeersDoing()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.ByPeer, (await session.Ended.WaitAsync(Patience)).Kind);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ADrainThatIsGivenUp_GoesOn()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DrainAsync(new CancellationToken(canceled: true)));
        using var giveUp = new CancellationTokenSource();
        Task draining = session.DrainAsync(giveUp.Token);
        await server.ExpectAsync("session.close");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining.WaitAsync(Patience));
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await session.DrainAsync().WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ASessionThatExpires_EndsAsExpired()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"Your session hit the maximum duration."}}""");
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal((RealtimeCloseKind.Expired, "session_expired"), (reason.Kind, reason.Error?.Code));
        await EndAsync(session, server);
    }

    [Theory]
    [InlineData(false, "insufficient_quota")]
    [InlineData(true, null)]
    public async Task AnErrorThatNoConnectionOutlives_IsWhyItEnded_WhenNothingCameAfterIt(bool goesOn, string? expected)
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"No more."}}""");
        if (goesOn)
        {
            await server.SendAsync("""{"type":"session.output_transcript.delta","delta":"Bonjour","elapsed_ms":200}""");
        }

        await server.CloseAsync(1008, "over");

        Assert.Equal(expected, (await session.Ended.WaitAsync(Patience)).Error?.Code);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task ClosingAndDisposing_Twice_FromSeveralThreads_IsHarmless()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task reading = server.ReadToEndAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0)
            {
                await session.DisposeAsync();
            }
            else
            {
                await session.CloseAsync();
            }
        }))).WaitAsync(Patience);
        await session.DisposeAsync();
        await reading.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason!.Kind);
        Assert.True((await session.Input.WriteAsync(Noise(960))).IsCompleted);
        Assert.Empty(await session.ReadTextAsync().ToArrayAsync());
        Assert.Throws<NotSupportedException>(session.Input.Clear);
    }

    [Fact]
    public async Task LanguagesAndDrain_FromSeveralThreads_EachHaveOneEnd()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        var ends = new ConcurrentBag<string>();
        Task serving = Task.Run(async () =>
        {
            while (true)
            {
                JsonObject message = await server.NextAsync();
                switch ((string?)message["type"])
                {
                    case "session.update":
                        await server.SendAsync(Updated("fr"));
                        break;
                    case "session.close":
                        await server.SendAsync("""{"type":"session.closed"}""");
                        await server.ReadToEndAsync();
                        return;
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i == 15 ? session.DrainAsync() : session.ChangeLanguageAsync("fr"));
                ends.Add("done");
            }
            catch (RealtimeException)
            {
                ends.Add("refused");
            }
        }))).WaitAsync(Patience);
        await serving.WaitAsync(Patience);
        Assert.Equal(16, ends.Count);
        await session.DisposeAsync();
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

    [Fact]
    public void TextsThatNobodyReads_AreBounded_AndTheNewestStay()
    {
        var feed = new TranslationFeed();
        for (int i = 0; i < TranslationFeed.MaxWaiting + 10; i++)
        {
            feed.Add(new TranslationText(TranslationSide.Translation, i.ToString(System.Globalization.CultureInfo.InvariantCulture), default));
        }

        feed.Complete();
        TranslationText[] read = feed.ReadAllAsync().ToBlockingEnumerable().ToArray();
        Assert.Equal(TranslationFeed.MaxWaiting, read.Length);
        Assert.Equal("10", read[0].Text);
    }

    [Fact]
    public async Task SoundThatNobodyReads_IsBounded_AndGoesOnInWholeSamplesOnceItWasRead()
    {
        var stream = new TranslationStream(NullLogger.Instance, 96_000);
        byte[] delta = Encoding.UTF8.GetBytes($$"""{"type":"session.output_audio.delta","event_id":"e","delta":"{{Convert.ToBase64String(new byte[9_600])}}"}""");
        byte[] odd = Encoding.UTF8.GetBytes("""{"type":"session.output_audio.delta","event_id":"e","delta":"/w=="}""");
        byte[] mark = Encoding.UTF8.GetBytes("""{"type":"session.output_audio.delta","event_id":"e","delta":"BwA="}""");
        for (int i = 0; i < 20; i++)
        {
            Write(stream, delta);
        }

        Write(stream, odd);
        long read = await TakeAsync(stream.Reader);
        Assert.Equal(96_000, read);
        Write(stream, mark); // half a sample was left out: this one would be heard shifted by a byte
        Write(stream, odd);
        Write(stream, mark);
        stream.Complete();
        Assert.Equal([7, 0], await ReadAllAsync(stream.Reader));
    }

    [Fact]
    public void ReceivingAndReadingSound_AllocatesNothing()
    {
        var stream = new TranslationStream(NullLogger.Instance);
        using var gate = new TranslationGate(new MachineSettings { IdPrefix = "test" }, TimeProvider.System, new ChangeReporter(NullLogger.Instance, null), stream, new());
        var reader = new Events.Translation.ServerEventReader();
        byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"session.output_audio.delta","event_id":"event_9","delta":"{{Convert.ToBase64String(new byte[9_600])}}","sample_rate":24000,"channels":1,"format":"pcm16","elapsed_ms":1600}""");
        byte[] audio = new byte[32 * 1024];
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                if (!reader.TryRead(message, audio, out Events.Translation.ServerEvent e, out _))
                {
                    Assert.Fail("The message is well-formed.");
                }

                gate.Receive(in e);
                gate.AddAudio(9_600);
                while (gate.SendQueue.TryTake(out _))
                {
                }

                if (!stream.Reader.TryRead(out ReadResult read) || read.Buffer.Length != 9_600)
                {
                    Assert.Fail("The audio was received.");
                }

                stream.Reader.AdvanceTo(read.Buffer.End);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(null, null, "wss://api.openai.com/v1/realtime/translations?model=gpt-realtime-translate")]
    [InlineData(null, "mine", "wss://api.openai.com/v1/realtime/translations?model=mine")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime/translations", null, "ws://127.0.0.1:5000/v1/realtime/translations")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime/translations", "mine", "ws://127.0.0.1:5000/v1/realtime/translations?model=mine")]
    public void TheAddress_IsThatOfTranslations(string? endpoint, string? model, string expected) =>
        Assert.Equal(new Uri(expected), RealtimeEndpoint.Resolve(new TranslationSessionOptions { Endpoint = endpoint is null ? null : new(endpoint), Model = model }));

    private const string Created =
        """{"type":"session.created","session":{"id":"sess_56ovD0Z9tieF5b9bvw0PD","type":"translation","model":"gpt-realtime-translate","audio":{},"expires_at":1795215600}}""";

    private static string Updated(string language) =>
        $$$$"""{"type":"session.updated","session":{"id":"sess_1","type":"translation","model":"gpt-realtime-translate","audio":{"output":{"language":"{{{{language}}}}"}},"expires_at":1795215600}}""";

    private static string Unknown(JsonObject update) =>
        $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"Unknown language.","param":"session.audio.output.language","event_id":"{{{update["event_id"]}}}"}}""";

    private static async Task<(TranslationSession Session, ScriptedServer Server)> ConnectAsync(TranslationSessionOptions? options = null)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync((options ?? new()).Over(client));
        await server.SendAsync(Created);
        await server.ExpectAsync("session.update");
        await server.SendAsync(Updated(options?.Language ?? "en"));
        return (await connecting.WaitAsync(Patience), server);
    }

    private static async Task EndAsync(TranslationSession session, ScriptedServer server)
    {
        await server.DisposeAsync();
        await session.DisposeAsync();
    }

    private static byte[] Noise(int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }

    private static void Write(TranslationStream stream, byte[] message)
    {
        Assert.True(Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent e, out _));
        Assert.True(e.TryGetSessionOutputAudioDelta(out Events.Translation.SessionOutputAudioDeltaView delta));
        stream.Write(delta.Delta);
    }

    private static async Task<long> TakeAsync(PipeReader reader)
    {
        ReadResult read = await reader.ReadAsync();
        long bytes = read.Buffer.Length;
        reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        var all = new MemoryStream();
        await reader.CopyToAsync(all).WaitAsync(Patience);
        return all.ToArray();
    }
}
