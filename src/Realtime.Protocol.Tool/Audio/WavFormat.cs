using System.Buffers.Binary;

namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// What a WAV file's <c>fmt </c> chunk says. Layout: Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE (mmreg.h); in the second the encoding is the first two bytes of a GUID.
/// </summary>
internal readonly record struct WavFormat(WavEncoding Encoding, int Channels, int SampleRate, int BitsPerSample)
{
    private const int PlainBytes = 16;
    private const int ExtensibleBytes = 40;
    private const ushort ExtensibleTag = 0xFFFE;

    // KSDATAFORMAT_SUBTYPE_*: a format tag, then these fourteen bytes.
    private static ReadOnlySpan<byte> SubformatTail => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>The format that the protocol's <c>audio/pcm</c> stands for.</summary>
    public static WavFormat Speech => new(WavEncoding.Pcm, Pcm.Channels, Pcm.SampleRate, Pcm.BitsPerSample);

    /// <summary>How many bytes of a <c>fmt </c> chunk matter here.</summary>
    public static int MostBytes => ExtensibleBytes;

    /// <summary>Reads the body of a <c>fmt </c> chunk; false when it is too short or contradicts itself.</summary>
    public static bool TryRead(ReadOnlySpan<byte> chunk, out WavFormat format)
    {
        format = default;
        if (chunk.Length < PlainBytes)
        {
            return false;
        }

        ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == ExtensibleTag && !TryReadSubformat(chunk, out tag))
        {
            return false;
        }

        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        var encoding = (WavEncoding)tag;
        bool blockIsOneFrame = blockAlign == channels * ((bits + 7) / 8);
        if (channels == 0 || rate is 0 or > int.MaxValue || (encoding is WavEncoding.Pcm or WavEncoding.Float && !blockIsOneFrame))
        {
            return false;
        }

        format = new(encoding, channels, (int)rate, bits);
        return true;
    }

    /// <summary>For people: <c>48,000 Hz, 2 channels, 16-bit PCM</c>.</summary>
    public override string ToString()
    {
        string channels = Channels == 1 ? "1 channel" : $"{Channels} channels";
        string encoding = Encoding switch
        {
            WavEncoding.Pcm => $"{BitsPerSample}-bit PCM",
            WavEncoding.Float => $"{BitsPerSample}-bit floating point",
            WavEncoding.ALaw => "A-law",
            WavEncoding.MuLaw => "µ-law",
            _ => $"encoding 0x{(int)Encoding:X4}",
        };
        return FormattableString.Invariant($"{SampleRate:N0} Hz, {channels}, {encoding}");
    }

    private static bool TryReadSubformat(ReadOnlySpan<byte> chunk, out ushort tag)
    {
        tag = 0;
        if (chunk.Length < ExtensibleBytes || !chunk[26..ExtensibleBytes].SequenceEqual(SubformatTail))
        {
            return false;
        }

        tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        return true;
    }
}

/// <summary>A format tag of a WAV file; every other number is kept as it is.</summary>
internal enum WavEncoding
{
    Pcm = 0x0001,
    Float = 0x0003,
    ALaw = 0x0006,
    MuLaw = 0x0007,
}
