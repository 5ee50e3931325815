using System.Diagnostics;
using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>Many sessions of one way in this process, and what they cost: at rest, and while all of them talk at once.</summary>
public sealed class TalkingSessions(string way, Uri address) : IAsyncDisposable
{
    private const int Group = 20;

    // Enough for every pool and table of the process to have what they keep, whoever uses it.
    private const int WarmUps = 2 * Group;
    private const int PiecesOfShortTalk = 10;

    private readonly List<ITalkingSession> _sessions = [];
    private readonly byte[] _piece = new byte[TalkMessages.PieceBytes];

    public int Count => _sessions.Count;

    /// <summary>Opens so many sessions, each of which talks for a moment and then rests.</summary>
    /// <returns>What each holds of the heap, in bytes.</returns>
    public async Task<double> OpenAsync(int count)
    {
        await OpenAndTalkAsync(WarmUps);
        long before = HeldBytes();
        await OpenAndTalkAsync(count);
        return (HeldBytes() - before) / (double)count;
    }

    /// <summary>All sessions talk at once, in real time.</summary>
    /// <param name="pieces">For so many pieces.</param>
    /// <returns>Nanoseconds of processor time for each second of a session; and how long the answer to a piece takes, in the middle and at the 99th percentile.</returns>
    public async Task<(double Processor, double Median, double Tail)> TalkAsync(int pieces)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        double[][] delays = await Task.WhenAll(_sessions.Select((session, index) => TalkAsync(session, pieces, index)));
        processor = Environment.CpuUsage.TotalTime - processor;
        double[] ordered = [.. delays.SelectMany(static each => each).Order()];
        return (processor.TotalNanoseconds / (_sessions.Count * pieces * TalkMessages.PieceTime.TotalSeconds), ordered[ordered.Length / 2], ordered[ordered.Length * 99 / 100]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ITalkingSession session in _sessions)
        {
            await session.DisposeAsync();
        }
    }

    public static long HeldBytes()
    {
        for (int pass = 0; pass < 3; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // A group at a time, so that the pools of the process never hold more than a group needs at once.
    private async Task OpenAndTalkAsync(int count)
    {
        for (int group = 0; group < count; group += Group)
        {
            ITalkingSession[] opened = await Task.WhenAll(Enumerable.Range(0, Math.Min(Group, count - group)).Select(_ => ConnectAsync()));
            await Task.WhenAll(opened.Select((session, index) => TalkAsync(session, PiecesOfShortTalk, index)));
            _sessions.AddRange(opened);
        }
    }

    private Task<ITalkingSession> ConnectAsync() => way switch
    {
        Ways.RealtimeProtocol => OurTalkingSession.ConnectAsync(address),
        Ways.OpenAISdk => OpenAISdkTalkingSession.ConnectAsync(address),
        _ => throw new InvalidOperationException($"There is no session client called {way}."),
    };

    private async Task<double[]> TalkAsync(ITalkingSession session, int pieces, int phase)
    {
        double[] delays = new double[pieces / TalkMessages.PiecesInDelta];
        long[] spokenAt = new long[delays.Length];
        await session.BeginAsync();
        Task speaking = Task.Run(SpeakAsync);
        for (int heard = 0, answers = 0; answers < delays.Length;)
        {
            heard += await session.HearAsync().ConfigureAwait(false);
            for (; answers < heard / TalkMessages.DeltaBytes; answers++)
            {
                delays[answers] = Stopwatch.GetElapsedTime(Volatile.Read(ref spokenAt[answers])).TotalNanoseconds;
            }
        }

        await speaking.ConfigureAwait(false);
        await session.EndAsync().ConfigureAwait(false);
        return delays;

        async Task SpeakAsync()
        {
            // Sessions begin at different moments, as callers do.
            await Task.Delay(phase % (int)TalkMessages.PieceTime.TotalMilliseconds).ConfigureAwait(false);
            using var clock = new PeriodicTimer(TalkMessages.PieceTime);
            for (int spoken = 1; spoken <= pieces; spoken++)
            {
                await clock.WaitForNextTickAsync().ConfigureAwait(false);
                if (spoken % TalkMessages.PiecesInDelta == 0)
                {
                    Volatile.Write(ref spokenAt[(spoken / TalkMessages.PiecesInDelta) - 1], Stopwatch.GetTimestamp());
                }

                await session.SpeakAsync(_piece).ConfigureAwait(false);
            }
        }
    }
}
