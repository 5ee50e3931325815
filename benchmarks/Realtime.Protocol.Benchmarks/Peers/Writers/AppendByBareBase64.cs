using System.Buffers;
using System.Buffers.Text;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>The yardstick: the platform's vectorised encoder on the sound alone, no JSON around it.</summary>
public readonly struct AppendByBareBase64 : IAudioAppendWriter
{
    public ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output)
    {
        Span<byte> room = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(pcm.Length));
        Base64.EncodeToUtf8(pcm, room, out _, out int written);
        output.Advance(written);
        return output.WrittenSpan;
    }

    public ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output) => Write(pcm, output);
}
