using System.Diagnostics;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// Many sessions of ours in this process that talk to the simulator for a long time as people do: two seconds of speech, then three in which the echo is heard, in real time. The server finds the
/// turns. Speech is handed over 100 ms at a time, as a browser does, so that two cores carry a thousand.
/// </summary>
public sealed class LongTalk(Uri server) : IAsyncDisposable
{
    private const int PieceMs = 100;
    private const int PiecesInCycle = TalkCycle.CycleMs / PieceMs;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<LongTalkSession> _sessions = [];

    /// <summary>Opens so many sessions, one after the other.</summary>
    public async Task OpenAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _sessions.Add(await LongTalkSession.ConnectAsync(server, _sessions.Count));
        }
    }

    /// <summary>All sessions talk for so many cycles, each beginning a little later than the one before it, and then rest.</summary>
    public async Task<TalkReport> TalkAsync(int cycles)
    {
        LongTalkSession[] sessions = [.. _sessions];
        int patience = (int)Patience.TotalMilliseconds / PieceMs;
        long start = Stopwatch.GetTimestamp();
        foreach (LongTalkSession session in sessions)
        {
            session.Begin(new Speaker(cycles, PiecesInCycle, patience), start);
        }

        double slowest = await Task.Factory.StartNew(() => Say(sessions), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        long said = Stopwatch.GetTimestamp();
        while (sessions.Any(session => session.Ended < cycles) && Stopwatch.GetElapsedTime(said) < Patience)
        {
            await Task.Delay(PieceMs);
        }

        (int Heard, IReadOnlyList<LostTurn> Lost)[] accounts = [.. sessions.Select(session => session.End(cycles))];
        return new(
            accounts.Sum(static account => account.Heard),
            [.. accounts.SelectMany(static account => account.Lost).OrderBy(static lost => lost.AtMs)],
            slowest,
            PieceMs * sessions.Select(static session => session.Speaker.LongestWait).DefaultIfEmpty().Max());
    }

    /// <summary>Closes all sessions, as when everybody hangs up, and waits until nothing of them runs any more.</summary>
    public async Task CloseAsync()
    {
        foreach (LongTalkSession session in _sessions)
        {
            await session.DisposeAsync();
        }

        _sessions.Clear();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    // One thread says everything. The sessions begin one after the other in the first cycle, so that all of it goes on at any moment.
    private static double Say(LongTalkSession[] sessions)
    {
        int[] phases = [.. sessions.Select((_, index) => (int)((long)index * TalkCycle.CycleMs / sessions.Length))];
        ILookup<int, int> turns = Enumerable.Range(0, sessions.Length).ToLookup(index => phases[index] % PieceMs);
        byte[][] pieces = [.. TalkCycle.MakeSound().Chunk(PieceMs * TalkCycle.BytesPerMs)];
        double slowest = 0;
        int talking = sessions.Length;
        long start = Stopwatch.GetTimestamp();
        for (int now = 0; talking > 0; now++)
        {
            double ahead = now - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (ahead > 0)
            {
                Thread.Sleep((int)Math.Ceiling(ahead));
            }

            slowest = Math.Max(slowest, -ahead);
            foreach (int index in turns[now % PieceMs])
            {
                LongTalkSession session = sessions[index];
                if (now >= phases[index] && !session.Speaker.IsDone)
                {
                    session.Say(pieces[session.Speaker.Next(session.Ended)]);
                    talking -= session.Speaker.IsDone ? 1 : 0;
                }
            }
        }

        return slowest;
    }
}
