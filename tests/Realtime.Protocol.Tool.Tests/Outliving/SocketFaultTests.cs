using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Outliving;

/// <summary>
/// A session against <c>realtime serve</c> in another process, whose connection breaks behind any byte of the server: by a goodbye, by a reset, by silence, and because the process is killed; with <c>Reconnect</c> and without.
/// <c>REALTIME_SOCKET_OFFSETS=200</c> tries so many places instead of 24.
/// </summary>
public sealed class SocketFaultTests(ITestOutputHelper output)
{
    private const int HangsAfterMs = 1_200_000;
    private const string Goodbye = "close";
    private const string Reset = "reset";
    private const string Silence = "stall";
    private const string Kill = "kill";

    private static readonly int Offsets = int.TryParse(Environment.GetEnvironmentVariable("REALTIME_SOCKET_OFFSETS"), CultureInfo.InvariantCulture, out int offsets) ? offsets : 24;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("REALTIME_TEST_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 13;

    [Fact(Timeout = HangsAfterMs)]
    public async Task LineThatBreaksAnywhere_LosesNoTurn_AndNothingIsAskedForTwice()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("scenarios"));
        ServingProcess mortal = await ServingProcess.StartAsync(0);
        Break[] breaks = [.. Places(await MeasureAsync(mortal))];
        foreach (Break broken in breaks.Where(static broken => broken.How != Kill))
        {
            File.WriteAllText(folder.File($"scenarios/{broken.Name}.json"), broken.Scenario());
            File.WriteAllText(folder.File($"scenarios/{broken.After}.json"), $$"""{"name":"{{broken.After}}"}""");
        }

        var resumptions = new ConcurrentDictionary<string, ConcurrentBag<TimeSpan>>();
        Task<ConcurrentBag<TimeSpan>> kills = KillAsync(mortal, [.. breaks.Where(static broken => broken.How == Kill)]);
        var talks = new ConcurrentDictionary<Break, SocketTalk>();
        using (ServingProcess server = await ServingProcess.StartAsync(0, "--scenario", folder.File("scenarios"), "--log", folder.File("logs")))
        {
            await Parallel.ForEachAsync(breaks.Where(static broken => broken.How != Kill), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (broken, _) =>
            {
                SocketTalk talk = talks[broken] = new SocketTalk(broken.Name, broken.Outlives)
                {
                    Address = number => Task.FromResult(new Uri($"{server.Url}?scenario={(number == 1 ? broken.Name : broken.After)}")),
                    KeepAlive = broken.How == Silence ? TimeSpan.FromSeconds(1) : null,
                };
                await talk.RunAsync();
                resumptions.GetOrAdd(broken.How, static _ => []).AddAll(talk.Resumptions);
            });
            string printed = await server.EndAsync();
            Assert.DoesNotContain("defect", printed, StringComparison.Ordinal);
        }

        foreach ((Break broken, SocketTalk talk) in talks)
        {
            CheckLogs(folder.File("logs"), broken, talk);
        }

