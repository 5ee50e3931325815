using System.Buffers.Binary;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Audio for tests: PCM16 at 24,000 Hz, made from numbers, so that two runs speak the same.</summary>
internal static class Sound
{
    public const int BytesPerMs = 48;
    public const int SamplesPerMs = 24;

    /// <summary>A sawtooth that is loud enough to be taken for speech.</summary>
    public static byte[] Speech(int milliseconds, int seed = 1)
    {
        byte[] audio = new byte[milliseconds * BytesPerMs];
        for (int i = 0; i < audio.Length; i += 2)
        {
            BinaryPrimitives.WriteInt16LittleEndian(audio.AsSpan(i), (short)(((i * (37 + (2 * seed))) % 20_000) - 10_000));
        }

        return audio;
    }

    /// <summary>A pure tone of constant loudness.</summary>
    /// <param name="milliseconds">How long.</param>
    /// <param name="hertz">Its pitch.</param>
    /// <param name="peak">Its loudest sample, up to 32,767.</param>
    public static byte[] Tone(int milliseconds, double hertz, int peak) => Samples(milliseconds * SamplesPerMs, i => peak * Math.Sin(2 * Math.PI * hertz * i / (SamplesPerMs * 1_000)));

    /// <summary>Noise, the same every time.</summary>
    public static byte[] Noise(int milliseconds, int peak)
    {
        var random = new Random(1);
        return Samples(milliseconds * SamplesPerMs, _ => random.Next(-peak, peak + 1));
    }

    /// <summary>Sound from a formula.</summary>
    public static byte[] Samples(int count, Func<int, double> of)
    {
        byte[] audio = new byte[count * sizeof(short)];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(audio.AsSpan(i * sizeof(short)), (short)of(i));
        }

        return audio;
    }

    public static byte[] Silence(int milliseconds) => new byte[milliseconds * BytesPerMs];
}
