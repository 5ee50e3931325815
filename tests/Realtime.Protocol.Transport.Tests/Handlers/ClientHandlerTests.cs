namespace Realtime.Protocol.Transport.Tests.Handlers;

/// <summary>The handler that runs on the sending loop: it sees every event that the socket has taken, and what holds for the other handler holds for it.</summary>
public sealed class ClientHandlerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task ItSeesEveryEvent_InTheOrderOfSending_WithWhatIsInIt()
    {
        var seen = new List<(ClientEventKind Kind, string Id, string Type)>();
        byte[]? sound = null;
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnClientEvent = (in ClientEvent e) =>
        {
            seen.Add((e.Kind, e.EventId.ToString(), e.TypeText.ToString()));
            if (e.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView append))
            {
                sound = new byte[append.Audio.DecodedLength];
                append.Audio.TryDecode(sound, out _);
            }
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        byte[] spoken = [.. Enumerable.Range(0, 9_600).Select(static i => (byte)i)];

        await session.Input.WriteAsync(spoken);
        await session.SendAsync(new OutputAudioBufferClear { EventId = "mine" });
        await session.SendRawAsync(RawJson.Parse("""{"type":"session.update","event_id":"odd","session":"what"}"""));
        session.EndTurn();
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.last"}""")).AsTask().WaitAsync(Patience);

        Assert.Equal(
            [ClientEventKind.SessionUpdate, ClientEventKind.InputAudioBufferAppend, ClientEventKind.OutputAudioBufferClear, ClientEventKind.SessionUpdate, ClientEventKind.InputAudioBufferCommit, ClientEventKind.ResponseCreate, ClientEventKind.Unknown],
            seen.Select(static e => e.Kind));
        Assert.Equal("mine", seen[2].Id);
        Assert.Equal("odd", seen[3].Id);
        Assert.Equal("vendor.last", seen[^1].Type);
        Assert.Equal(spoken, sound);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task OneThatThrows_HarmsNothing()
    {
        int calls = 0;
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnClientEvent = (in ClientEvent _) =>
        {
            calls++;
            throw new InvalidTimeZoneException();
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await session.SendAsync(new OutputAudioBufferClear()).AsTask().WaitAsync(Patience);
        await session.SendAsync(new OutputAudioBufferClear()).AsTask().WaitAsync(Patience);

        Assert.Equal(3, calls);
        Assert.Null(session.CloseReason);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ASlowOne_IsTold_AndOneThatNeverReturns_EndsTheSession()
    {
        var time = new ManualTime();
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.KeepAliveTimeout = TimeSpan.FromSeconds(7);
        options.OnClientEvent = (in ClientEvent e) =>
        {
            if (e.Kind is ClientEventKind.Unknown)
            {
                entered.Release();
                leave.Wait(Patience);
            }
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        var ping = RawJson.Parse("""{"type":"vendor.ping"}""");

        ValueTask slow = session.SendRawAsync(ping);
        Assert.True(await entered.WaitAsync(Patience));
        time.Advance(TimeSpan.FromMilliseconds(101));
        leave.Release();
        await slow.AsTask().WaitAsync(Patience);
        VoiceSessionUpdate.Problem problem = await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().FirstAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(("OnClientEvent", TimeSpan.FromMilliseconds(101)), problem.Details is SessionProblem.SlowHandler(var handler, var took) ? (handler, took) : default);

        ValueTask stuck = session.SendRawAsync(ping);
        ValueTask behind = session.SendRawAsync(ping);
        Assert.True(await entered.WaitAsync(Patience));
        time.Advance(TimeSpan.FromSeconds(7));
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.HandlerStuck, reason.Kind);
        Assert.Contains("OnClientEvent", reason.Description, StringComparison.Ordinal);
        Assert.Same(reason, (await Assert.ThrowsAsync<RealtimeClosedException>(() => behind.AsTask().WaitAsync(Patience))).Reason);

        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        leave.Release();
        await stuck.AsTask().WaitAsync(Patience); // the socket had taken it
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ASilentServer_IsNotBlamed_WhileTheHandlerHoldsTheLoop()
    {
        var time = new ManualTime();
        using var leave = new SemaphoreSlim(0);
        using var entered = new SemaphoreSlim(0);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
        options.OnClientEvent = (in ClientEvent e) =>
        {
            if (e.Kind is ClientEventKind.ResponseCreate)
            {
                entered.Release();
                leave.Wait(Patience);
            }
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        session.Respond();
        Assert.True(await entered.WaitAsync(Patience));

        for (int i = 0; i < 60; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.HandlerStuck, reason.Kind);
        Assert.Contains("OnClientEvent held the sending loop", reason.Description, StringComparison.Ordinal);
        leave.Release();
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheSession_MayBeClosedFromInside(bool disposes)
    {
        VoiceSession? session = null;
        ValueTask ended = default;
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnClientEvent = (in ClientEvent e) =>
        {
            if (e.Kind is ClientEventKind.OutputAudioBufferClear)
            {
                ended = disposes ? session!.DisposeAsync() : new(session!.CloseAsync());
                called.SetResult();
            }
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await session.SendAsync(new OutputAudioBufferClear());
        await called.Task.WaitAsync(Patience);
        Assert.True(ended.IsCompletedSuccessfully);
        await ended;
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended.WaitAsync(Patience)).Kind);
        await session.DisposeAsync();
        await server.DisposeAsync();
    }
}
