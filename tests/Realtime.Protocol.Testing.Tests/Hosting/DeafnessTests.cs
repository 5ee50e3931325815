using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>How long a client is not read from, told with times and without a clock.</summary>
public class DeafnessTests
{
    [Fact]
    public void WithoutAFault_NothingIsLeft()
    {
        Assert.Equal((TimeSpan.Zero, 0L), (default(Deafness).Left(1_000), default(Deafness).Until));
    }

    [Theory]
    [InlineData(1_000, 10_000)]
    [InlineData(8_000, 3_000)]
    [InlineData(11_000, 0)]
    [InlineData(61_000, 0)]
    public void ItCountsFromItsPlace_WheneverTheClientSpeaks(long now, int left)
    {
        var deaf = new Deafness();
        deaf.Begin(10_000, now: 1_000);

        Assert.Equal(TimeSpan.FromMilliseconds(left), deaf.Left(now));
    }

    [Theory]
    [InlineData(10_000, 10_000, 15_000)]
    [InlineData(10_000, 1_000, 10_000)]
    [InlineData(1_000, 10_000, 15_000)]
    public void SecondOne_EndsNoneEarly_AndIsNotLost(int first, int second, long until)
    {
        var deaf = new Deafness();
        deaf.Begin(first, now: 0);
        deaf.Begin(second, now: 5_000);

        Assert.Equal(until, deaf.Until);
    }

    [Theory]
    [InlineData(Timeout.Infinite, 1_000)]
    [InlineData(1_000, Timeout.Infinite)]
    [InlineData(Timeout.Infinite, int.MaxValue)]
    public void ForEver_StaysForEver(int first, int second)
    {
        var deaf = new Deafness();
        deaf.Begin(first, now: 0);
        deaf.Begin(second, now: 500);

        Assert.Equal(Timeout.InfiniteTimeSpan, deaf.Left(long.MaxValue - 1));
    }
}
