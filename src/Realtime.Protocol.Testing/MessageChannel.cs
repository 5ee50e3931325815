using System.Buffers;
using System.Threading.Channels;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing;

/// <summary>The server's messages for a reader in the same process, in rented blocks.</summary>
internal sealed class MessageChannel : IOutlet
{
    // The reader shares its memory with the test: enough for any test, and an end all the same.
    private const long MaxQueuedBytes = 256L * 1024 * 1024;

    private readonly Channel<OutgoingMessage> _messages = Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions());
    private long _queuedBytes;

    /// <summary>What was said, in order; complete once the connection has ended.</summary>
    public ChannelReader<OutgoingMessage> Messages => _messages.Reader;

    public bool Begin()
    {
        // Judged by what earlier calls left behind: one long answer may come at once, and is not the client's fault.
        if (Interlocked.Read(ref _queuedBytes) <= MaxQueuedBytes)
        {
            return true;
        }

        // A goodbye behind megabytes that nobody reads would never arrive.
        while (_messages.Reader.TryRead(out OutgoingMessage unread))
        {
            Release(unread);
        }

        End(1008, "The client does not read what it is sent.");
        return false;
    }

    public void Send(ReadOnlySpan<byte> message, FrameMarks? marks)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(block);
        Interlocked.Add(ref _queuedBytes, message.Length);
        _messages.Writer.TryWrite(new OutgoingMessage(block, message.Length, marks?.StallMs ?? 0));
    }

    public void Happen(FrameMarks marks) => _messages.Writer.TryWrite(new OutgoingMessage(marks.StallMs));

    public void End(int status, string reason)
    {
        _messages.Writer.TryWrite(new OutgoingMessage(status, reason));
        _messages.Writer.TryComplete();
    }

    /// <summary>Nobody reads any more.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    /// <summary>The message was read: its block goes back.</summary>
    public void Release(in OutgoingMessage message)
    {
        if (message.Block is { } block)
        {
            Interlocked.Add(ref _queuedBytes, -message.Body.Length);
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}

/// <summary>What goes to the client: a message, or the end of the connection.</summary>
internal readonly struct OutgoingMessage
{
    public OutgoingMessage(byte[] block, int length, int stallMs)
    {
        Block = block;
        Body = block.AsMemory(0, length);
        StallMs = stallMs;
    }

    /// <summary>A silence, and nothing behind it.</summary>
    public OutgoingMessage(int stallMs)
    {
        StallMs = stallMs;
        IsSilence = true;
    }

    public OutgoingMessage(int closeStatus, string closeReason)
    {
        CloseStatus = closeStatus;
        CloseReason = closeReason;
    }

    /// <summary>True when there is no message, and no end either.</summary>
    public bool IsSilence { get; }

    /// <summary>The rented block of a message; null at the end.</summary>
    public byte[]? Block { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>How long nothing comes before the message, in milliseconds; -1 for ever.</summary>
    public int StallMs { get; }

    public int CloseStatus { get; }

    public string CloseReason { get; } = "";
}
