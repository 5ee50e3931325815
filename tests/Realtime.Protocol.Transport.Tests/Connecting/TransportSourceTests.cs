namespace Realtime.Protocol.Transport.Tests.Connecting;

/// <summary>A connection that the application gives in place of a WebSocket.</summary>
public sealed class TransportSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AVoiceSession_RunsOverTheTransportOfItsOptions()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Model = "mine";
        options.Headers["x-one"] = "1";
        RealtimeConnectionOptions? seen = null;
        options.Transport = (given, _) =>
        {
            seen = given;
            given.Headers.Clear();
            return new(client);
        };

        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);

        Assert.Equal("mine", Assert.IsType<VoiceSessionOptions>(seen).Model);
        Assert.NotSame(options, seen);
        Assert.Equal("1", options.Headers["x-one"]);
        Assert.Equal("sess_1", session.Id);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATranscription_RunsOverTheTransportOfItsOptions()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranscriptionSession> connecting = TranscriptionSession.ConnectAsync(new() { Transcription = "whisper-1", Transport = (_, _) => new(client) });
        await server.SendAsync("""{"type":"session.created","session":{"type":"transcription","id":"sess_1"}}""");
        string session = (await server.ExpectAsync("session.update"))["session"]!.ToJsonString();
        await server.SendAsync($$"""{"type":"session.updated","session":{{session}}}""");
        await using TranscriptionSession transcription = await connecting.WaitAsync(Patience);
        Assert.Equal("sess_1", transcription.Id);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ATranslation_RunsOverTheTransportOfItsOptions()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Language = "fr", Transport = (_, _) => new(client) });
        await server.SendAsync("""{"type":"session.created","session":{"type":"translation","id":"sess_1"}}""");
        string session = (await server.ExpectAsync("session.update"))["session"]!.ToJsonString();
        await server.SendAsync($$"""{"type":"session.updated","session":{{session}}}""");
        await using TranslationSession translation = await connecting.WaitAsync(Patience);
        Assert.Equal("sess_1", translation.Id);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task WhatTheApplicationThrows_ComesOutAsItIs()
    {
        var mine = new InvalidOperationException("mine");
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Transport = (_, _) => throw mine;
        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => VoiceSession.ConnectAsync(options)));
        options.Transport = (_, _) => ValueTask.FromException<IRealtimeTransport>(mine);
        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => VoiceSession.ConnectAsync(options)));
        options.Transport = (_, _) => new((IRealtimeTransport)null!);
        Assert.Equal("options.Transport", (await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options))).ParamName);
    }

    [Fact]
    public async Task WrongOptions_OrAGivenUpCall_AskForNoTransport()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Transport = (_, _) => throw new InvalidOperationException("It was asked for.");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VoiceSession.ConnectAsync(options, new CancellationToken(canceled: true)));
        options.Session = new() { Instructions = "x \ud83d" };
        await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATransportThatComesTooLate_IsNotWaitedFor_AndDisposed(bool isCancelled)
    {
        var time = new ManualTime();
        var late = new TaskCompletionSource<IRealtimeTransport>();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        CancellationToken seen = default;
        options.Transport = (_, token) =>
        {
            seen = token;
            return new(late.Task);
        };
        using var giveUp = new CancellationTokenSource();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options, giveUp.Token);
        if (isCancelled)
        {
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience));
        }
        else
        {
            time.Advance(options.ConnectTimeout);
            Assert.Equal(RealtimeConnectFailure.Timeout, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
        }

        Assert.True(seen.IsCancellationRequested);
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        late.SetResult(client);
        await server.ReadToEndAsync();
        Assert.NotNull(client.CloseReason);
    }

    [Fact]
    public async Task AWebSocketThatIsAskedForByName_IsOne()
    {
        var options = new VoiceSessionOptions { Endpoint = new("ws://127.0.0.1:1/"), Transport = static async (given, token) => await WebSocketTransport.ConnectAsync(given, token) };
        Assert.Equal(RealtimeConnectFailure.Refused, (await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(options))).Failure);
    }
}
