using System.Net.Sockets;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Writes what waits for one client, and breaks the stream where a fault of the plan does. It never decides what is said or when a connection ends: it tells its owner
/// what was written, and that nothing more can be. The lock is its owner's, and nothing is written under it. A task runs only while there is something to write.
/// </summary>
internal sealed class OutgoingWriter(Lock gate, OutgoingQueue queue, Stream stream, Socket? socket, ClientConnection owner, CancellationToken gone)
{
    private bool _isRunning;

    /// <summary>Ends when everything is written that waits. Asked under the lock.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>When something was written last. Asked under the lock.</summary>
    public long LastWritten { get; private set; } = Environment.TickCount64;

    /// <summary>When the write under way began. Null between writes and during a fault's: what was not offered to the client yet, the client has not refused. Asked under the lock.</summary>
    public long? WritingSince { get; private set; }

    /// <summary>Something waits. Called under the lock.</summary>
    public void Start()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            Running = Task.Run(WriteAllAsync);
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (TryTake(out Portion portion))
            {
                if (portion.Special is { } special)
                {
                    await WriteAsync(special).ConfigureAwait(false);
                }
                else
                {
                    await stream.WriteAsync(portion.Bytes).ConfigureAwait(false);
                }

                Written();
            }
        }
        catch (Exception failure) when (SocketEnd.IsGone(failure))
        {
            owner.WriteFailed();
        }
    }

    private bool TryTake(out Portion portion)
    {
        lock (gate)
        {
            _isRunning = queue.TryTake(out portion);
            WritingSince = _isRunning && portion.Special is null ? Environment.TickCount64 : null;
            return _isRunning;
        }
    }

    private void Written()
    {
        lock (gate)
        {
            LastWritten = Environment.TickCount64;
            long before = queue.Bytes;
            queue.Written();
            owner.Written(before - queue.Bytes);
        }
    }

    private async Task WriteAsync(Special special)
    {
        FrameMarks marks = special.Marks ?? FrameMarks.None;
        ReadOnlyMemory<byte> bytes = special.Bytes;
        int stallAt = marks.StallMs == 0 ? -1 : Math.Min(marks.StallAt, bytes.Length);
        for (int at = 0; at < bytes.Length || stallAt == at;)
        {
            if (stallAt == at)
            {
                stallAt = -1;
                await Task.Delay(marks.StallMs, gone).ConfigureAwait(false);
                continue;
            }

            int until = stallAt > at ? stallAt : bytes.Length;
            int length = marks.SegmentBytes > 0 ? Math.Min(marks.SegmentBytes, until - at) : until - at;
            await stream.WriteAsync(bytes.Slice(at, length)).ConfigureAwait(false);
            at += length;
        }

        if (special.Goodbye || marks.End == WireEnd.Fin)
        {
            owner.StartPatience();
        }

        if (marks.End == WireEnd.Fin)
        {
            SocketEnd.Fin(socket);
        }
        else if (marks.End == WireEnd.Reset)
        {
            await SocketEnd.QuietAsync(socket, gone).ConfigureAwait(false);
            owner.Abort();
        }
    }
}
