namespace Realtime.Protocol.Testing;

/// <summary>
/// A clock that stands still until it is told to move. Timers fire inside <see cref="Advance"/>, on its thread, each at its own moment and
/// in order, so a test of minutes takes no time and happens the same way every time.
/// </summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;

    /// <summary>A clock that starts at this moment, or at 2027-01-15 08:00:00 UTC.</summary>
    public VirtualTime(DateTimeOffset? start = null) => _start = start ?? DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    /// <summary>How far the clock has moved.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires every timer that becomes due on the way, also those that are set by a timer that fires.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative: this clock does not go back.</exception>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        TimeSpan end;
        lock (_gate)
        {
            end = _elapsed + span;
        }

        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _elapsed = end > _elapsed ? end : _elapsed;
        }
    }

    private VirtualTimer? TakeDue(TimeSpan end)
    {
        lock (_gate)
        {
            VirtualTimer? next = _timers.Where(timer => timer.Due <= end).MinBy(static timer => timer.Due);
            if (next is not null)
            {
                _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
                next.MoveOn();
            }

            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._elapsed + dueTime;
                    time._timers.Add(this);
                }

                return true;
            }
        }

        // Called under the lock, before the timer fires.
        public void MoveOn()
        {
            time._timers.Remove(this);
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
                time._timers.Add(this);
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
