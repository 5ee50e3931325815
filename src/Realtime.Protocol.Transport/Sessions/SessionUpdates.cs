using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Who reads the session's updates, and what happened before the first of them came. Telling moves values only, so it may happen under the
/// session's lock.
/// </summary>
internal sealed class SessionUpdates
{
    private readonly Lock _lock = new();
    private readonly List<SessionFeed> _feeds = [];

    // Null once somebody reads. A turn in it is held weakly: nobody may ever come, and a turn holds its unread audio.
    private Queue<object>? _before = [];
    private int _missedBefore;
    private bool _isComplete;

    public void Tell(VoiceSessionUpdate update)
    {
        lock (_lock)
        {
            foreach (SessionFeed feed in _feeds)
            {
                feed.Add(update);
            }

            if (_before is not null)
            {
                if (_before.Count == SessionFeed.MaxWaiting)
                {
                    _before.Dequeue();
                    _missedBefore++;
                }

                _before.Enqueue(update is VoiceSessionUpdate.TurnBegan began ? new WeakReference<Turn>(began.Turn) : update);
            }
        }
    }

    /// <summary>The session has ended; what was told before is still read.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            foreach (SessionFeed feed in _feeds)
            {
                feed.Complete();
            }
        }
    }

    public async IAsyncEnumerable<VoiceSessionUpdate> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SessionFeed feed = Join();
        try
        {
            await foreach (VoiceSessionUpdate update in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (update is VoiceSessionUpdate.Missed missed)
                {
                    SessionTelemetry.Missed(SignalWords.Updates, missed.Count);
                }

                yield return update;
            }
        }
        finally
        {
            lock (_lock)
            {
                _feeds.Remove(feed);
            }
        }
    }

    private SessionFeed Join()
    {
        lock (_lock)
        {
            var feed = new SessionFeed(_missedBefore);
            foreach (object before in _before ?? [])
            {
                if (before is VoiceSessionUpdate update)
                {
                    feed.Add(update);
                }
                else if (((WeakReference<Turn>)before).TryGetTarget(out Turn? turn))
                {
                    feed.Add(new VoiceSessionUpdate.TurnBegan(turn));
                }
            }

            (_before, _missedBefore) = (null, 0);
            _feeds.Add(feed);
            if (_isComplete)
            {
                feed.Complete();
            }

            return feed;
        }
    }
}
