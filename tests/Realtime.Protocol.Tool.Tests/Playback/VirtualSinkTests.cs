using Realtime.Protocol.CommandLine.Playback;

namespace Realtime.Protocol.CommandLine.Tests.Playback;

public class VirtualSinkTests
{
    [Fact]
    public void Sink_PlaysFortyEightBytesAMillisecond()
    {
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        sink.Receive(9600, Ms(1000));

        Assert.Equal(0, sink.Played(Ms(1000)));
        Assert.Equal(48, sink.Played(Ms(1001)));
        Assert.Equal(4800, sink.Played(Ms(1100)));
        Assert.Equal(9600, sink.Played(Ms(1200)));
        Assert.Equal(9600, sink.Played(Ms(5000)));
    }

    [Fact]
    public void SilenceBetweenTwoDeltas_IsNotPlaying()
    {
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        sink.Receive(4800, Ms(0));
        sink.Receive(4800, Ms(400));

        Assert.Equal(4800, sink.Played(Ms(400)));
        Assert.Equal(7200, sink.Played(Ms(450)));
    }

    [Fact]
    public void DeltasThatComeEarly_AreQueued()
    {
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        sink.Receive(4800, Ms(0));
        sink.Receive(4800, Ms(10));

        Assert.Equal(4800, sink.Played(Ms(100)));
        Assert.False(sink.IsSilent(Ms(199)));
        Assert.True(sink.IsSilent(Ms(200)));
    }

    [Fact]
    public void AskingOften_LosesNothingToRounding()
    {
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        sink.Receive(480_000, Ms(0));
        for (int microseconds = 0; microseconds <= 1_000_000; microseconds += 7)
        {
            sink.Played(TimeSpan.FromMicroseconds(microseconds));
        }

        Assert.Equal(48_000, sink.Played(Ms(1000)));
    }

    [Fact]
    public void Played_NeverGoesBack_AndNeverExceedsWhatCame()
    {
        var random = new Random(20_260);
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        TimeSpan now = TimeSpan.Zero;
        long before = 0;
        for (int step = 0; step < 2000; step++)
        {
            now += TimeSpan.FromMicroseconds(random.Next(0, 50_000));
            if (random.Next(3) == 0)
            {
                sink.Receive(random.Next(0, 9600) & ~1, now);
            }

            long played = sink.Played(now);
            Assert.InRange(played, before, sink.ReceivedBytes);
            Assert.Equal(0, played % 2);
            before = played;
        }
    }

    [Fact]
    public void StoppedSink_HearsNothingMore()
    {
        var sink = new VirtualSink(isInstant: false, interruptAfter: null);
        sink.Receive(9600, Ms(0));
        sink.Stop(Ms(50));
        sink.Receive(9600, Ms(60));
        sink.Stop(Ms(150));

        Assert.Equal(2400, sink.Played(Ms(500)));
        Assert.True(sink.IsSilent(Ms(50)));
        Assert.Equal(19_200, sink.ReceivedBytes);
    }

    [Fact]
    public void Interruption_CountsFromTheFirstByte()
    {
        var sink = new VirtualSink(isInstant: false, Ms(300));
        Assert.False(sink.IsToBeInterrupted(Ms(900)));
        sink.Receive(0, Ms(900));
        sink.Receive(48_000, Ms(1000));
        sink.Receive(48_000, Ms(1200));

        Assert.False(sink.IsToBeInterrupted(Ms(1299)));
        Assert.True(sink.IsToBeInterrupted(Ms(1300)));
        sink.Stop(Ms(1300));
        Assert.False(sink.IsToBeInterrupted(Ms(1400)));
        Assert.Equal(14_400, sink.Played(Ms(1400)));
    }

    [Fact]
    public void InstantSink_PlaysWhatItGets()
    {
        var sink = new VirtualSink(isInstant: true, interruptAfter: null);
        sink.Receive(9600, Ms(0));

        Assert.Equal(9600, sink.Played(Ms(0)));
        Assert.True(sink.IsSilent(Ms(0)));
        Assert.False(sink.IsToBeInterrupted(Ms(0)));
    }

    [Fact]
    public void InstantSink_PlaysUpToItsInterruption()
    {
        var sink = new VirtualSink(isInstant: true, Ms(500));
        sink.Receive(19_200, Ms(0));
        Assert.False(sink.IsToBeInterrupted(Ms(9000)));

        sink.Receive(19_200, Ms(0));

        Assert.True(sink.IsToBeInterrupted(Ms(0)));
        Assert.Equal(24_000, sink.Played(Ms(0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void InterruptionAfterNothing_HearsNothing(bool isInstant)
    {
        var sink = new VirtualSink(isInstant, TimeSpan.Zero);
        Assert.False(sink.IsToBeInterrupted(Ms(1)));
        sink.Receive(19_200, Ms(1));

        Assert.True(sink.IsToBeInterrupted(Ms(1)));
        sink.Stop(Ms(1));
        Assert.Equal(0, sink.Played(Ms(100)));
    }

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
