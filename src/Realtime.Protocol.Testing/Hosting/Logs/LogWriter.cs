using System.Buffers;
using System.Threading.Channels;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// Writes the logs of all sessions of a host, one line after the other, on a task of its own. What waits for it is bounded: a disk that is too slow costs lines, which are
/// counted, and never time or memory of a session. Whatever fails in writing a log ends that log and no other, and <see cref="Failure"/> tells of the first.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    // A second of a hundred talking sessions, sound included, is about 15 MB.
    private const long MostWaitingBytes = 64L * 1024 * 1024;

    // What a line costs besides its message.
    private const int LineBytes = 256;

    private readonly Channel<LogJob> _jobs = Channel.CreateUnbounded<LogJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<SessionLog> _unflushed = [];
    private readonly HashSet<SessionLog> _unended = [];
    private readonly Func<string, Stream> _open;
    private readonly long _most;
    private readonly Task _writing;
    private long _waiting;

    /// <param name="open">Opens a file; for tests.</param>
    /// <param name="most">How many bytes may wait.</param>
    public LogWriter(Func<string, Stream>? open = null, long most = MostWaitingBytes)
    {
        _open = open ?? (static path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 32 * 1024));
        _most = most;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>The first thing that kept a log from being written to its end; null while all goes well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Makes the folder, and sees whether something can be written there.</summary>
    /// <exception cref="IOException">It cannot; the message is one line.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string trial = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(trial, []);
            File.Delete(trial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"Logs cannot be written to {folder}: {failure.Message}", failure);
        }
    }

    /// <summary>Opens a file.</summary>
    public Stream Open(string path) => _open(path);

    /// <summary>Takes a line; false when there is no room for it.</summary>
    public bool TryAdd(in LogJob job)
    {
        long size = job.Length + LineBytes;
        if (Interlocked.Add(ref _waiting, size) <= _most && _jobs.Writer.TryWrite(job))
        {
            return true;
        }

        Interlocked.Add(ref _waiting, -size);
        return false;
    }

    /// <summary>Takes a line for which there is always room: one a session.</summary>
    public void Add(in LogJob job)
    {
        Interlocked.Add(ref _waiting, job.Length + LineBytes);
        _jobs.Writer.TryWrite(job);
    }

    /// <summary>Waits until everything is written that was added before.</summary>
    public async Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_jobs.Writer.TryWrite(new(null, LogJobKind.Mark, 0, default, null, 0) { Done = done }))
        {
            await done.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Writes what waits, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        while (await _jobs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_jobs.Reader.TryRead(out LogJob job))
            {
                Write(job);
            }

            Flush();
        }

        // Sessions that the host left behind.
        foreach (SessionLog log in _unended)
        {
            Try(log, default, static (log, _) => log.Close());
        }
    }

    private void Write(in LogJob job)
    {
        if (job.Log is not { } log)
        {
            Flush();
            job.Done!.SetResult();
            return;
        }

        Try(log, job, static (log, job) => log.Write(job));
        _unflushed.Add(log);
        if (job.Kind == LogJobKind.End)
        {
            _unended.Remove(log);
        }
        else
        {
            _unended.Add(log);
        }

        Interlocked.Add(ref _waiting, -(job.Length + LineBytes));
        if (job.Kind == LogJobKind.Event)
        {
            ArrayPool<byte>.Shared.Return(job.Block!);
        }
    }

    private void Flush()
    {
        foreach (SessionLog log in _unflushed)
        {
            Try(log, default, static (log, _) => log.Flush());
        }

        _unflushed.Clear();
    }

    private void Try(SessionLog log, in LogJob job, Action<SessionLog, LogJob> write)
    {
        try
        {
            write(log, job);
        }
        catch (Exception failure)
        {
            Failure ??= failure;
            log.Abandon();
        }
    }
}

/// <summary>One line on its way.</summary>
/// <param name="Log">Whose; null for a mark.</param>
/// <param name="Block">The bytes; of an event a rented block.</param>
internal readonly record struct LogJob(SessionLog? Log, LogJobKind Kind, double At, Speaker Speaker, byte[]? Block, int Length)
{
    /// <summary>Whose end it is.</summary>
    public HostedConnection? Ended { get; init; }

    /// <summary>Told when the mark is reached.</summary>
    public TaskCompletionSource? Done { get; init; }
}

/// <summary>What a line is.</summary>
internal enum LogJobKind
{
    Event,
    Note,
    End,

    /// <summary>No line: somebody waits for everything before it.</summary>
    Mark,
}
