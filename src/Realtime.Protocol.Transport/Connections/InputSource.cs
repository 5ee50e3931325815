using System.Buffers;
using System.IO.Pipelines;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The reading end of a session's input: the bytes that a send queue counts lie here in the same order. One connection reads it, and nothing of what it has read is kept; <see cref="UserSpeech"/> is the one for a session that
/// outlives its connections.
/// </summary>
/// <param name="pipe">Where the bytes are.</param>
internal class InputSource(PipeReader pipe)
{
    /// <summary>Takes what a queue has counted out of the pipe, and writes the audio of it.</summary>
    /// <param name="connection">The queue that counted: of the connection that wants it.</param>
    /// <param name="next">How much, and of what.</param>
    /// <param name="append">Where the event goes. Nothing is written for what is to be thrown away.</param>
    /// <param name="write">Writes the event that brings audio to the server.</param>
    public virtual void Take(SendQueue connection, in Outgoing next, IBufferWriter<byte> append, Action<IBufferWriter<byte>, ReadOnlySequence<byte>> write)
    {
        ReadOnlySequence<byte> bytes = Read(next.AudioBytes + next.LeftoverBytes);
        if (next.AudioBytes > 0)
        {
            write(append, bytes);
        }

        pipe.AdvanceTo(bytes.End);
    }

    /// <summary>The connection reads no more. Whoever still writes audio learns from the next flush that nobody reads it.</summary>
    public virtual ValueTask LeaveAsync() => pipe.CompleteAsync();

    /// <summary>The next bytes, which lie ready: only what was flushed is counted. Valid until <see cref="Advance"/>.</summary>
    [Borrowed]
    protected ReadOnlySequence<byte> Read(long bytes) => pipe.TryRead(out ReadResult read)
        ? read.Buffer.Slice(0, bytes)
        : throw new InvalidOperationException("The input pipe holds less than was counted.");

    /// <summary>They are done with.</summary>
    [InvalidatesBorrows]
    protected void Advance(SequencePosition end) => pipe.AdvanceTo(end);
}
