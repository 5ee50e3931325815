using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Bytes, milliseconds and whole samples, at every rate that a service may state.</summary>
public class SampleFormatTests
{
    [Theory]
    [InlineData(24_000, 2, 47_999, 999)]
    [InlineData(24_000, 2, 48_000, 1_000)]
    [InlineData(24_000, 2, 48_001, 1_000)]
    [InlineData(16_000, 2, 32_000, 1_000)]
    [InlineData(16_000, 2, 31_999, 999)]
    [InlineData(8_000, 1, 8_007, 1_000)]
    [InlineData(11_025, 2, 22_050, 1_000)]
    [InlineData(44_100, 2, 88_199, 999)]
    [InlineData(48_000, 2, 95_999, 999)]
    [InlineData(24_000, 2, 0, 0)]
    public void MillisecondsAreRoundedDown(int rate, int bytesPerSample, long bytes, long milliseconds) =>
        Assert.Equal(milliseconds, new SampleFormat(rate, bytesPerSample).Milliseconds(bytes));

    [Theory]
    [InlineData(24_000, 2, 20, 960)]
    [InlineData(8_000, 1, 20, 160)]
    [InlineData(16_000, 2, 1_001, 32_032)]
    [InlineData(11_025, 2, 1, 22)]
    [InlineData(11_025, 2, 2_001, 44_122)]
    public void BytesAreWholeSamples(int rate, int bytesPerSample, long milliseconds, long bytes) =>
        Assert.Equal(bytes, new SampleFormat(rate, bytesPerSample).Bytes(milliseconds));

    [Theory]
    [InlineData(2, 7, 6)]
    [InlineData(2, 8, 8)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 7, 7)]
    public void HalfASampleIsNoAudio(int bytesPerSample, long bytes, long whole) => Assert.Equal(whole, new SampleFormat(8_000, bytesPerSample).Whole(bytes));

    [Fact]
    public void AsManyBytesAsATimeTakes_LastThatLongOrAMillisecondLess()
    {
        for (int rate = 8_000; rate <= 48_000; rate += 25)
        {
            var format = new SampleFormat(rate, 2);
            for (long milliseconds = 0; milliseconds < 3_000; milliseconds += 37)
            {
                Assert.InRange(format.Milliseconds(format.Bytes(milliseconds)), milliseconds - 1, milliseconds);
            }
        }
    }

    [Fact]
    public void NoCountOfBytes_IsTooLarge()
    {
        var format = new SampleFormat(48_000, 2);
        Assert.Equal(long.MaxValue / 96, format.Milliseconds(long.MaxValue));
        Assert.Equal(long.MaxValue, format.Bytes(long.MaxValue));
    }
}
