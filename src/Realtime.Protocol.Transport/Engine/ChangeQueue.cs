using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Changes on their way to the application: queued under the engine's lock, told outside of it. One thread tells at a time, and the others
/// leave what they have to it, so the order stands and nobody waits.
/// </summary>
internal sealed class ChangeQueue(Action<SessionChange> tell)
{
    private readonly Lock _lock = new();
    private readonly Queue<SessionChange> _untold = [];
    private bool _isTelling;

    public void Add(SessionChange change)
    {
        lock (_lock)
        {
            _untold.Enqueue(change);
        }
    }

    /// <summary>Tells what waits, unless another thread does.</summary>
    public void TellAll()
    {
        lock (_lock)
        {
            if (_isTelling || _untold.Count == 0)
            {
                return;
            }

            _isTelling = true;
        }

        while (TryTake(out SessionChange? change))
        {
            tell(change);
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SessionChange? change)
    {
        lock (_lock)
        {
            _isTelling = _untold.TryDequeue(out change);
            return change is not null;
        }
    }
}
