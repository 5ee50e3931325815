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

    private const int WarmUps = 12;
    private const int Rounds = 41;
    private const int MessagesInRound = 1_500;

    public static IEnumerable<Series> Measure()
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.Serve);
        string port = server.Hear();
        var clients = EventClients.Names.Select(way => (Way: way, Process: ChildProcess.Start(ChildVerbs.Receive, way, port), Answers: new List<double[]>())).ToArray();
        try
        {
            for (int round = -WarmUps; round < Rounds; round++)
            {
                for (int turn = 0; turn < clients.Length; turn++)
                {
                    (_, ChildProcess process, List<double[]> answers) = clients[(turn + WarmUps + round) % clients.Length];
                    process.Say(MessagesInRound.ToString(CultureInfo.InvariantCulture));
                    double[] answer = [.. process.Hear().Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture) / MessagesInRound)];
                    if (round >= 0)
                    {
                        answers.Add(answer);
                    }
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
            new(Elapsed, client.Way, [.. client.Answers.Select(static answer => answer[0])], Bytes(client.Answers)),
            new(Processor, client.Way, [.. client.Answers.Select(static answer => answer[1])], Bytes(client.Answers)),
        });
    }

    private static double Bytes(List<double[]> answers) => answers.Min(static answer => answer[2]);
}
