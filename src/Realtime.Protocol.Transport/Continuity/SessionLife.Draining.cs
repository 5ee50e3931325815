using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The orderly end of a session whose conversation goes on elsewhere: nothing begins any more, what runs is heard out, and what was said is handed on.</summary>
internal sealed partial class SessionLife
{
    // Whether everything was heard is no event: a player takes its bytes when it likes. Nobody hears the difference.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // How long a server may take to answer the cancels of what is interrupted.
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(2);

    private static readonly RealtimeCloseReason Drained = new(RealtimeCloseKind.Drained, null, "The session was drained.");

    private readonly TaskCompletionSource _impatient = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<SessionCheckpoint>? _drained;

    /// <summary>Drains the session. Several calls wait for the same end, and the patience of each ends what runs.</summary>
    /// <param name="patience">Cancelled when what runs is to be interrupted.</param>
    public async Task<SessionCheckpoint> DrainAsync(CancellationToken patience)
    {
        Task<SessionCheckpoint> drained = BeginDrain();
        using CancellationTokenRegistration impatience = patience.UnsafeRegister(static life => ((SessionLife)life!)._impatient.TrySetResult(), this);
        return await drained.ConfigureAwait(false);
    }

    private Task<SessionCheckpoint> BeginDrain()
    {
        lock (_host.Lock)
        {
            if (_drained is not null)
            {
                return _drained;
            }

            if (CloseReason is { } over)
            {
                throw new RealtimeClosedException(over);
            }

            ContinuityPhase before = _phase;
            switch (Move(ContinuityTrigger.Drain))
            {
                case ContinuityAction.BeginDrain:
                    _current.Gate.Drain();
                    _drained = Task.Run(DrainOnceAsync);
                    break;
                case ContinuityAction.End when before is ContinuityPhase.Waiting or ContinuityPhase.Reopening:
                    SessionCheckpoint checkpoint = Checkpoint();
                    EndBetween(Drained);
                    _drained = Task.Run(() => StoreAsync(checkpoint));
                    break;
                default:
                    throw new RealtimeClosedException(new(RealtimeCloseKind.ByUs, null, "The session is being closed.")); // a close was asked for first
            }

            return _drained;
        }
    }

    private async Task<SessionCheckpoint> DrainOnceAsync()
    {
        VoiceConnection current = Current;
        if (!await UntilAsync(current, static gate => gate.IsHeardOut, _impatient.Task).ConfigureAwait(false))
        {
            current.Gate.Submit(SessionIntent.Interrupt());
            using var late = new CancellationTokenSource();
            await UntilAsync(current, static gate => !gate.HasTurns, Task.Delay(CancelPatience, _options.TimeProvider, late.Token)).ConfigureAwait(false);
            await late.CancelAsync().ConfigureAwait(false);
        }

        SessionCheckpoint checkpoint;
        lock (_host.Lock)
        {
            Move(ContinuityTrigger.Drained);
            checkpoint = Checkpoint();
            current.Gate.EndAs(Drained);
        }

        Task stored = Journal?.FlushAsync() ?? Task.CompletedTask;
        await current.Connection.CloseAsync(CancellationToken.None).ConfigureAwait(false); // beside the store, which may take its time
        await WaitForStoreAsync(stored).ConfigureAwait(false);
        return checkpoint;
    }

    /// <summary>No connection is left to be closed. What was asked meanwhile may be nowhere but here until it is stored.</summary>
    private async Task<SessionCheckpoint> StoreAsync(SessionCheckpoint checkpoint)
    {
        await WaitForStoreAsync(Journal?.FlushAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        return checkpoint;
    }

    /// <summary>Once patience is over, a store has as long as in every other end. Before that its own bounds hold.</summary>
    private async Task WaitForStoreAsync(Task stored)
    {
        await Task.WhenAny(stored, _impatient.Task).ConfigureAwait(false);
        try
        {
            await stored.WaitAsync(JournalWriter.Farewell, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The saving goes on until disposal; what was said is handed on by the drain itself.
        }
    }

    /// <summary>Looks again and again; false when it was given up first. An end of the connection is an end of everything that was waited for.</summary>
    private async Task<bool> UntilAsync(VoiceConnection connection, Func<MachineGate, bool> isOver, Task givenUp)
    {
        while (!isOver(connection.Gate))
        {
            if (connection.Connection.Ended.IsCompleted)
            {
                return true;
            }

            if (givenUp.IsCompleted)
            {
                return false;
            }

            using var looked = new CancellationTokenSource();
            await Task.WhenAny(Task.Delay(Look, _options.TimeProvider, looked.Token), givenUp, connection.Connection.Ended).ConfigureAwait(false);
            await looked.CancelAsync().ConfigureAwait(false);
        }

        return true;
    }
}
