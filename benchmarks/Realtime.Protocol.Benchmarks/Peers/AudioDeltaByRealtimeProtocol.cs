using System.Buffers;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// Ours, as a connection uses it: one reader and one audio destination for its whole life. Ids stay slices of the
/// message; a program that keeps one calls <c>ToString()</c> and pays for the string then.
/// </summary>
public readonly struct AudioDeltaByRealtimeProtocol() : IReader<Arrived>, IReader<ReadOnlySequence<byte>>
{
    private readonly ServerEventReader _reader = new();
    private readonly byte[] _destination = new byte[AudioDeltaMessages.DestinationBytes];

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (!_reader.TryRead(message.Utf8, _destination, out ServerEvent read, out ReadError error))
        {
            Refused(error);
        }

        HandOver(read, ref sink);
    }

    public void Read<TSink>(ReadOnlySequence<byte> message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (!_reader.TryRead(message, _destination, out ServerEvent read, out ReadError error))
        {
            Refused(error);
        }

        HandOver(read, ref sink);
    }

    /// <summary>Hands over the members of an audio event that was read.</summary>
    public static void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (!read.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta) || !delta.Delta.IsDecoded)
        {
            throw new InvalidDataException($"Not an audio event that fits the destination, but {read.Kind}.");
        }

        sink.Slice(delta.EventId.Raw);
        sink.Slice(delta.ResponseId.Raw);
        sink.Slice(delta.ItemId.Raw);
        sink.Number(delta.OutputIndex);
        sink.Number(delta.ContentIndex);
        sink.Bytes(delta.Delta.Bytes);
    }

    private static void Refused(ReadError error) => throw new InvalidDataException(error.ToString());
}
