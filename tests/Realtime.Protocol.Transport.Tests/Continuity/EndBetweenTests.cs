namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A session that is ended while it connects anew: what the application has registered on the token of its transport is its own code, and neither holds the end up nor breaks it.</summary>
public sealed class EndBetweenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("close")]
    [InlineData("drain")]
    [InlineData("disposal")]
    public async Task ACallbackThatBlocksOrThrows_IsNoBusinessOfTheEnd(string end)
    {
        var row = new ServerRow();
        var store = new MemoryJournal();
        VoiceSessionOptions options = row.Options(store);
        using var release = new ManualResetEventSlim();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>> connect = options.Transport!;
        options.Transport = async (given, token) =>
        {
            if (row.Asked == 0)
            {
                return await connect(given, token);
            }

            token.Register(static () => throw new InvalidOperationException("A callback of the application."));
            token.Register(() =>
            {
                called.TrySetResult();
                release.Wait(CancellationToken.None);
            });
            asked.TrySetResult();
            await called.Task;
            throw new OperationCanceledException(token);
        };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        await server.DisposeAsync();
        await asked.Task.WaitAsync(Patience);
        try
        {
            Task ended = Task.Run(async () =>
            {
                switch (end)
                {
                    case "close":
                        await session.CloseAsync();
                        break;
                    case "drain":
                        await session.DrainAsync();
                        break;
                    default:
                        await session.DisposeAsync();
                        break;
                }
            });
            await ended.WaitAsync(Patience);
            await called.Task.WaitAsync(Patience);
            Assert.True((await session.Ended.WaitAsync(Patience)).Kind is RealtimeCloseKind.ByUs or RealtimeCloseKind.Drained);
            Assert.Equal(end == "close", (await store.ClaimAsync("call", "another", CancellationToken.None)).Checkpoint is null);
            Assert.Equal(VoiceSessionState.Ended, session.State); // whoever asks needs the lock of the session
        }
        finally
        {
            release.Set();
        }

        await session.DisposeAsync().AsTask().WaitAsync(Patience);
    }
}
