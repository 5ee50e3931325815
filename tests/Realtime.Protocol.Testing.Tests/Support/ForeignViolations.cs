using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Tests.Defects;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>
/// What the simulator says that a client of somebody else does wrong in each of its talks: a list that is checked in, one file a client, so that a change of either shows. Races are
/// left out, for they depend on the machine, and so are the numbers of times.
/// </summary>
/// <remarks>
/// A line that ends with <c>, sometimes</c> is of a rule that the client breaks on some runs only: it depends on what comes first. Such a line is written by hand and stays.
/// With <c>REALTIME_APPROVE=1</c> the list is written instead of compared.
/// </remarks>
internal static class ForeignViolations
{
    private const string Sometimes = ", sometimes";

    private static readonly Lock Files = new();

    /// <summary>Compares what was found on a host with the lines of one talk, once the client has left.</summary>
    public static async Task CheckAsync(string client, string talk, RealtimeSimulatorHost host, ConnectionEnds ends, CancellationToken stop)
    {
        await ends.First.WaitAsync(stop);
        string[] found =
        [
            .. host.Violations.Where(static violation => violation.Level != ViolationLevel.Race)
                .Select(violation => $"{talk}: {violation.Rule} ({violation.Level.ToString().ToLowerInvariant()}){(violation.EventType.Length > 0 ? $" at {violation.EventType}" : "")}").Order(StringComparer.Ordinal),
        ];
        string file = Path.Combine(PlantedDefect.Repository, "tests/ForeignClients/violations", client + ".approved.txt");
        lock (Files)
        {
            string[] approved = File.Exists(file) ? File.ReadAllLines(file) : [];
            string[] sometimes = [.. approved.Where(line => IsOf(line, talk) && line.EndsWith(Sometimes, StringComparison.Ordinal))];
            string[] always = [.. found.Where(line => !sometimes.Contains(line + Sometimes))];
            always = always.Length + sometimes.Length > 0 ? always : [$"{talk}: nothing"];
            if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllLines(file, [.. approved.Where(line => !IsOf(line, talk)).Concat(sometimes).Concat(always).Order(StringComparer.Ordinal)]);
                return;
            }

            string[] expected = [.. approved.Where(line => IsOf(line, talk)).Except(sometimes)];
            Assert.True(
                expected.SequenceEqual(always),
                $"{client} breaks other rules than {Path.GetFileName(file)} says.\nexpected:\n{string.Join('\n', expected)}\nfound:\n{string.Join('\n', host.Violations)}");
        }
    }

    private static bool IsOf(string line, string talk) => line.StartsWith(talk + ": ", StringComparison.Ordinal);
}
