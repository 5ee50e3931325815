using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Runs a handler of the application's on the loop of its direction and keeps its time: a slow call is told, and one that does not
/// return within the limit is stuck. Only a timer can see that, because the loop stands still meanwhile. What follows from it is decided
/// by whoever is told.
/// </summary>
internal abstract class HandlerWatch : IDisposable
{
    // At 20 ms a delta, the connection is five behind by then.
    private static readonly TimeSpan SlowAfter = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _began;
    private int _thread;
    private bool _isArmed;
    private bool _isDisposed;

    /// <param name="name">The option by which it was given.</param>
    /// <param name="limit">How long one call may take; infinite for as long as it likes.</param>
    /// <param name="time">The clock.</param>
    protected HandlerWatch(string name, TimeSpan limit, TimeProvider time)
    {
        (Name, _limit, _time) = (name, limit, time);
        _timer = time.CreateTimer(static watch => ((HandlerWatch)watch!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The option by which the handler was given.</summary>
    public string Name { get; }

    /// <summary>Told, on the handler's loop, that a call has returned late.</summary>
    public Action<TimeSpan>? Slow { get; set; }

    /// <summary>Told once, on the timer's thread, that a call has not returned within the limit.</summary>
    public Action<TimeSpan>? Stuck { get; set; }

    /// <summary>How long the present call has been running; null between calls.</summary>
    public TimeSpan? Running
    {
        get
        {
            lock (_lock)
            {
                return _thread == 0 ? null : _time.GetElapsedTime(_began);
            }
        }
    }

    /// <summary>The present call has been running for so long that the loop is behind.</summary>
    public bool IsSlow => Running > SlowAfter;

    /// <summary>Whether the caller is the handler: then nothing may wait for its loop, which waits for the caller.</summary>
    public bool IsInside => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    // The timer is armed once for all calls of one span of the limit: arming it for each event would cost more than most handlers.
    protected bool TryBegin()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return false;
            }

            _began = _time.GetTimestamp();
            _thread = Environment.CurrentManagedThreadId;
            if (!_isArmed && _limit != Timeout.InfiniteTimeSpan)
            {
                _isArmed = true;
                _timer.Change(_limit, Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    protected void End()
    {
        TimeSpan took;
        lock (_lock)
        {
            _thread = 0;
            took = _time.GetElapsedTime(_began);
        }

        Tell(took);
        if (took > SlowAfter)
        {
            Slow?.Invoke(took);
        }
    }

    // Here, where the application's own code has just run: a signal of each event that waited would cost more than most handlers.
    private void Tell(TimeSpan took)
    {
        if (!Instruments.HandlerDuration.Enabled)
        {
            return;
        }

        try
        {
            Instruments.HandlerDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Attributes.Handler, Name));
        }
        catch (Exception)
        {
            // An observer that is broken is no fault of the handler's.
        }
    }

    private void Elapse()
    {
        TimeSpan running;
        lock (_lock)
        {
            _isArmed = false;
            if (_isDisposed || _thread == 0)
            {
                return;
            }

            running = _time.GetElapsedTime(_began);
            if (running < _limit)
            {
                // It fired for an earlier call, or a little early.
                _isArmed = true;
                _timer.Change(_limit - running, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Stuck?.Invoke(running);
    }
}

/// <summary>The watch over the handler of one direction.</summary>
/// <typeparam name="TEvent">The events of the direction.</typeparam>
/// <param name="handler">The application's.</param>
/// <param name="name">The option by which it was given.</param>
/// <param name="limit">How long one call may take; infinite for as long as it likes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Learns what the handler throws.</param>
/// <param name="oneAtATime">Held during a call; null where there is one loop alone.</param>
internal sealed class HandlerWatch<TEvent>(HandlerWatch<TEvent>.Handler handler, string name, TimeSpan limit, TimeProvider time, ILogger logger, Lock? oneAtATime = null) : HandlerWatch(name, limit, time)
    where TEvent : allows ref struct
{
    /// <summary>A handler, as those of both directions look.</summary>
    public delegate void Handler(in TEvent e);

    /// <summary>Calls the handler and returns when it does. After <see cref="HandlerWatch.Dispose"/> it is not called any more.</summary>
    public void Run(scoped in TEvent e)
    {
        if (oneAtATime is null)
        {
            RunNow(in e);
            return;
        }

        lock (oneAtATime)
        {
            RunNow(in e);
        }
    }

    private void RunNow(scoped in TEvent e)
    {
        if (!TryBegin())
        {
            return;
        }

        try
        {
            handler(in e);
        }
        catch (Exception failure)
        {
            LogMessages.HandlerFailed(logger, Name, failure);
        }

        End();
    }
}
