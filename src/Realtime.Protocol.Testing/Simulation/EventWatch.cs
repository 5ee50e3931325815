namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// Who waits for an event of the server. It only counts and notes the time: whatever happens then is on the agenda, never in the middle
/// of the event that was waited for.
/// </summary>
internal sealed class EventWatch
{
    private readonly List<Wait> _waits = [];

    /// <summary>Waits from now on.</summary>
    /// <param name="moment">For an event.</param>
    public Wait For(Moment moment)
    {
        var wait = new Wait(moment.EventType!, moment.Nth);
        _waits.Add(wait);
        return wait;
    }

    public void Forget(Wait wait) => _waits.Remove(wait);

    /// <summary>The server has said an event.</summary>
    public void Said(string eventType, long now)
    {
        // Nearly always nobody waits.
        for (int i = _waits.Count - 1; i >= 0; i--)
        {
            if (_waits[i].EventType == eventType && _waits[i].Count(now))
            {
                _waits.RemoveAt(i);
            }
        }
    }

    /// <summary>One who waits.</summary>
    internal sealed class Wait(string eventType, int left)
    {
        private int _left = left;

        public string EventType => eventType;

        /// <summary>When the event was said; null until then.</summary>
        public long? ReachedAt { get; private set; }

        public bool Count(long now)
        {
            _left--;
            ReachedAt = _left == 0 ? now : null;
            return _left == 0;
        }
    }
}
