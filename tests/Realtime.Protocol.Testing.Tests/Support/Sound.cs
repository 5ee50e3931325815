using System.Buffers.Binary;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Audio for tests: PCM16 at 24,000 Hz, made from numbers, so that two runs speak the same.</summary>
internal static class Sound
{
    public const int BytesPerMs = 48;

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

    public static byte[] Silence(int milliseconds) => new byte[milliseconds * BytesPerMs];
}
