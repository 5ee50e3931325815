using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>How loud a sound is: the mean of its samples without their signs, from 0 to 32,768. It knows nothing of voices.</summary>
internal static class Loudness
{
    // A threshold of 0.5, the service's default, then is about -36 dBFS: louder than the noise of a room, softer than speech.
    private const double OfThresholdOne = 1_000;

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
            foreach (short sample in MemoryMarshal.Cast<byte, short>(audio))
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

    private static int[] OfCodes(SpeechFormat format) => [.. Enumerable.Range(0, 256).Select(code => Math.Abs((int)SpeechEncoding.Decode([(byte)code], format)[0]))];
}
