namespace Realtime.Protocol.Gateway;

/// <summary>Between bytes and time.</summary>
internal static class AudioLength
{
    public static int BytesPerSecond(this AudioEncoding encoding) => encoding.SamplesPerSecond * encoding.BytesPerSample;

    /// <summary>Down to a whole sample.</summary>
    public static int BytesIn(this AudioEncoding encoding, TimeSpan time) => (int)(time.Ticks * encoding.SamplesPerSecond / TimeSpan.TicksPerSecond) * encoding.BytesPerSample;

    public static TimeSpan LengthOf(this AudioEncoding encoding, long bytes) => new(bytes * TimeSpan.TicksPerSecond / encoding.BytesPerSecond());
}
