using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What is on its way to the application: changes, queued under the engine's lock and told outside of it, and what was odd in the
/// server's messages. One thread tells at a time, and the others leave what they have to it, so the order stands and nobody waits.
/// </summary>
internal sealed class ChangeQueue(Action<SessionNews> tell)
{
    private readonly Lock _lock = new();
    private readonly Queue<SessionNews> _untold = [];
    private bool _isTelling;

    public void Add(SessionNews news)
    {
        lock (_lock)
        {
            _untold.Enqueue(news);
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

        try
        {
            while (TryTake(out SessionNews news))
            {
                tell(news);
            }
        }
        catch
        {
            // Otherwise nobody would be told anything again: the next call goes on with what is left.
            lock (_lock)
            {
                _isTelling = false;
            }

            throw;
        }
    }

    private bool TryTake(out SessionNews news)
    {
        lock (_lock)
        {
            _isTelling = _untold.TryDequeue(out news);
            return _isTelling;
        }
    }
}

/// <summary>One thing to tell: a change of the session, or a problem that is no change of it.</summary>
internal readonly record struct SessionNews(SessionChange? Change, SessionProblem? Problem);
