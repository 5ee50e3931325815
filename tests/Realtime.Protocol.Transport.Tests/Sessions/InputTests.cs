using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The user's voice on its way to the server: whole samples, whatever is thrown away in between.</summary>
public sealed class InputTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task HalfASampleBeforeAClear_DoesNotShiftWhatIsSpokenAfterIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] spoken = Pcm(4_800, seed: 4);

        await session.Input.WriteAsync(Pcm(3, seed: 3));
        session.Input.Clear();
        await session.Input.WriteAsync(spoken);
        session.EndTurn();

        Assert.Equal(Pcm(3, seed: 3)[..2], await ReadAppendsAsync(server, 2));
        await server.ExpectAsync("input_audio_buffer.clear");
        Assert.Equal(spoken, await ReadAppendsAsync(server, spoken.Length));
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AWriterThatFails_EndsItsWriting_AndNotTheSession()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] spoken = Pcm(9_600, seed: 5);
        await session.Input.WriteAsync(spoken);
        session.Input.GetSpan(4_800)[..4_800].Fill(1);
        session.Input.Advance(4_800);
        session.Input.Complete(new InvalidOperationException("the microphone is gone"));

        Turn turn = session.EndTurn();
        Assert.Equal(spoken, await ReadAppendsAsync(server, spoken.Length));
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.DoneAsync("resp_1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task TwoWriters_AreToldSo_AndTheSessionGoesOn()
    {
        var time = new HeldTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        session.Input.GetSpan(9_600)[..9_600].Fill(1);
        session.Input.Advance(9_600);
        time.Hold();
        Task first = Task.Run(() => session.Input.FlushAsync().AsTask());
        await time.Reached.WaitAsync(Patience);

        Assert.Contains("one writer", Assert.Throws<InvalidOperationException>(() => session.Input.GetMemory()).Message);
        Assert.Throws<InvalidOperationException>(() => session.Input.Advance(0));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Input.FlushAsync().AsTask());
        Assert.Throws<InvalidOperationException>(() => session.Input.Complete());
        time.Go();
        await first.WaitAsync(Patience);
        await session.Input.WriteAsync(Pcm(4_800, seed: 6));
        await ReadAppendsAsync(server, 14_400);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhateverTwoWritersDo_TheSessionIsNotEndedByIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<RealtimeCloseReason> reading = server.ReadToEndAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                try
                {
                    await session.Input.WriteAsync(new byte[4]);
                }
                catch (Exception refused) when (refused is InvalidOperationException or ArgumentOutOfRangeException)
                {
                    // Told to whoever came second; what it wrote is its own affair.
                }
            }
        })));
        Assert.Null(session.CloseReason);
        Assert.InRange(session.Input.Sent, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await server.EndAsync(session);
        await reading.WaitAsync(Patience);
    }

    /// <summary>A clock that holds whoever asks for the time, so that a call stands still in the middle.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _goes = new(initialState: true);
        private int _isHeld;

        public Task Reached => _reached.Task;

        public override long GetTimestamp()
        {
            if (Interlocked.Exchange(ref _isHeld, 0) == 1)
            {
                _reached.SetResult();
                _goes.Wait(TimeSpan.FromSeconds(10));
            }

            return base.GetTimestamp();
        }

        public void Hold()
        {
            _goes.Reset();
            Volatile.Write(ref _isHeld, 1);
        }

        public void Go() => _goes.Set();
    }
}
