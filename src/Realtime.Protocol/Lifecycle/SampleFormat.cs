namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The arithmetic of raw audio: bytes, milliseconds and whole samples, in integers only. Milliseconds are always rounded down, so that no computed duration is longer than
/// the audio; half a sample is no audio, and only this type knows where one begins.
/// </summary>
/// <param name="SamplesPerSecond">In Hz, 1 or more.</param>
/// <param name="BytesPerSample">2 for 16-bit PCM, 1 for G.711.</param>
public readonly record struct SampleFormat(int SamplesPerSecond, int BytesPerSample)
{
    /// <summary>How a side of a session is encoded, as numbers.</summary>
    public static SampleFormat Of(AudioEncoding encoding) => new(encoding.SamplesPerSecond, encoding.BytesPerSample);

    /// <summary>The whole milliseconds that <paramref name="bytes"/> bytes last.</summary>
    public long Milliseconds(long bytes)
    {
        // Seconds first, so that no count of bytes can overflow.
        (long seconds, long rest) = Math.DivRem(bytes / BytesPerSample, SamplesPerSecond);
        return (seconds * 1000) + (rest * 1000 / SamplesPerSecond);
    }

    /// <summary>The bytes of the whole samples that fit into <paramref name="milliseconds"/>; a time that no stream lasts gives the largest number.</summary>
    public long Bytes(long milliseconds) => (long)Int128.Min((Int128)milliseconds * SamplesPerSecond / 1000 * BytesPerSample, long.MaxValue);

    /// <summary>As many of <paramref name="bytes"/> bytes as make whole samples; the rest is the beginning of the next one.</summary>
    public long Whole(long bytes) => bytes - (bytes % BytesPerSample);
}
