using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Transport;

/// <summary>What <see cref="IRealtimeTransport.ReceiveAsync"/> gives: a message, or the end of the connection.</summary>
public readonly struct ReceivedMessage
{
    /// <summary>A message.</summary>
    /// <param name="body">Its bytes, borrowed from the transport until the next receive.</param>
    /// <param name="isBinary">True when it came in a binary message, where the protocol has text.</param>
    public ReceivedMessage(ReadOnlyMemory<byte> body, bool isBinary = false)
    {
        Body = body;
        IsBinary = isBinary;
    }

    /// <summary>The end of the connection.</summary>
    /// <param name="end">Why it ended.</param>
    public ReceivedMessage(RealtimeCloseReason end) => End = end;

    /// <summary>The bytes of the message, valid until the next receive; empty at the end.</summary>
    [Borrowed]
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>True when the peer sent its text as a binary message. A reader checks the text all the same.</summary>
    public bool IsBinary { get; }

    /// <summary>Why the connection ended; null for a message.</summary>
    public RealtimeCloseReason? End { get; }

    /// <summary>True when the connection has ended and no message will come any more.</summary>
    [MemberNotNullWhen(true, nameof(End))]
    public bool IsEnd => End is not null;
}
