using System.Buffers;
using System.Buffers.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// The yardstick: the platform's vectorised decoder on the base64 alone. It is told where the text lies, reads no
/// member and checks no JSON, so it is less than anyone's job.
/// </summary>
public readonly struct AudioDeltaByBareBase64() : IReader<Arrived>
{
    private readonly byte[] _destination = new byte[AudioDeltaMessages.DestinationBytes];

    /// <summary>What this reader hands over of what a message says.</summary>
    public static Answer Expected(Answer says) => new(says.Members.Where(static member => member.Value is byte[]).ToArray());

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink =>
        sink.Bytes(
            Base64.DecodeFromUtf8(message.Payload, _destination, out _, out int written) == OperationStatus.Done ? _destination.AsSpan(0, written)
            : throw new InvalidDataException("The audio is not base64."));
}
