namespace Realtime.Protocol.Companding;

/// <summary>G.711 to linear samples and back, by tables that are made once from the recommendation (ITU-T G.711): every code is its own way there and back, but for µ-law's second zero. Compiled into each assembly that needs it, so that no package sees into another.</summary>
internal static class G711
{
    private const int MuLawBias = 0x84;
    private const int MuLawClip = 32_635;

    private static readonly short[] LinearOfMuLaw = [.. Enumerable.Range(0, 256).Select(static code => FromMuLaw((byte)code))];
    private static readonly short[] LinearOfALaw = [.. Enumerable.Range(0, 256).Select(static code => FromALaw((byte)code))];

    public static void Decode(ReadOnlySpan<byte> codes, Span<short> samples, bool isALaw)
    {
        short[] table = isALaw ? LinearOfALaw : LinearOfMuLaw;
        for (int i = 0; i < codes.Length; i++)
        {
            samples[i] = table[codes[i]];
        }
    }

    public static void Encode(ReadOnlySpan<short> samples, Span<byte> codes, bool isALaw)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            codes[i] = Encode(samples[i], isALaw);
        }
    }

    public static short Decode(byte code, bool isALaw) => (isALaw ? LinearOfALaw : LinearOfMuLaw)[code];

    public static byte Encode(short sample, bool isALaw) => isALaw ? ToALaw(sample) : ToMuLaw(sample);

    private static short FromMuLaw(byte code)
    {
        int bits = ~code & 0xFF;
        int magnitude = ((((bits & 0x0F) << 3) + MuLawBias) << ((bits >> 4) & 0x07)) - MuLawBias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte ToMuLaw(int sample)
    {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.Min(Math.Abs(sample), MuLawClip) + MuLawBias;
        int segment = int.Log2(magnitude) - 7;
        return (byte)~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }

    private static short FromALaw(byte code)
    {
        int bits = code ^ 0x55;
        int segment = (bits >> 4) & 0x07;
        int magnitude = ((bits & 0x0F) << 4) + 8;
        magnitude = segment == 0 ? magnitude : (magnitude + 0x100) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte ToALaw(int sample)
    {
        int sign = sample >= 0 ? 0x80 : 0;
        int magnitude = Math.Min(sample >= 0 ? sample : ~sample, 32_767);
        int segment = magnitude < 256 ? 0 : int.Log2(magnitude) - 7;
        int mantissa = segment == 0 ? magnitude >> 4 : magnitude >> (segment + 3);
        return (byte)((sign | (segment << 4) | (mantissa & 0x0F)) ^ 0x55);
    }
}
