using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Where the signals of one session wait for a thread of the pool. Whoever listens to spans and metrics is code of the application: it never runs on a loop, under a lock or inside a call of the application's, what it
/// throws costs its signal only, and while it hangs signals are dropped.
/// </summary>
internal sealed class SignalQueue
{
    internal const int MaxWaiting = 4_096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<Action> _signals = [];
    private TaskCompletionSource? _idle;
    private int _thread;
    private bool _isTelling;

    /// <summary>Whether the caller is whoever is told.</summary>
    public bool IsInside => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Completes when every signal so far was told.</summary>
    private Task Told
    {
        get
        {
            lock (_lock)
            {
                return _isTelling ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
            }
        }
    }

    public void Add(Action signal)
    {
        lock (_lock)
        {
            if (_signals.Count >= MaxWaiting)
            {
                return;
            }

            _signals.Enqueue(signal);
            if (!_isTelling)
            {
                _isTelling = true;

                // Without the caller's execution context: no span of the application's is the parent of what follows.
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.TellAll(), this, preferLocal: false);
            }
        }
    }

    /// <summary>Waits until every signal so far was told, or for two seconds: a listener that hangs holds nobody up.</summary>
    public async Task WaitAsync(TimeProvider time)
    {
        Task told = Told;
        if (told.IsCompleted)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        try
        {
            await told.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // They are told when it goes on.
        }
    }

    /// <summary>Runs what a listener may break: it goes on as if nobody had listened.</summary>
    public static void Guard(Action signal)
    {
        try
        {
            signal();
        }
        catch (Exception)
        {
            // A session whose observer is broken goes on, and there is nowhere left to say so.
        }
    }

    private void TellAll()
    {
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        while (TryTake(out Action? signal))
        {
            Guard(signal!);
            Activity.Current = null;
        }
    }

    private bool TryTake(out Action? signal)
    {
        lock (_lock)
        {
            if (_signals.TryDequeue(out signal))
            {
                return true;
            }

            _isTelling = false;
            Volatile.Write(ref _thread, 0);
            _idle?.SetResult();
            _idle = null;
            return false;
        }
    }
}
