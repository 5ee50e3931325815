using System.Buffers;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>The usual answer to a message in segments: copy it into one reused buffer, then read that.</summary>
/// <param name="reader">Reads the copy.</param>
/// <param name="messageBytes">The longest message to expect.</param>
public readonly struct CopiedFirstReader<TReader>(TReader reader, int messageBytes) : IReader<ReadOnlySequence<byte>>
    where TReader : struct, IReader<Arrived>
{
    private readonly byte[] _copy = new byte[messageBytes];

    public void Read<TSink>(ReadOnlySequence<byte> message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        message.CopyTo(_copy);
        reader.Read(new Arrived(_copy, 0, (int)message.Length, 0, 0), ref sink);
    }
}
