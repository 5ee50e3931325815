using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// Ours, as a connection uses it: one reader and one audio destination for its whole life. Ids stay slices of the
/// message; a program that keeps one calls <c>ToString()</c> and pays for the string then.
/// </summary>
public sealed class AudioDeltaByRealtimeProtocol(int destinationBytes) : IAudioDeltaReader
{
    private readonly ServerEventReader _reader = new();
    private readonly byte[] _destination = new byte[destinationBytes];

    public long Read(byte[] message)
    {
        ResponseOutputAudioDeltaView delta = Parse(message);
        return AudioDelta.Touch(
            delta.EventId.Raw.Length,
            delta.ResponseId.Raw.Length,
            delta.ItemId.Raw.Length,
            delta.OutputIndex,
            delta.ContentIndex,
            delta.Delta.Bytes);
    }

    public AudioDelta ReadWhole(byte[] message)
    {
        ResponseOutputAudioDeltaView delta = Parse(message);
        return new AudioDelta(
            delta.EventId.ToString(),
            delta.ResponseId.ToString(),
            delta.ItemId.ToString(),
            delta.OutputIndex,
            delta.ContentIndex,
            delta.Delta.Bytes.ToArray());
    }

    private ResponseOutputAudioDeltaView Parse(byte[] message) =>
        !_reader.TryRead(message, _destination, out ServerEvent read, out ReadError error) ? throw new InvalidDataException(error.ToString())
        : !read.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta) ? throw new InvalidDataException($"Not an audio event, but {read.Kind}.")
        : !delta.Delta.IsDecoded ? throw new InvalidDataException("The audio was left undecoded: the destination is too small.")
        : delta;
}
