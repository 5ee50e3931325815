using System.Buffers.Binary;

namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>The one audio format of this tool: signed 16-bit little-endian samples, 24,000 a second, one channel.</summary>
internal static class Pcm
{
    public const int SampleRate = 24_000;

    public const int Channels = 1;

    public const int BitsPerSample = 16;

    public const int BytesPerSample = 2;

    public const int BytesPerSecond = SampleRate * BytesPerSample;

    public const int BytesPerMillisecond = BytesPerSecond / 1000;

    /// <summary>How long this many bytes sound.</summary>
    public static TimeSpan Duration(long bytes) => TimeSpan.FromTicks(bytes * TimeSpan.TicksPerSecond / BytesPerSecond);

    /// <summary>The whole samples that fit into a time, in bytes.</summary>
    public static long Bytes(TimeSpan time) => time.Ticks * SampleRate / TimeSpan.TicksPerSecond * BytesPerSample;

    /// <summary>How many of the bytes lead up to the last sample that is louder than a quiet room, 1 % of full scale; 0 when none is.</summary>
    public static int UpToTheLastSound(ReadOnlySpan<byte> samples)
    {
        for (int end = samples.Length & ~1; end > 0; end -= BytesPerSample)
        {
            if (Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(samples[(end - BytesPerSample)..])) > short.MaxValue / 100)
            {
                return end;
            }
        }

        return 0;
    }
}
