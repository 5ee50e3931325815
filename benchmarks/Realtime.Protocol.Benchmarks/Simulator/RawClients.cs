using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Simulator;

/// <summary>
/// All clients in a process of their own. It hears <c>open 200</c> and answers when each session has said something and rests, or <c>talk 6</c> and
/// answers, after so many cycles: events of both sides, pieces of echoes, how many of them were late or never came, and how late the slowest piece was said, in ms.
/// </summary>
public static class RawClients
{
    private const int EventsAtRest = 2; // session.created, and the answer to the clear
    private const int PatienceMs = 20_000;

    private static readonly byte[] Clear = TalkCycle.FrameOf("""{"type":"input_audio_buffer.clear"}"""u8);

    public static async Task RunAsync(Uri server, TextReader input, TextWriter output)
    {
        List<RawSession> sessions = [];
        while (await input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int count = int.Parse(words[1], CultureInfo.InvariantCulture);
            string answer = words[0] == "open" ? await OpenAsync(sessions, server, count) : await TalkAsync(sessions, count);
            await output.WriteLineAsync(answer);
            await output.FlushAsync();
        }

        sessions.ForEach(static session => session.Dispose());
    }

    private static async Task<string> OpenAsync(List<RawSession> sessions, Uri server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            RawSession session = await RawSession.ConnectAsync(server);
            session.Send(Clear);
            await session.HearAsync(EventsAtRest);
            sessions.Add(session);
        }

        return "open";
    }

    private static async Task<string> TalkAsync(List<RawSession> sessions, int cycles)
    {
        int eventsBefore = sessions.Sum(static session => session.Events);
        int inTimeBefore = sessions.Sum(static session => session.InTime);
        int piecesBefore = sessions.Sum(static session => session.Pieces);
        int responsesBefore = sessions.Sum(static session => session.Responses);
        double slowest = await Task.Factory.StartNew(() => Say([.. sessions], cycles), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        long patience = Environment.TickCount64 + PatienceMs;
        while (sessions.Sum(static session => session.Responses) - responsesBefore < sessions.Count * cycles && Environment.TickCount64 < patience)
        {
            await Task.Delay(100);
        }

        int said = sessions.Count * cycles * TalkCycle.Pieces;
        int heard = sessions.Sum(static session => session.Events) - eventsBefore;
        int pieces = sessions.Count * cycles * TalkCycle.Timetable.Due.Length;
        int late = pieces - (sessions.Sum(static session => session.InTime) - inTimeBefore);
        return string.Create(CultureInfo.InvariantCulture, $"{said + heard} {pieces} {late} {slowest} {sessions.Sum(static session => session.Pieces) - piecesBefore} {sessions.Sum(static session => session.Refusals)}");
    }

    // One thread says everything. The sessions begin one after the other in the first cycle, so that all of it goes on at any moment.
    private static double Say(RawSession[] sessions, int cycles)
    {
        int[] phases = [.. sessions.Select((_, index) => (int)((long)index * TalkCycle.CycleMs / sessions.Length))];
        ILookup<int, int> turns = Enumerable.Range(0, sessions.Length).ToLookup(index => phases[index] % TalkCycle.PieceMs);
        double slowest = 0;
        long start = Stopwatch.GetTimestamp();
        for (int now = 0; now < (cycles + 1) * TalkCycle.CycleMs; now++)
        {
            double ahead = now - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (ahead > 0)
            {
                Thread.Sleep((int)Math.Ceiling(ahead));
            }

            slowest = Math.Max(slowest, -ahead);
            foreach (int index in turns[now % TalkCycle.PieceMs])
            {
                int piece = (now - phases[index]) / TalkCycle.PieceMs;
                if (now >= phases[index] && piece < cycles * TalkCycle.Pieces)
                {
                    sessions[index].Say(piece % TalkCycle.Pieces);
                }
            }
        }

        return slowest;
    }
}
