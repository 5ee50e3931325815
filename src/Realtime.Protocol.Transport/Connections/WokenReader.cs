using System.IO.Pipelines;
using System.Runtime.ExceptionServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The reader that a message wakes goes on at once, on the thread that received the message: no change of threads lies between the socket and the application. The receiving loop waits for it, which a reader that is prompt does not
/// make longer than the change of threads would have been. Whoever takes longer than a millisecond is not waited for the next 16 times, and goes on in the pool; one that is slow again soon, twice as often each time, up to 4,096. From one
/// that blocks the loop is taken away after 50 to 100 ms, goes on elsewhere, and waits for no reader of this connection again. So no reader holds a session up, whatever it does.
/// </summary>
/// <param name="goOnElsewhere">Has the loop go on, on another thread than the one that it is taken from.</param>
/// <param name="time">What a reader's time is taken by.</param>
internal sealed class WokenReader(Action goOnElsewhere, TimeProvider time)
{
    // How often a slow reader is not waited for, and what that grows to. One slow run alone says little: on a busy machine it may be somebody else's turn.
    private const int LeastPassedOver = 16;
    private const int MostPassedOver = 4_096;

    // So many prompt runs in a row, and a slow one counts as the first.
    private const int PromptAgain = 16;

    // Whose the loop is: its own, or nobody's here any more; any other number is that of the reader that it waits for.
    private const int Loops = 0;
    private const int Taken = -1;

    private static readonly TimeSpan s_prompt = TimeSpan.FromMilliseconds(1);

    // The loop whose message this thread takes in; null on every other thread, so what is woken elsewhere is never kept.
    [ThreadStatic]
    private static WokenReader? t_keeping;

    private Action<object?>? _goOn;
    private object? _state;
    private volatile bool _isWatched;
    private int _passedOver;
    private int _passOver = LeastPassedOver;
    private int _promptRuns;
    private int _owner;
    private int _runs;
    private int _runSeen;

    /// <summary>For the pipes that readers wait at.</summary>
    public static PipeScheduler Scheduler { get; } = new KeepingScheduler();

    /// <summary>The first reader that this thread wakes from now on is kept; every other one goes on in the pool.</summary>
    public void Keep()
    {
        if (_passedOver > 0)
        {
            _passedOver--;
        }
        else if (_owner is Loops && Thread.CurrentThread.IsThreadPoolThread)
        {
            t_keeping = this;
        }
    }

    /// <summary>Nothing is kept any more.</summary>
    public static void KeepNoMore() => t_keeping = null;

    /// <summary>The reader that was kept goes on here, where there is one. Called under no lock.</summary>
    /// <returns>False when it blocked, and the loop has gone on elsewhere: it is not the caller's any more.</returns>
    public bool Run()
    {
        if (_goOn is not { } goOn)
        {
            return true;
        }

        object? state = _state;
        (_goOn, _state) = (null, null);
        long began = time.GetTimestamp();
        int run = _runs == int.MaxValue ? 1 : _runs + 1;
        _runs = run;
        Interlocked.Exchange(ref _owner, run); // a fence as well: either this sees that the watch has let go of it, or the watch sees that it runs
        if (!_isWatched)
        {
            ReaderWatch.Add(this);
        }

        GoOn(goOn, state);
        if (Interlocked.CompareExchange(ref _owner, Loops, run) != run)
        {
            return false;
        }

        Judge(time.GetElapsedTime(began));
        return true;
    }

    /// <summary>The loop has ended: a reader that is still kept goes on in the pool.</summary>
    public void End()
    {
        if (_goOn is { } goOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(goOn, _state, preferLocal: false);
            (_goOn, _state) = (null, null);
        }

        if (_isWatched)
        {
            ReaderWatch.Remove(this);
        }
    }

    /// <summary>The watch begins to look. Under its lock.</summary>
    /// <returns>False when it looks already.</returns>
    public bool TryWatch() => !_isWatched && (_isWatched = true);

    /// <summary>The watch looks: a reader that ran already when it looked before has been running for the time between two looks. Under its lock.</summary>
    /// <returns>False when it need not look again: nothing has run since it looked before, and nothing runs.</returns>
    public bool Look()
    {
        int run = Volatile.Read(ref _runs);
        if (run != _runSeen)
        {
            _runSeen = run;
            return true;
        }

        if (Interlocked.CompareExchange(ref _owner, Taken, run) == run)
        {
            goOnElsewhere();
        }

        _isWatched = false;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _runs) != run && (_isWatched = true);
    }

    // What it leaves on the thread, as a reader without a context of its own may, is not the loop's: the pool would have cleared it away behind it.
    private static void GoOn(Action<object?> goOn, object? state)
    {
        ExecutionContext? context = ExecutionContext.Capture();
        SynchronizationContext? synchronization = SynchronizationContext.Current;
        try
        {
            goOn(state);
        }
        catch (Exception failure)
        {
            // It is nobody's here. In the pool, where the reader would have gone on, it ends the process.
            ThreadPool.UnsafeQueueUserWorkItem(static failure => failure.Throw(), ExceptionDispatchInfo.Capture(failure), preferLocal: false);
        }

        if (SynchronizationContext.Current != synchronization)
        {
            SynchronizationContext.SetSynchronizationContext(synchronization);
        }

        if (context is not null && ExecutionContext.Capture() != context)
        {
            ExecutionContext.Restore(context);
        }
    }

    private void Judge(TimeSpan took)
    {
        if (took > s_prompt)
        {
            _passedOver = _passOver;
            _passOver = Math.Min(2 * _passOver, MostPassedOver);
            _promptRuns = 0;
        }
        else if (_passOver > LeastPassedOver && ++_promptRuns == PromptAgain)
        {
            _passOver = LeastPassedOver;
            _promptRuns = 0;
        }
    }

    private sealed class KeepingScheduler : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (t_keeping is { _goOn: null } keeper)
            {
                (keeper._goOn, keeper._state) = (action, state);
            }
            else
            {
                System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
            }
        }
    }
}
