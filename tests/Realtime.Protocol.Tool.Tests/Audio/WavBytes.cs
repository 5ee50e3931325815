using System.Buffers.Binary;
using System.Text;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

/// <summary>WAV files written by hand, chunk by chunk, so that tests do not depend on the writer under test.</summary>
internal static class WavBytes
{
    public static readonly byte[] PcmSubformat = [0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    public static byte[] File(params byte[][] chunks) => File(null, chunks);

    public static byte[] File(uint? riffSize, params byte[][] chunks)
    {
        byte[] body = [.. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. UInt32(riffSize ?? (uint)body.Length + 4), .. "WAVE"u8, .. body];
    }

    public static byte[] Format(int tag = 1, int channels = 1, int rate = 24_000, int bits = 16, byte[]? extension = null) =>
        Chunk("fmt ", FormatBody(tag, channels, rate, bits, extension));

    public static byte[] Extensible(byte[] subformat, int channels = 1, int rate = 24_000, int bits = 16) =>
        Format(0xFFFE, channels, rate, bits, [.. UInt16(22), .. UInt16(bits), .. UInt32(4), .. subformat]);

    public static byte[] FormatBody(int tag = 1, int channels = 1, int rate = 24_000, int bits = 16, byte[]? extension = null)
    {
        int block = channels * bits / 8;
        return [.. UInt16(tag), .. UInt16(channels), .. UInt32((uint)rate), .. UInt32((uint)(rate * block)), .. UInt16(block), .. UInt16(bits), .. extension ?? []];
    }

    public static byte[] Samples(params byte[] samples) => Chunk("data", samples);

    public static byte[] Chunk(string id, byte[] body, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. UInt32(size ?? (uint)body.Length), .. body, .. body.Length % 2 == 1 && size is null ? [0xEE] : Array.Empty<byte>()];

    private static byte[] UInt16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
