using System.Diagnostics;
using System.Globalization;
using System.Text;
using Realtime.Protocol.Benchmarks.Results;
using Realtime.Protocol.CommandLine.Chaos.Servers;

namespace Realtime.Protocol.Benchmarks.Journals;

/// <summary>
/// How long claims and saves of the journals take, ten calls side by side, each store beside the others in one run: a folder whose files are flushed to the disk, PostgreSQL and Redis in servers of this run on the same machine. A store that is not there
/// is skipped by name. There is no goal: a save is never on the way of the audio.
/// </summary>
internal static class JournalsCommand
{
    private const int Callers = 10;

    // A call of ten minutes, and one of a day.
    private static readonly (string Name, int Bytes, int Rounds)[] Checkpoints = [("7 KB", 7_000, 100), ("1 MB", 1_000_000, 10)];

    /// <returns>The exit code: 0.</returns>
    public static async Task<int> PrintAsync(TextWriter output)
    {
        Machine machine = Machine.OfThisProcess();
        output.WriteLine($"{machine.Processor}, {machine.Cores} cores, {machine.Runtime}; {Callers} calls side by side");
        output.WriteLine();
        output.WriteLine("| store | checkpoint | claim p50 / p95 | save p50 / p95 |");
        output.WriteLine("|---|---|---|---|");
        await MeasureFilesAsync(output);
        await MeasurePostgreSqlAsync(output);
        await MeasureRedisAsync(output, "everysec");
        await MeasureRedisAsync(output, "always");
        return 0;
    }

    private static async Task MeasureFilesAsync(TextWriter output)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("realtime-journals-");
        try
        {
            await MeasureAsync(output, "file, flushed", new FileJournal(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasurePostgreSqlAsync(TextWriter output)
    {
        if (PostgreSqlServer.Missing is { } missing)
        {
            output.WriteLine($"| PostgreSQL | skipped: {missing} | | |");
            return;
        }

        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        await using var journal = new PostgreSqlJournal(server.ConnectionString);
        await journal.CreateSchemaAsync();
        await MeasureAsync(output, "PostgreSQL, `fsync` on", journal);
    }

    private static async Task MeasureRedisAsync(TextWriter output, string fsync)
    {
        if (RedisServer.Missing is { } missing)
        {
            output.WriteLine($"| Redis | skipped: {missing} | | |");
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync(fsync);
        await using var journal = new RedisJournal(server.Configuration);
        await MeasureAsync(output, $"Redis, `appendfsync {fsync}`", journal);
    }

    private static async Task MeasureAsync(TextWriter output, string store, ISessionJournal journal)
    {
        foreach ((string name, int bytes, int rounds) in Checkpoints)
        {
            byte[] checkpoint = CheckpointOf(bytes);
            await TalkAsync(journal, "warms up", checkpoint, rounds: 10); // connections, statements, the compiler
            (double[] claims, double[] saves) = await TalkAsync(journal, name, checkpoint, rounds);
            output.WriteLine($"| {store} | {name} | {Text(claims)} | {Text(saves)} |");
        }
    }

    /// <summary>Every caller claims its call anew in each round, and saves four times.</summary>
    private static async Task<(double[] Claims, double[] Saves)> TalkAsync(ISessionJournal journal, string name, byte[] checkpoint, int rounds)
    {
        (List<double> Claims, List<double> Saves)[] all = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            string call = $"{name} {caller}";
            var (claims, saves) = (new List<double>(), new List<double>());
            for (int round = 0; round < rounds; round++)
            {
                long begun = Stopwatch.GetTimestamp();
                JournalClaim claim = await journal.ClaimAsync(call, "benchmark", CancellationToken.None);
                claims.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                if (round > 0 && claim.Checkpoint?.Length != checkpoint.Length)
                {
                    throw new InvalidDataException($"A claim gave {claim.Checkpoint?.Length ?? 0} bytes and not the {checkpoint.Length} that were saved.");
                }

                for (int save = 0; save < 4; save++)
                {
                    begun = Stopwatch.GetTimestamp();
                    bool isSaved = await journal.SaveAsync(call, claim.Fence, checkpoint, CancellationToken.None);
                    saves.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    if (!isSaved)
                    {
                        throw new InvalidDataException("The owner of a call could not save.");
                    }
                }
            }

            return (claims, saves);
        })));
        return ([.. all.SelectMany(static caller => caller.Claims)], [.. all.SelectMany(static caller => caller.Saves)]);
    }

    // JSON as a checkpoint's: words, which a database can compress, and ids, which it can't.
    private static byte[] CheckpointOf(int bytes)
    {
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.Length < bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"type\":\"message\",\"id\":\"item_{random.NextInt64():x16}\",\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":\"My order is {random.Next(10_000)}. Where is it?\"}}]}},");
        }

        return Encoding.UTF8.GetBytes(text.ToString(0, bytes));
    }

    private static string Text(double[] times)
    {
        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"{Figure(times[times.Length / 2])} / {Figure(times[times.Length * 95 / 100])} ms");
    }

    private static string Figure(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
