using System.Buffers;
using System.Buffers.Text;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// The yardstick: the platform's vectorised decoder on the base64 alone. It is told where the text lies, reads no
/// member and checks no JSON, so it is less than anyone's job.
/// </summary>
public sealed class AudioDeltaByBareBase64(Range base64, int destinationBytes) : IAudioDeltaReader
{
    private readonly byte[] _destination = new byte[destinationBytes];

    public long Read(byte[] message) => AudioDelta.Touch(0, 0, 0, 0, 0, Decode(message));

    public AudioDelta ReadWhole(byte[] message) => AudioDelta.OnlyAudio(Decode(message).ToArray());

    private ReadOnlySpan<byte> Decode(byte[] message) =>
        Base64.DecodeFromUtf8(message.AsSpan(base64), _destination, out _, out int written) == OperationStatus.Done
            ? _destination.AsSpan(0, written)
            : throw new InvalidDataException("The audio is not base64.");
}
