using System.IO.Pipelines;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A store that gives a claim and answers nothing else, or blocks whoever asks: it delays no audio, and holds no close, no drain and no disposal up longer than its time.</summary>
public sealed class HangingJournalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ItHoldsNoDrainBetweenConnectionsUp_OncePatienceIsOver(bool isBlocking) => WithAsync(isBlocking, static async (time, row, session, server) =>
    {
        await server.DisposeAsync();
        await row.NextAsync();
        session.SendMessage("My order is 4711.");
        await time.AdvanceUntilAsync(session.DrainAsync(new CancellationToken(canceled: true)));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ItDoesNotKeepTheConnectionOpen_WhenTheSessionDrains(bool isBlocking) => WithAsync(isBlocking, static async (time, _, session, server) =>
    {
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Task<SessionCheckpoint> draining = session.DrainAsync(new CancellationToken(canceled: true));
        await goodbye.WaitAsync(Patience); // and no time has passed
        Assert.Equal(RealtimeCloseKind.Drained, (await session.Ended.WaitAsync(Patience)).Kind);
        await time.AdvanceUntilAsync(draining);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ItHoldsNeitherTheCloseUp_NorTheDisposal(bool isBlocking) => WithAsync(isBlocking, static async (time, _, session, server) =>
    {
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Task closing = session.CloseAsync();
        await goodbye.WaitAsync(Patience);
        await time.AdvanceUntilAsync(closing);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ItDelaysNoAudio_InNeitherDirection(bool isBlocking) => WithAsync(isBlocking, static async (time, _, session, server) =>
    {
        Turn turn = session.SendMessage("Speak.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("r1", "item_1");
        for (int played = 4_800; played <= 24_000; played += 4_800)
        {
            await server.AudioAsync("r1", "item_1", new byte[4_800]);
            ReadResult read = await turn.Audio.ReadAsync().AsTask().WaitAsync(Patience);
            Assert.Equal(4_800, read.Buffer.Length);
            turn.Audio.AdvanceTo(read.Buffer.End);
            turn.ReportPlayed(played);
            await session.Input.WriteAsync(new byte[4_800]);
            await server.ExpectAsync("input_audio_buffer.append");
        }

        await server.EndItemAsync("r1", "item_1");
        await server.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
    });

    // A session whose first save hangs already, on a clock that stands; what is left of it is given back in the store's time.
    private static async Task WithAsync(bool isBlocking, Func<ManualTime, ServerRow, VoiceSession, ScriptedServer, Task> test)
    {
        var row = new ServerRow();
        using var release = new ManualResetEventSlim();
        var time = new ManualTime();
        var store = new Hanging(isBlocking ? release : null);
        try
        {
            (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(store, time));
            await ServerRow.UntilAsync(() => store.Hangs);
            await test(time, row, session, server);
            await server.DisposeAsync();
            await time.AdvanceUntilAsync(session.DisposeAsync().AsTask());
        }
        finally
        {
            release.Set();
        }
    }

    private sealed class Hanging(ManualResetEventSlim? release) : ISessionJournal
    {
        private volatile bool _hangs;

        /// <summary>A save has begun.</summary>
        public bool Hangs => _hangs;

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => new(new JournalClaim(1, null));

        public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            _hangs = true;
            release?.Wait(CancellationToken.None);
            return new(new TaskCompletionSource<bool>().Task);
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
        {
            release?.Wait(CancellationToken.None);
            return new(new TaskCompletionSource().Task);
        }
    }
}
