using System.Buffers.Binary;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// Sound to decode: a voiced tone of 120 Hz whose loudness swells and falls, with breath noise, as PCM16 at 24 kHz.
/// Its base64 uses the whole alphabet, which silence would not.
/// </summary>
public static class SeededSpeech
{
    private const int SampleRate = 24_000;

    /// <param name="random">Where the noise comes from.</param>
    /// <param name="byteCount">How much sound, in bytes: an even number, two per sample.</param>
    public static byte[] Pcm16(Random random, int byteCount)
    {
        byte[] pcm = new byte[byteCount];
        for (int sample = 0; sample < byteCount / sizeof(short); sample++)
        {
            double seconds = (double)sample / SampleRate;
            double loudness = 6_000 + (3_000 * Math.Sin(2 * Math.PI * 4 * seconds));
            double value = (loudness * Math.Sin(2 * Math.PI * 120 * seconds)) + random.Next(-400, 400);
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(sample * sizeof(short)), (short)value);
        }

        return pcm;
    }
}
