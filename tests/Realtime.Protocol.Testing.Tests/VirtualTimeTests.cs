namespace Realtime.Protocol.Testing.Tests;

/// <summary>A clock that moves only when it is told to, and timers that fire in order while it moves.</summary>
public class VirtualTimeTests
{
    [Fact]
    public void Time_StandsStill_UntilItIsAdvanced()
    {
        var time = new VirtualTime(DateTimeOffset.UnixEpoch);
        long start = time.GetTimestamp();

        time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(TimeSpan.FromSeconds(90), time.GetElapsedTime(start));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(90), time.GetUtcNow());
    }

    [Fact]
    public void Timers_FireInOrder_EachAtItsOwnMoment()
    {
        var time = new VirtualTime();
        List<(string Name, double At)> fired = [];
        using ITimer late = Start(time, fired, "late", 30);
        using ITimer early = Start(time, fired, "early", 10);
        using ITimer never = Start(time, fired, "never", 31);

        time.Advance(TimeSpan.FromMilliseconds(30));

        Assert.Equal([("early", 10), ("late", 30)], fired);
    }

    [Fact]
    public void TimerSetByATimer_FiresInTheSameAdvance()
    {
        var time = new VirtualTime();
        List<double> fired = [];
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            fired.Add(time.Elapsed.TotalMilliseconds);
            timer!.Change(TimeSpan.FromMilliseconds(7), Timeout.InfiniteTimeSpan);
        }, null, TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal([5, 12, 19], fired);
        timer.Dispose();
    }

    [Fact]
    public void PeriodicTimer_FiresUntilItIsDisposed()
    {
        var time = new VirtualTime();
        int fired = 0;
        ITimer timer = time.CreateTimer(_ => fired++, null, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));

        time.Advance(TimeSpan.FromMilliseconds(35));
        timer.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(3, fired);
    }

    [Fact]
    public async Task Delays_EndWhenTheirTimeHasCome()
    {
        var time = new VirtualTime();
        Task delay = Task.Delay(TimeSpan.FromHours(1), time, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }

    [Fact]
    public void Time_DoesNotGoBack() => Assert.Throws<ArgumentOutOfRangeException>(static () => new VirtualTime().Advance(TimeSpan.FromTicks(-1)));

    private static ITimer Start(VirtualTime time, List<(string, double)> fired, string name, int ms) =>
        time.CreateTimer(_ => fired.Add((name, time.Elapsed.TotalMilliseconds)), null, TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan);
}
