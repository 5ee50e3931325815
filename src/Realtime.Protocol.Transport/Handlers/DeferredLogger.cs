using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The application's logger, called on a pool thread, one line at a time and in order: its code never runs on a loop, under a lock or
/// inside a call of the application's, and its failures stay its own. A logger that is slower than its session loses lines and is told how
/// many; one that hangs delays nothing.
/// </summary>
/// <param name="inner">The application's.</param>
/// <param name="callId">What the application calls the session; null for nothing.</param>
internal sealed class DeferredLogger(ILogger inner, string? callId = null) : ILogger
{
    internal const int MaxWaitingLines = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<(Action<ILogger> Write, LineScope Scope)> _lines = [];

    // So that a session without a log makes no lines.
    private readonly bool _isNull = inner is NullLogger;
    private TaskCompletionSource? _idle;
    private int _thread;
    private bool _isWriting;
    private int _leftOut;

    /// <summary>The logger of a session of this kind.</summary>
    public static DeferredLogger Of<TSession>(RealtimeConnectionOptions options) =>
        new(options.LoggerFactory is NullLoggerFactory ? NullLogger.Instance : options.LoggerFactory.CreateLogger<TSession>(), options.CallId);

    /// <summary>What the session is called in every line.</summary>
    public SessionNames Names { get; } = new(callId);

    /// <summary>Whether the caller is the logger itself, which must not wait for its own lines.</summary>
    public bool IsInside => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Completes when every line so far has been written.</summary>
    public Task Written
    {
        get
        {
            lock (_lock)
            {
                return _isWriting ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // Whether the level is wanted is the application's code as well, so it is asked when the line is written.
    public bool IsEnabled(LogLevel logLevel) => !_isNull;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_isNull)
        {
            return;
        }

        lock (_lock)
        {
            if (_lines.Count >= MaxWaitingLines)
            {
                _leftOut++;
                return;
            }

            _lines.Enqueue((
                logger =>
                {
                    if (logger.IsEnabled(logLevel))
                    {
                        logger.Log(logLevel, eventId, state, exception, formatter);
                    }
                },
                new LineScope(Names.CallId, Names.SessionId, LineScope.TurnIn(state))));
            if (!_isWriting)
            {
                _isWriting = true;

                // Without the caller's execution context, which has nothing to do with the lines that follow.
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.WriteAll(), this, preferLocal: false);
            }
        }
    }

    /// <summary>Waits until every line so far has been written, or for two seconds: a logger that hangs holds nobody up.</summary>
    public async Task WaitForWritingAsync(TimeProvider time)
    {
        Task written = Written;
        if (written.IsCompleted)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        try
        {
            await written.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Its lines come when it goes on.
        }
    }

    private void WriteAll()
    {
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        while (TryTake(out Action<ILogger>? line, out LineScope lineScope))
        {
            try
            {
                using IDisposable? scope = lineScope.IsEmpty ? null : inner.BeginScope(lineScope);
                line!(inner);
            }
            catch (Exception)
            {
                // A session whose log is broken goes on, and there is nowhere left to say so.
            }
        }
    }

    private bool TryTake(out Action<ILogger>? line, out LineScope scope)
    {
        lock (_lock)
        {
            if (_lines.TryDequeue(out (Action<ILogger> Write, LineScope Scope) next))
            {
                (line, scope) = next;
                return true;
            }

            (line, scope) = (null, new(Names.CallId, Names.SessionId, null));

            if (_leftOut > 0)
            {
                int count = _leftOut;
                _leftOut = 0;
                line = logger => LogMessages.LinesLeftOut(logger, count);
                return true;
            }

            _isWriting = false;
            Volatile.Write(ref _thread, 0);
            _idle?.SetResult();
            _idle = null;
            return false;
        }
    }
}
