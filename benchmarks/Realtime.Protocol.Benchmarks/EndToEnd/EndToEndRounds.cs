using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>
/// Receiving 19,200-byte audio events over a real WebSocket on loopback: a server and each client in a process of its own,
/// all connected from beginning to end, taking turns.
/// </summary>
public static class EndToEndRounds
{
    public const string Elapsed = "end to end";
    public const string Processor = "end to end, client CPU";

    private const int WarmUps = 8;
    private const int Rounds = 41;
    private const int TurnsInRound = 10;
    private const int MessagesInTurn = 400;

    public static IEnumerable<Series> Measure()
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.Serve);
        string port = server.Hear();
        var clients = EventClients.Names.Select(way => (Way: way, Process: ChildProcess.Start(ChildVerbs.Receive, way, port), Costs: new List<double[]>())).ToArray();
        try
        {
            for (int round = -WarmUps; round < Rounds; round++)
            {
                double[][] costs = Array.ConvertAll(clients, static _ => new double[3]);
                for (int turn = 0; turn < TurnsInRound * clients.Length; turn++)
                {
                    int index = (turn + (turn / clients.Length) + WarmUps + round) % clients.Length;
                    Take(clients[index].Process, costs[index]);
                }

                for (int index = 0; round >= 0 && index < clients.Length; index++)
                {
                    clients[index].Costs.Add(costs[index]);
                }
            }
        }
        finally
        {
            foreach ((_, ChildProcess process, _) in clients)
            {
                process.Dispose();
            }
        }

        return clients.SelectMany(static client => new Series[]
        {
            new(Elapsed, client.Way, [.. client.Costs.Select(static costs => costs[0])], Bytes(client.Costs)),
            new(Processor, client.Way, [.. client.Costs.Select(static costs => costs[1])], Bytes(client.Costs)),
        });
    }

    // One turn of a client, added to what its round costs a message: nanoseconds, those of the processor, bytes.
    private static void Take(ChildProcess client, double[] costs)
    {
        client.Say(MessagesInTurn.ToString(CultureInfo.InvariantCulture));
        double[] answer = [.. client.Hear().Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
        for (int index = 0; index < costs.Length; index++)
        {
            costs[index] += answer[index] / (TurnsInRound * MessagesInTurn);
        }
    }

    private static double Bytes(List<double[]> costs) => costs.Min(static round => round[2]);
}