        resumptions[Kill] = await kills;
        foreach ((string how, ConcurrentBag<TimeSpan> spans) in resumptions)
        {
            double[] sorted = [.. spans.Select(static span => span.TotalMilliseconds).Order()];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{how}: resumed {sorted.Length} times, half of them within {(sorted.Length > 0 ? sorted[sorted.Length / 2] : 0):0.0} ms, all within {(sorted.Length > 0 ? sorted[^1] : 0):0.0} ms"));
        }
    }

    // How long each message of the server is when nothing breaks.
    private static async Task<int[]> MeasureAsync(ServingProcess server)
    {
        var talk = new SocketTalk("whole", outlives: true) { Address = _ => Task.FromResult(server.Url) };
        await talk.RunAsync();
        Assert.Single(talk.Wires);
        return [.. talk.Wires[0].Received];
    }

    private static IEnumerable<Break> Places(int[] lengths)
    {
        var random = new Random(Seed);
        long total = lengths.Sum(static length => (long)length);
        for (int i = 0; i < Offsets; i++)
        {
            // Spread over all bytes, one somewhere in each stretch.
            long at = (long)((i + random.NextDouble()) * total / Offsets);
            (int message, long within) = (0, at);
            for (; within >= lengths[message]; message++)
            {
                within -= lengths[message];
            }

            string how = i % 8 == 7 ? Kill : (i % 3) switch { 0 => Goodbye, 1 => Reset, _ => Silence };
            yield return new(i, how, at, message + 1, (int)within, Outlives: true);
            yield return new(i, how, at, message + 1, (int)within, Outlives: false);
        }
    }

    // Each server is killed by the talk that it serves, and the next one is started at its port: for the rest of that talk, and for the next.
    private static async Task<ConcurrentBag<TimeSpan>> KillAsync(ServingProcess server, Break[] breaks)
    {
        var resumptions = new ConcurrentBag<TimeSpan>();
        try
        {
            // Without Reconnect the next server is for nobody but the next talk: every other one is enough.
            foreach (Break broken in breaks.Where(static broken => broken.Outlives == (broken.Number / 8 % 2 == 0) || Offsets > 24))
            {
                Task<ServingProcess> next = Task.FromResult(server);
                var talk = new SocketTalk(broken.Name, broken.Outlives)
                {
                    Address = async number => (await next).Url,
                    Watch = socket => new(socket)
                    {
                        Until = broken.At + 1,
                        Reached = () =>
                        {
                            // From now on whoever connects waits for the next one, also who learns of the loss by sending.
                            Task killing = server.KillAsync();
                            next = RestartAsync(server.Url.Port, killing, broken);
                            return killing;
                        },
                    },
                };
                await talk.RunAsync();
                ServingProcess killed = server;
                server = await next;

                // Without Reconnect the last question is not asked, and the last places are not reached.
                Assert.True(killed != server || !broken.Outlives, $"{broken.Name}: the server was not killed");
                if (killed != server)
                {
                    killed.Dispose();
                }

                resumptions.AddAll(talk.Resumptions);
                string violations = await ViolationsAsync(server);
                Assert.True(violations.Length == 0, $"{broken.Name}: {violations}");
            }
        }
        finally
        {
            server.Dispose();
        }

        return resumptions;
    }

    // With the same seed it would give its first call the same id as the one before.
    private static async Task<ServingProcess> RestartAsync(int port, Task killing, Break broken)
    {
        await killing;
        return await ServingProcess.StartAsync(port, "--seed", string.Create(CultureInfo.InvariantCulture, $"{(2 * broken.Number) + (broken.Outlives ? 100 : 101)}"));
    }

    private static async Task<string> ViolationsAsync(ServingProcess server)
    {
        using var http = new HttpClient();
        JsonNode told = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{server.Url.Port}/violations")))!;
        return string.Join(" | ", told["violations"]!.AsArray().Where(static violation => !IsExcused(violation!, Kill)).Select(static violation => violation!.ToJsonString()));
    }

    private static void CheckLogs(string logs, Break broken, SocketTalk talk)
    {
        string[] files = [.. Directory.GetFiles(logs, $"*-{broken.Name}.jsonl"), .. Directory.GetFiles(logs, $"*-{broken.After}.jsonl").Order(StringComparer.Ordinal)];
        Assert.True(files.Length == talk.Wires.Count, $"{broken.Name}: {files.Length} logs of {talk.Wires.Count} connections");
        for (int i = 0; i < files.Length; i++)
        {
            JsonNode[] lines = [.. File.ReadLines(files[i]).Select(static line => JsonNode.Parse(line)!)];
            string[] received = [.. lines.Where(static line => (string?)line["dir"] == "client").Select(static line => Told(line["event"]!))];
            string[] sent = [.. talk.Wires[i].Sent.Select(Told)];

            // What was on its way when the line broke never came; everything else came once, and in its order.
            Assert.True(received.Length <= sent.Length && received.SequenceEqual(sent[..received.Length]), $"{broken.Name}, connection {i + 1}: sent {string.Join(" ", sent)} and received {string.Join(" ", received)}");
            string[] violations = [.. lines.Where(line => line["rule"] is not null && !IsExcused(line, broken.How)).Select(static line => line.ToJsonString())];
            Assert.True(violations.Length == 0, $"{broken.Name}, connection {i + 1}: {string.Join(" | ", violations)}");
        }
    }

    private static string Told(JsonNode message) => $"{message["type"]}/{message["event_id"]}";

    // Nobody says goodbye to a server that has fallen silent.
    private static bool IsExcused(JsonNode violation, string how) => how == Silence && (string?)violation["rule"] is "left-without-goodbye";

    /// <summary>Where and how the line breaks.</summary>
    private sealed record Break(int Number, string How, long At, int Message, int Within, bool Outlives)
    {
        public string Name => $"{How}-{Number}-m{Message}-{Within}{(Outlives ? "" : "-once")}";

        public string After => $"after-{Number}-{(Outlives ? "more" : "once")}";

        public string Scenario() => $$"""{"name":"{{Name}}","faults":[{"fault":"{{How}}","at":"any","nth":{{Message}},{{How switch
        {
            Goodbye => "\"value\":1011",
            Reset => $"\"bytes\":{Within}",
            _ => $"\"for\":\"forever\",\"bytes\":{Within}",
        }}}}]}""";
    }
}

file static class Bags
{
    public static void AddAll<T>(this ConcurrentBag<T> bag, IEnumerable<T> more)
    {
        foreach (T one in more)
        {
            bag.Add(one);
        }
    }
}
