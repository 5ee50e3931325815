using System.Buffers;
using System.Buffers.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// The yardstick: the platform's vectorised decoder on the base64 alone. It is told where the text lies, reads no
/// member and checks no JSON, so it is less than anyone's job. Of a message without audio it reads nothing.
/// </summary>
public readonly struct BareBase64Reader() : IReader<Arrived>
{
    private readonly byte[] _destination = new byte[AudioDeltaMessages.DestinationBytes];

    /// <summary>What this reader hands over of what a message says.</summary>
    public static Answer Expected(Answer says) => new([.. says.Members.Where(static member => member.Value is byte[])]);

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (message.PayloadLength == 0)
        {
            return;
        }

        if (Base64.DecodeFromUtf8(message.Payload, _destination, out _, out int written) != OperationStatus.Done)
        {
            throw new InvalidDataException("The audio is not base64.");
        }

        sink.Bytes(_destination.AsSpan(0, written));
    }
}
