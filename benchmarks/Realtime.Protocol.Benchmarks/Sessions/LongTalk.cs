using System.Diagnostics;
using System.IO.Pipelines;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// Many sessions of ours in this process that talk to the simulator for a long time as people do: two seconds of speech, then three in which the echo is heard, in real time. The server finds the
/// turns, the application hears each to its end and reports what was played. Speech is handed over 100 ms at a time, as a browser does, so that two cores carry a thousand.
/// </summary>
public sealed class LongTalk(Uri server) : IAsyncDisposable
{
    private const int PieceMs = 100;
    private const int PiecesInCycle = TalkCycle.CycleMs / PieceMs;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<VoiceSession> _sessions = [];
    private readonly List<Task> _hearing = [];
    private int _heard;
    private int _wrong;

    /// <summary>Opens so many sessions, one after the other.</summary>
    public async Task OpenAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            VoiceSession session = await VoiceSession.ConnectAsync(new VoiceSessionOptions
            {
                Endpoint = server,
                Session = SessionConfiguration.OpenMicrophone with { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(200), PrefixPadding = TimeSpan.Zero } },
            });
            _sessions.Add(session);
            _hearing.AddRange([HearAsync(session), ReadAsync(session.ReadUpdatesAsync()), ReadAsync(session.ReadUtterancesAsync())]);
        }
    }

    /// <summary>All sessions talk for so many cycles, each beginning a little later than the one before it, and then rest.</summary>
    /// <returns>How many turns were heard to their end, how many ended otherwise, and how late the slowest piece was said, in ms.</returns>
    public async Task<(int Heard, int Wrong, double Slowest)> TalkAsync(int cycles)
    {
        int due = Volatile.Read(ref _heard) + Volatile.Read(ref _wrong) + (_sessions.Count * cycles);
        (int heardBefore, int wrongBefore) = (Volatile.Read(ref _heard), Volatile.Read(ref _wrong));
        double slowest = await Task.Factory.StartNew(() => Say([.. _sessions], cycles), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _heard) + Volatile.Read(ref _wrong) < due && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(100);
        }

        return (Volatile.Read(ref _heard) - heardBefore, Volatile.Read(ref _wrong) - wrongBefore, slowest);
    }

    /// <summary>Closes all sessions, as when everybody hangs up, and waits until nothing of them runs any more.</summary>
    public async Task CloseAsync()
    {
        foreach (VoiceSession session in _sessions)
        {
            await session.CloseAsync();
            await session.DisposeAsync();
        }

        await Task.WhenAll(_hearing);
        _sessions.Clear();
        _hearing.Clear();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task HearAsync(VoiceSession session)
    {
        await foreach (Turn turn in session.ReadServerTurnsAsync().ConfigureAwait(false))
        {
            long played = 0;
            ReadResult read;
            do
            {
                read = await turn.Audio.ReadAsync().ConfigureAwait(false);
                played += read.Buffer.Length;
                turn.Audio.AdvanceTo(read.Buffer.End);
                turn.ReportPlayed(played);
            }
            while (!read.IsCompleted);

            await turn.Audio.CompleteAsync().ConfigureAwait(false);
            TurnResult result = await turn.Completion.ConfigureAwait(false);
            Interlocked.Increment(ref result.Outcome is TurnOutcome.Completed && played > 0 ? ref _heard : ref _wrong);
        }
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> all)
    {
        await foreach (T _ in all.ConfigureAwait(false))
        {
            // What is read does not wait in the session.
        }
    }

    // One thread says everything. The sessions begin one after the other in the first cycle, so that all of it goes on at any moment.
    private static double Say(VoiceSession[] sessions, int cycles)
    {
        if (sessions is [])
        {
            return 0;
        }

        int[] phases = [.. sessions.Select((_, index) => (int)((long)index * TalkCycle.CycleMs / sessions.Length))];
        ILookup<int, int> turns = Enumerable.Range(0, sessions.Length).ToLookup(index => phases[index] % PieceMs);
        byte[][] pieces = [.. TalkCycle.MakeSound().Chunk(PieceMs * TalkCycle.BytesPerMs)];
        double slowest = 0;
        long start = Stopwatch.GetTimestamp();
        for (int now = 0; now < phases[^1] + (cycles * TalkCycle.CycleMs); now++)
        {
            double ahead = now - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (ahead > 0)
            {
                Thread.Sleep((int)Math.Ceiling(ahead));
            }

            slowest = Math.Max(slowest, -ahead);
            foreach (int index in turns[now % PieceMs])
            {
                int piece = (now - phases[index]) / PieceMs;
                if (now >= phases[index] && piece < cycles * PiecesInCycle)
                {
                    _ = sessions[index].Input.WriteAsync(pieces[piece % PiecesInCycle]).AsTask().GetAwaiter().GetResult();
                }
            }
        }

        return slowest;
    }
}
