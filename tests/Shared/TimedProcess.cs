using System.Diagnostics;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>A process that ran to its end: what it said, each line with the time since the process was started.</summary>
internal sealed record TimedProcess(int ExitCode, IReadOnlyList<(string Text, TimeSpan At)> Lines, string Complaints, TimeSpan Ended)
{
    // A publish may have to download the runtime, some 100 MB, and compiles all of ASP.NET Core that the tool uses.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Both streams as text, for an assertion's message.</summary>
    public string Output => string.Join('\n', Lines.Select(static line => line.Text).Append(Complaints));

    /// <summary>Runs a program; a process that does not end is killed.</summary>
    public static async Task<TimedProcess> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // What a test run sets for its own build is not for one that it starts.
        foreach (string variable in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> complaints = process.StandardError.ReadToEndAsync(patience.Token);
            var lines = new List<(string Text, TimeSpan At)>();
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add((line, Stopwatch.GetElapsedTime(began)));
            }

            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, lines, await complaints, Stopwatch.GetElapsedTime(began));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
