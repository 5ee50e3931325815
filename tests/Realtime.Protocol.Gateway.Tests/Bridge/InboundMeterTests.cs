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

    [Fact]
    public void TimeInWhichNobodyRead_IsOwedToTheCaller_Once()
    {
        var now = TimeSpan.FromSeconds(30);
        var meter = new InboundMeter(TimeSpan.FromSeconds(2));
        Assert.True(meter.TryTake(TimeSpan.Zero, Frame));
        meter.Waited(now);

        // Half a minute of sound, and what may come at once besides; the first frame is a part of that.
        Assert.Equal(1_500 + 99, Enumerable.Range(0, 10_000).Count(_ => meter.TryTake(now, Frame)));

        meter = new(TimeSpan.FromSeconds(2));
        Assert.True(meter.TryTake(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        meter.Waited(TimeSpan.FromSeconds(1));
        Assert.True(meter.TryTake(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        Assert.False(meter.TryTake(TimeSpan.FromSeconds(1), Frame));
    }

    [Fact]
    public void WhatIsOwed_HasABound_AndShortWaitsGatherNoSound()
    {
        var meter = new InboundMeter(TimeSpan.FromSeconds(2));
        Assert.True(meter.TryTake(TimeSpan.Zero, Frame));
        meter.Waited(TimeSpan.FromMinutes(10));
        Assert.Equal(3_000 + 100, Enumerable.Range(0, 10_000).Count(_ => meter.TryTake(TimeSpan.FromMinutes(20), Frame)));

        meter = new(TimeSpan.FromSeconds(2));
        var now = TimeSpan.Zero;
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(meter.TryTake(now += Frame, Frame));
            meter.Waited(now + (Frame / 2));
        }

        Assert.Equal(100, Enumerable.Range(0, 10_000).Count(_ => meter.TryTake(now + Frame, Frame)));
    }
}
