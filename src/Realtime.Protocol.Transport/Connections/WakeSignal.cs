using System.Threading.Tasks.Sources;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Wakes the one who waits, or remembers that there was nobody: any number of signals before a wait count as one, the last of them. It is
/// its own task source, since a semaphore makes garbage at each wait and the sending loop waits once per message.
/// </summary>
/// <remarks>Its owner calls <see cref="Set"/> and <see cref="WaitAsync"/> under one lock; what waits goes on elsewhere, outside of it.</remarks>
internal sealed class WakeSignal : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isAwaited;
    private bool? _kept;

    /// <summary>Ends the wait with this answer, now or when it begins.</summary>
    public void Set(bool answer)
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _core.SetResult(answer);
        }
        else
        {
            _kept = answer;
        }
    }

    /// <summary>The answer of the next signal. One wait at a time, awaited once.</summary>
    public ValueTask<bool> WaitAsync()
    {
        if (_kept is bool answer)
        {
            _kept = null;
            return new(answer);
        }

        _core.Reset();
        _isAwaited = true;
        return new(this, _core.Version);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
