namespace Realtime.Protocol.Transport.Tests;

/// <summary>A clock that moves only when a test moves it. Timers fire inside <see cref="Advance"/>, in the order of their due times.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _elapsed;

    /// <summary>How many timers wait to fire.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Whether a timer waits that fires after exactly so long: one that was just armed.</summary>
    public bool HasTimerIn(TimeSpan wait)
    {
        lock (_lock)
        {
            return _timers.Exists(timer => timer.Due == _elapsed + wait);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Called by whoever asks how late it is; null for nothing. What it throws, they throw.</summary>
    public Action? Looked { get; set; }

    public override long GetTimestamp()
    {
        Looked?.Invoke();
        lock (_lock)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>How far the clock on the wall is ahead of the one that counts.</summary>
    public TimeSpan WallShift { get; set; }

    /// <summary>Thrown by whoever asks what time it is, while it is not null.</summary>
    public Exception? Broken { get; set; }

    public override DateTimeOffset GetUtcNow() => Broken is { } broken ? throw broken : DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp()) + WallShift;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan until;
        lock (_lock)
        {
            until = _elapsed + by;
        }

        while (TakeDue(until) is { } due)
        {
            due();
        }

        lock (_lock)
        {
            _elapsed = until;
        }
    }

    /// <summary>
    /// Turns the clock, second by second, until a task is done; for what takes its timers on the pool, where nothing tells when. What a second has begun gets its turns on the pool before the next one passes; whether it got enough
    /// of them nobody knows, so what has to be done within a time of this clock is waited for before. It fails after thirty seconds.
    /// </summary>
    public async Task AdvanceUntilAsync(Task done)
    {
        var patience = TimeSpan.FromSeconds(30);
        long began = System.GetTimestamp();
        while (!done.IsCompleted)
        {
            Assert.True(System.GetElapsedTime(began) < patience, "However far the clock went, the task was not done.");
            Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(1));
            for (int turn = 0; turn < 8 && !done.IsCompleted; turn++)
            {
                await PassThroughPoolAsync();
            }
        }

        await done;
    }

    // Comes back when all that stood in the pool's queue has begun.
    private static Task PassThroughPoolAsync()
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static passed => passed.SetResult(), passed, preferLocal: false);
        return passed.Task;
    }

    /// <summary>Goes on in steps, and lets at each run what looks by this clock; it waits for nothing.</summary>
    public async Task LookAsync(TimeSpan span)
    {
        for (TimeSpan at = TimeSpan.Zero; at < span; at += TimeSpan.FromMilliseconds(500))
        {
            Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
    }

    private Action? TakeDue(TimeSpan until)
    {
        lock (_lock)
        {
            ManualTimer? first = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (first is null)
            {
                return null;
            }

            _elapsed = first.Due;
            _timers.Remove(first);
            return first.Callback;
        }
    }

    private sealed class ManualTimer(ManualTime owner, Action callback) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                owner._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = owner._elapsed + dueTime;
                    owner._timers.Add(this);
                }

                return true;
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
