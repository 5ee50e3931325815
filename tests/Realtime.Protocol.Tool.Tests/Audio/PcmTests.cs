using System.Runtime.InteropServices;
using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

public class PcmTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(48, 1)]
    [InlineData(48_000, 1000)]
    [InlineData(172_800_000, 3_600_000)]
    public void FortyEightBytes_AreAMillisecond(long bytes, double milliseconds)
    {
        Assert.Equal(milliseconds, Pcm.Duration(bytes).TotalMilliseconds);
        Assert.Equal(bytes, Pcm.Bytes(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Fact]
    public void Bytes_AreAlwaysWholeSamples()
    {
        for (int microseconds = 0; microseconds < 2000; microseconds += 7)
        {
            long bytes = Pcm.Bytes(TimeSpan.FromMicroseconds(microseconds));
            Assert.Equal(0, bytes % Pcm.BytesPerSample);
            Assert.True(Pcm.Duration(bytes) <= TimeSpan.FromMicroseconds(microseconds));
        }
    }

    [Theory]
    [InlineData(0, new short[0])]
    [InlineData(0, new short[] { 0, 327, -327 })]
    [InlineData(4, new short[] { 0, 328, 0, 12 })]
    [InlineData(2, new short[] { -32_768, 3 })]
    [InlineData(6, new short[] { 0, 0, -400 })]
    public void TheLastSound_IsTheLastSampleLouderThanAQuietRoom(int expected, short[] samples) =>
        Assert.Equal(expected, Pcm.UpToTheLastSound([.. MemoryMarshal.AsBytes(samples.AsSpan()), 0xFF]));
}
