using System.Buffers.Binary;

namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// The header of a WAV file of <see cref="WavFormat.Speech"/>: 44 bytes, then samples. It is written twice, because the sizes are known at the end: until then they say
/// "until the end of the file", so that what a crash leaves behind can be played.
/// </summary>
internal static class WavHeader
{
    public const int Bytes = 44;

    private const uint Unknown = uint.MaxValue;

    /// <param name="destination">At least <see cref="Bytes"/>.</param>
    /// <param name="sampleBytes">Null while it is not known.</param>
    public static void Write(Span<byte> destination, long? sampleBytes)
    {
        uint dataSize = sampleBytes is long known ? (uint)Math.Min(known, Unknown - (Bytes - 8)) : Unknown;
        uint riffSize = sampleBytes is null ? Unknown : dataSize + (Bytes - 8);

        "RIFF"u8.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], riffSize);
        "WAVEfmt "u8.CopyTo(destination[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[20..], (ushort)WavEncoding.Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[22..], Pcm.Channels);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], Pcm.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Pcm.BytesPerSecond);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[32..], Pcm.BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[34..], Pcm.BitsPerSample);
        "data"u8.CopyTo(destination[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[40..], dataSize);
    }
}
