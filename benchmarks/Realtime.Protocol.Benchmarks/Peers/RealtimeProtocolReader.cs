using System.Buffers;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// Ours, as a connection uses it: one reader and one audio destination for its whole life. Ids stay slices of the
/// message; a program that keeps one calls <c>ToString()</c> and pays for the string then.
/// </summary>
public readonly struct RealtimeProtocolReader<TMembers>() : IReader<Arrived>, IReader<ReadOnlySequence<byte>>
    where TMembers : struct, IMembers<ServerEvent>
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

        default(TMembers).HandOver(read, ref sink);
    }

    public void Read<TSink>(ReadOnlySequence<byte> message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (!_reader.TryRead(message, _destination, out ServerEvent read, out ReadError error))
        {
            Refused(error);
        }

        default(TMembers).HandOver(read, ref sink);
    }

    private static void Refused(ReadError error) => throw new InvalidDataException(error.ToString());
}
