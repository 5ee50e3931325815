using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>
/// How long a piece of speech takes from the server's sending to the bytes that an application can read, the same of whole sessions and of the platform's socket. The ways hear
/// in turns, piece by piece, with 2 ms between two of them, so that each piece meets a machine that rests.
/// </summary>
public static class LatencyRounds
{
    public const string Usual = "latency, 19,200 B";
    public const string Small = "latency, 960 B";

    /// <summary>The 99th percentile, of as many samples as it takes to tell it from the machine's noise.</summary>
    public const string Tail = "latency, 19,200 B, 99th percentile";

    private const int WarmUps = 4;
    private const int WarmUpPieces = 150;
    private const int Rounds = 41;
    private const int PiecesInRound = 60;
    private const int TailRounds = 11;
    private const int PiecesInTailRound = 2_000;

    private static readonly (int, int) Pace = (2, 1);

    public static IEnumerable<Series> MeasureUsual() => Measure(Usual, 19_200, Rounds, PiecesInRound, 0.5);

    public static IEnumerable<Series> MeasureSmall() => Measure(Small, 960, Rounds, PiecesInRound, 0.5);

    public static IEnumerable<Series> MeasureTail() => Measure(Tail, 19_200, TailRounds, PiecesInTailRound, 0.99);

    private static IEnumerable<Series> Measure(string comparison, int pieceBytes, int rounds, int pieces, double percentile)
    {
        using var audience = new Audience(pieceBytes, sessions: 1);
        int[] everybody = [.. Enumerable.Range(0, ListeningSessions.Names.Count)];
        for (int warmUp = 0; warmUp < WarmUps; warmUp++)
        {
            audience.Speak("times", WarmUpPieces, Pace, everybody);
        }

        double[][] nanoseconds = Array.ConvertAll(everybody, _ => new double[rounds]);
        for (int round = 0; round < rounds; round++)
        {
            double[][] times = audience.Speak("times", pieces, Pace, everybody);
            foreach (int way in everybody)
            {
                Array.Sort(times[way]);
                nanoseconds[way][round] = times[way][(int)(percentile * times[way].Length)];
            }
        }

        return everybody.Select(way => new Series(comparison, ListeningSessions.Names[way], nanoseconds[way], null));
    }
}
