using System.Buffers.Binary;
using Realtime.Protocol.Companding;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// Turns samples at 24,000 Hz into the formats of the wire and back. PCM is copied; G.711 follows ITU-T G.711 and is resampled by three
/// with the plainest filter there is, because nobody judges a simulator by its sound.
/// </summary>
internal static class SpeechEncoding
{
    private const int Ratio = 3;

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
            samples.AsSpan(i * Ratio, Ratio).Fill(G711.Decode(audio[i], format == SpeechFormat.ALaw));
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
        return G711.Encode((short)mean, format == SpeechFormat.ALaw);
    }
}
