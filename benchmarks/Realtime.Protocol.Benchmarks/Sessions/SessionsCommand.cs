using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// Whole sessions of ours beside the session client of the official SDK: what one holds of the heap while it rests, and what two hundred
/// cost that talk. The server and each client are processes of their own, connected from beginning to end; the clients take turns.
/// </summary>
public static class SessionsCommand
{
    private const int Sessions = 200;
    private const int WarmUps = 2;
    private const int Rounds = 9;
    private const int PiecesInTurn = 200;
    private const double HeapGoal = 40;

    private static readonly string[] Clients = [Ways.RealtimeProtocol, Ways.OpenAISdk];
    private static readonly string[] Costs = ["CPU of talking sessions", "median delay", "99th percentile of the delay"];

    /// <summary>The goals of what is a ratio; what a session holds has a goal of its own, in kilobytes.</summary>
    public static IReadOnlyList<Goal> Goals { get; } =
    [
        new("S2", $"client CPU of {Sessions} talking sessions / the OpenAI SDK's session client", Bound.CostAtMost, 1.0, null, Costs[0], Ways.OpenAISdk, Ways.RealtimeProtocol),
        new("S3", "median delay of an answer / the OpenAI SDK's session client", Bound.CostAtMost, 1.0, null, Costs[1], Ways.OpenAISdk, Ways.RealtimeProtocol),
        new("S4", "99th percentile of that delay / the OpenAI SDK's session client", Bound.CostAtMost, 1.0, null, Costs[2], Ways.OpenAISdk, Ways.RealtimeProtocol),
    ];

    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output)
    {
        Priority.Raise();
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeTalk);
        (string plain, string encrypted, string certificate) = (server.Hear(), server.Hear(), server.Hear());
        SessionClient[] overTls = [.. Clients.Select(way => new SessionClient(way, encrypted, certificate))];
        double[] heldOverTls = Open(overTls);
        Close(overTls);

        SessionClient[] clients = [.. Clients.Select(way => new SessionClient(way, plain, certificate))];
        try
        {
            double[] held = Open(clients);
            bool isSmall = held[0] <= HeapGoal;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"S1 {held[0]:F1} KB goal {HeapGoal:F1} KB {(isSmall ? "ok   " : "short")}  heap of a resting session over ws (the OpenAI SDK's session client: {held[1]:F1} KB)"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {heldOverTls[0]:F1} KB over wss (the OpenAI SDK's session client: {heldOverTls[1]:F1} KB)"));

            Series[] measured = Talk(clients);
            Verdict[] verdicts = [.. Goals.Select(goal => Verdict.Of(goal, hasAvx512: true, measured))];
            Array.ForEach(verdicts, output.WriteLine);
            foreach (Series series in measured)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {series.Way}: {series.Comparison} {Spread.Of(series.Nanoseconds).Median / 1_000:F0} µs"));
            }

            return isSmall && verdicts.All(static verdict => verdict.IsReached) ? 0 : 1;
        }
        finally
        {
            Close(clients);
        }
    }

    private static double[] Open(SessionClient[] clients) => Array.ConvertAll(clients, static client => client.Open(Sessions) / 1_024);

    private static void Close(SessionClient[] clients) => Array.ForEach(clients, static client => client.Dispose());

    private static Series[] Talk(SessionClient[] clients)
    {
        List<double[]>[] rounds = Array.ConvertAll(clients, static _ => new List<double[]>());
        for (int round = -WarmUps; round < Rounds; round++)
        {
            for (int turn = 0; turn < clients.Length; turn++)
            {
                int index = (turn + WarmUps + round) % clients.Length;
                double[] costs = clients[index].Talk(PiecesInTurn);
                if (round >= 0)
                {
                    rounds[index].Add(costs);
                }
            }
        }

        return
        [
            .. from cost in Enumerable.Range(0, Costs.Length)
               from client in Enumerable.Range(0, clients.Length)
               select new Series(Costs[cost], clients[client].Way, [.. rounds[client].Select(costs => costs[cost])], 0),
        ];
    }
}
