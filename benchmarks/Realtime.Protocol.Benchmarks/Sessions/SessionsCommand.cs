using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Benchmarks.Results;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// Whole sessions of ours beside the session client of the official SDK: what one holds of the heap while it rests, and what two hundred
/// cost that talk. The server and each client are processes of their own, connected from beginning to end; the clients take turns.
/// </summary>
public static class SessionsCommand
{
    private const int WarmUps = 2;
    private const int Rounds = 9;
    private const int PiecesInTurn = 200;

    private static readonly IReadOnlyList<string> Clients = RestingSessions.Names;
    private static readonly string[] Costs = ["CPU of talking sessions", "median delay", "99th percentile of the delay"];

    public static IReadOnlyList<Goal> Goals { get; } =
    [
        new("S1", "heap of a resting session over ws", Bound.CostAtMost, Targets.Everywhere(RestingSessions.Most), RestingSessions.Comparison, Peer: null, Unit: Unit.Bytes),
        new("S2", $"client CPU of {RestingSessions.Count} talking sessions / the OpenAI SDK's session client", Bound.CostAtMost, Targets.Everywhere(1.0), Costs[0], Ways.OpenAISdk),
        new("S3", "median delay of an answer / the OpenAI SDK's session client", Bound.CostAtMost, Targets.Everywhere(1.0), Costs[1], Ways.OpenAISdk),
        new("S4", "99th percentile of that delay / the OpenAI SDK's session client", Bound.CostAtMost, Targets.Everywhere(1.0), Costs[2], Ways.OpenAISdk),
    ];

    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output)
    {
        Priority.Raise();
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeTalk);
        (string plain, string encrypted, string certificate) = (server.Hear(), server.Hear(), server.Hear());
        SessionClient[] overTls = [.. Clients.Select(way => new SessionClient(way, encrypted, certificate))];
        double[] heldOverTls = RestingSessions.Open(overTls);
        Close(overTls);

        SessionClient[] clients = [.. Clients.Select(way => new SessionClient(way, plain, certificate))];
        try
        {
            double[] held = RestingSessions.Open(clients);
            Series[] talked = Talk(clients);
            Series[] measured = [.. Clients.Select((way, index) => RestingSessions.SeriesOf(way, held[index])), .. talked];
            Verdict[] verdicts = [.. Goals.Select(goal => Verdict.Of(goal, GoalRows.OfThisProcess(), measured))];
            output.WriteLine($"{verdicts[0]} (the OpenAI SDK's session client: {Figures.Of(Unit.Bytes, held[1])})");
            output.WriteLine($"   {Figures.Of(Unit.Bytes, heldOverTls[0])} over wss (the OpenAI SDK's session client: {Figures.Of(Unit.Bytes, heldOverTls[1])})");
            Array.ForEach(verdicts[1..], output.WriteLine);
            foreach (Series series in talked)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {series.Way}: {series.Comparison} {Spread.Of(series.Values).Median / 1_000:F0} µs"));
            }

            return verdicts.All(static verdict => verdict.IsReached) ? 0 : 1;
        }
        finally
        {
            Close(clients);
        }
    }

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
               select new Series(Costs[cost], clients[client].Way, [.. rounds[client].Select(costs => costs[cost])], null),
        ];
    }
}
