using System.Buffers.Binary;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// Turns samples at 24,000 Hz into the formats of the wire and back. PCM is copied; G.711 follows ITU-T G.711 and is resampled by three
/// with the plainest filter there is, because nobody judges a simulator by its sound.
/// </summary>
internal static class SpeechEncoding
{
    private const int Ratio = 3;
    private const int MuLawBias = 0x84;
    private const int MuLawClip = 32_635;

    /// <summary>The same sound in another format; the same bytes when the formats are the same.</summary>
    public static ReadOnlyMemory<byte> Convert(ReadOnlyMemory<byte> audio, SpeechFormat from, SpeechFormat to) => from == to ? audio : Encode(Decode(audio.Span, from), to);

    public static short[] Decode(ReadOnlySpan<byte> audio, SpeechFormat format)
    {
        if (format == SpeechFormat.Pcm16)
        {
            short[] copied = new short[audio.Length / 2];
            for (int i = 0; i < copied.Length; i++)
            {
                copied[i] = BinaryPrimitives.ReadInt16LittleEndian(audio[(2 * i)..]);
            }

            return copied;
        }

        short[] samples = new short[audio.Length * Ratio];
        for (int i = 0; i < audio.Length; i++)
        {
            samples.AsSpan(i * Ratio, Ratio).Fill(format == SpeechFormat.MuLaw ? FromMuLaw(audio[i]) : FromALaw(audio[i]));
        }

        return samples;
    }

    public static byte[] Encode(ReadOnlySpan<short> samples, SpeechFormat format)
    {
        if (format == SpeechFormat.Pcm16)
        {
            byte[] copied = new byte[samples.Length * 2];
            for (int i = 0; i < samples.Length; i++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(copied.AsSpan(2 * i), samples[i]);
            }

            return copied;
        }

        byte[] audio = new byte[samples.Length / Ratio];
        for (int i = 0; i < audio.Length; i++)
        {
            audio[i] = EncodeOne(samples.Slice(i * Ratio, Ratio), format);
        }

        return audio;
    }

    /// <summary>One byte of G.711 out of three samples.</summary>
    public static byte EncodeOne(ReadOnlySpan<short> three, SpeechFormat format)
    {
        int mean = (three[0] + three[1] + three[2]) / Ratio;
        return format == SpeechFormat.MuLaw ? ToMuLaw(mean) : ToALaw(mean);
    }

    private static byte ToMuLaw(int sample)
    {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.Min(Math.Abs(sample), MuLawClip) + MuLawBias;
        int exponent = int.Log2(magnitude) - 7;
        int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    private static short FromMuLaw(byte code)
    {
        int bits = ~code & 0xFF;
        int magnitude = ((((bits & 0x0F) << 3) + MuLawBias) << ((bits >> 4) & 0x07)) - MuLawBias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte ToALaw(int sample)
    {
        int sign = sample >= 0 ? 0x80 : 0;
        int magnitude = Math.Min(sample >= 0 ? sample : -sample - 1, short.MaxValue) >> 4;
        int exponent = magnitude < 16 ? 0 : int.Log2(magnitude) - 3;
        int mantissa = exponent <= 1 ? magnitude & 0x0F : (magnitude >> (exponent - 1)) & 0x0F;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }

    private static short FromALaw(byte code)
    {
        int bits = code ^ 0x55;
        int exponent = (bits >> 4) & 0x07;
        int magnitude = ((bits & 0x0F) << 4) + 8;
        magnitude = exponent == 0 ? magnitude : (magnitude + 0x100) << (exponent - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
