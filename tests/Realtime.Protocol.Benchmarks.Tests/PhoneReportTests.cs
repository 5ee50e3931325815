using Realtime.Protocol.Benchmarks.Gateway;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>What came of the talks of many callers, as one process tells it to another.</summary>
public class PhoneReportTests
{
    [Fact]
    public void ReportsAreAddedUp_AndComeThroughALine()
    {
        PhoneReport sum = PhoneReport.Of([new(2, 1, 0, [301.5], [40], []), new(2, 2, 1, [299, 305], [], [12.25])]);

        PhoneReport read = PhoneReport.FromLine(sum.ToLine());

        Assert.DoesNotContain('\n', sum.ToLine());
        Assert.Equal((4, 3, 1), (read.Asked, read.Answered, read.Twice));
        Assert.Equal([301.5, 299, 305], read.FirstSounds);
        Assert.Equal([40], read.Resumed);
        Assert.Equal([12.25], read.Moved);
    }
}
