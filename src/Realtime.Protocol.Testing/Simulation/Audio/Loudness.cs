using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>How loud a sound is: the mean of its samples without their signs, from 0 to 32,768. It knows nothing of voices.</summary>
internal static class Loudness
{
    // A threshold of 0.5, the service's default, then is about -36 dBFS: louder than the noise of a room, softer than speech.
    private const double OfThresholdOne = 1_000;

    // So many samples can't make more than an int holds, even in one lane.
    private const int MostAtOnce = 32_768;

    private static readonly int[] OfMuLaw = OfCodes(SpeechFormat.MuLaw);
    private static readonly int[] OfALaw = OfCodes(SpeechFormat.ALaw);

    /// <summary>The loudness at which a threshold of turn detection opens.</summary>
    public static double Of(double threshold) => threshold * OfThresholdOne;

    /// <summary>The loudness of a sound as a whole; half a sample at its end is none.</summary>
    public static double Of(ReadOnlySpan<byte> audio, SpeechFormat format)
    {
        long sum = 0;
        if (format == SpeechFormat.Pcm16)
        {
            ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(audio);
            while (BitConverter.IsLittleEndian && samples.Length >= Vector<short>.Count)
            {
                int taken = Math.Min(samples.Length, MostAtOnce) / Vector<short>.Count * Vector<short>.Count;
                sum += SumOf(samples[..taken]);
                samples = samples[taken..];
            }

            foreach (short sample in samples)
            {
                sum += Math.Abs((int)(BitConverter.IsLittleEndian ? sample : BinaryPrimitives.ReverseEndianness(sample)));
            }

            return audio.Length < sizeof(short) ? 0 : (double)sum / (audio.Length / sizeof(short));
        }

        int[] loudness = format == SpeechFormat.MuLaw ? OfMuLaw : OfALaw;
        foreach (byte code in audio)
        {
            sum += loudness[code];
        }

        return audio.IsEmpty ? 0 : (double)sum / audio.Length;
    }

    // A whole number of vectors, and no more than MostAtOnce.
    private static long SumOf(ReadOnlySpan<short> samples)
    {
        Vector<int> sums = default;
        for (; samples.Length > 0; samples = samples[Vector<short>.Count..])
        {
            Vector.Widen(new Vector<short>(samples), out Vector<int> low, out Vector<int> high);
            sums += Vector.Abs(low) + Vector.Abs(high);
        }

        return Vector.Sum(Vector.WidenLower(sums) + Vector.WidenUpper(sums));
    }

    private static int[] OfCodes(SpeechFormat format) => [.. Enumerable.Range(0, 256).Select(code => Math.Abs((int)SpeechEncoding.Decode([(byte)code], format)[0]))];
}
