using System.Buffers;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>A writer that gives each event an id, one after the other.</summary>
public struct WithEventId<TWriter>(TWriter writer, string[] ids) : IAudioAppendWriter
    where TWriter : struct, IAudioAppendWriter
{
    private int _next;

    public ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output)
    {
        string id = ids[_next];
        _next = _next + 1 < ids.Length ? _next + 1 : 0;
        return writer.Write(pcm, id, output);
    }

    public readonly ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output) => writer.Write(pcm, eventId, output);
}
