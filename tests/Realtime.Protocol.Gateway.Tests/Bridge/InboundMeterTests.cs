namespace Realtime.Protocol.Gateway.Tests;

/// <summary>How far a caller may be ahead of the clock.</summary>
public class InboundMeterTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void RealTime_GoesOnForEver_AndAGapMayBeCaughtUp()
    {
        var meter = new InboundMeter(TimeSpan.FromSeconds(2));
        var now = TimeSpan.Zero;
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(meter.TryTake(now += Frame, Frame));
        }

        for (int i = 0; i < 99; i++)
        {
            Assert.True(meter.TryTake(now, Frame));
        }

        Assert.True(meter.TryTake(now + TimeSpan.FromSeconds(2), Frame));
    }

    [Fact]
    public void MoreSoundThanAllowed_IsAFlood_AndSoAreMessagesWithoutSound()
    {
        var meter = new InboundMeter(TimeSpan.FromSeconds(2));
        Assert.Equal(100, Enumerable.Range(0, 10_000).Count(_ => meter.TryTake(TimeSpan.Zero, Frame)));

        meter = new(TimeSpan.FromSeconds(2));
        Assert.Equal(500, Enumerable.Range(0, 10_000).Count(_ => meter.TryTake(TimeSpan.Zero, TimeSpan.Zero)));
    }
}
