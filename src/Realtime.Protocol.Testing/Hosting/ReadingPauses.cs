namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Why a client is not read from for a while: a fault of the plan leaves it unheard, or too much waits for it. It holds the waits and nothing of what is
/// read, and does not decide when there is room. The lock is its owner's.
/// </summary>
internal sealed class ReadingPauses(Lock gate)
{
    private Deafness _deaf;
    private TaskCompletionSource? _ended;
    private TaskCompletionSource? _room;

    /// <summary>Until when the client is unheard, as <see cref="Deafness.Until"/>. Asked under the lock.</summary>
    public long DeafUntil => _deaf.Until;

    /// <summary>True while nothing is read because too much waits for the client. Asked under the lock.</summary>
    public bool IsWaitingForRoom => _room is not null;

    /// <summary>Nothing is read for so long; zero for no fault. Called under the lock.</summary>
    public void Deafen(int milliseconds)
    {
        if (milliseconds != 0)
        {
            _deaf.Begin(milliseconds, Environment.TickCount64);
            _ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The connection has ended, and nobody waits for it to hear again. Called under the lock.</summary>
    public void EndDeafness() => _ended?.TrySetResult();

    /// <summary>Waits while the client is unheard; whoever ends the connection ends that, too.</summary>
    public async Task HearingAsync()
    {
        while (true)
        {
            Task ended;
            TimeSpan left;
            lock (gate)
            {
                left = _deaf.Left(Environment.TickCount64);
                if (left == TimeSpan.Zero || _ended is null || _ended.Task.IsCompleted)
                {
                    return;
                }

                ended = _ended.Task;
            }

            // Another such fault may come meanwhile.
            await ended.WaitAsync(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until there is room. Called under the lock, and awaited outside of it.</summary>
    public Task RoomAsync()
    {
        _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _room.Task;
    }

    /// <summary>There is room. Called under the lock.</summary>
    public void MakeRoom()
    {
        TaskCompletionSource? waiting = _room;
        _room = null;
        waiting?.SetResult();
    }
}
