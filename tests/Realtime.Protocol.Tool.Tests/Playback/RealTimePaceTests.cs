using Realtime.Protocol.CommandLine.Playback;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Playback;

public class RealTimePaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Sample_IsDueWhenItWasSpoken()
    {
        var pace = new RealTimePace(_time, isInstant: false);

        Task due = pace.WaitAsync(4800, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(due.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(due.IsCompletedSuccessfully);
    }

    [Fact]
    public void LostTime_IsCaughtUpWith()
    {
        var pace = new RealTimePace(_time, isInstant: false);
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(pace.WaitAsync(4800, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.True(pace.WaitAsync(12_000, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.False(pace.WaitAsync(12_048, TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public void InstantPace_WaitsForNothing() => Assert.True(new RealTimePace(_time, isInstant: true).WaitAsync(long.MaxValue / 2, TestContext.Current.CancellationToken).IsCompletedSuccessfully);

    [Fact]
    public void Cancellation_EndsTheWait()
    {
        using var cancellation = new CancellationTokenSource();
        Task due = new RealTimePace(_time, isInstant: false).WaitAsync(48_000, cancellation.Token);

        cancellation.Cancel();

        Assert.True(due.IsCanceled);
    }
}
