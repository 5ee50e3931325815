using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>The program as a process of its own, for what only the operating system can show.</summary>
internal static class ToolProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "realtime.dll");

    /// <summary>Runs the program in a shell, with what stands behind its arguments, and returns its own exit code and what went to standard error.</summary>
    /// <param name="command">What stands behind the program's name.</param>
    /// <param name="path">Where it finds other programs; null for as usual.</param>
    public static async Task<(int ExitCode, string Error)> RunAsync(string command, string? path = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell here.");
        var start = new ProcessStartInfo("bash", ["-c", $"{(path is null ? "" : $"env PATH='{path}' ")}\"$(command -v dotnet)\" '{Program}' {command}; echo ${{PIPESTATUS[0]}}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process shell = Process.Start(start)!;
        try
        {
            CancellationToken cancellationToken = TestContext.Current.CancellationToken;
            Task<string> error = shell.StandardError.ReadToEndAsync(cancellationToken);
            string exitCode = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
            await shell.WaitForExitAsync(cancellationToken);
            return (int.Parse(exitCode, CultureInfo.InvariantCulture), await error);
        }
        finally
        {
            if (!shell.HasExited)
            {
                shell.Kill(entireProcessTree: true);
            }
        }
    }
}
