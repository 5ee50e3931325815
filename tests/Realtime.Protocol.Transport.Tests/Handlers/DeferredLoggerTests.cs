using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests.Handlers;

/// <summary>The application's logger: on nobody's thread, in order, bounded, and harmless when it throws or hangs.</summary>
public sealed class DeferredLoggerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lines_AreWrittenInOrder_OnAnotherThread_AndAFailureCostsItsLineOnly()
    {
        var lines = new ConcurrentQueue<string>();
        int caller = 0;
        bool onCaller = false;
        var log = new DeferredLogger(new HookedLogger(line =>
        {
            onCaller |= Environment.CurrentManagedThreadId == caller;
            lines.Enqueue(line);
            if (line == "1")
            {
                throw new InvalidOperationException("The log is full.");
            }
        }));

        // A thread of its own, which the pool can't use for the lines meanwhile.
        var writer = new Thread(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            for (int i = 0; i < 100; i++)
            {
                log.LogInformation("{I}", i);
            }
        });
        writer.Start();
        writer.Join();

        await log.Written.WaitAsync(Patience);
        Assert.False(onCaller);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), lines);
    }

    [Fact]
    public async Task ALoggerThatHangs_HoldsNobodyUp_AndIsToldHowManyLinesAreMissing()
    {
        using var resume = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var lines = new ConcurrentQueue<string>();
        var log = new DeferredLogger(new HookedLogger(line =>
        {
            lines.Enqueue(line);
            entered.Set();
            Assert.True(resume.Wait(Patience));
        }));

        log.LogInformation("first");
        Assert.True(entered.Wait(Patience));
        for (int i = 0; i < DeferredLogger.MaxWaitingLines + 7; i++)
        {
            log.LogInformation("more");
        }

        Assert.False(log.Written.IsCompleted);
        resume.Set();
        await log.Written.WaitAsync(Patience);

        Assert.Equal(DeferredLogger.MaxWaitingLines + 2, lines.Count);
        Assert.Contains("7 log lines", lines.Last());
    }
}
