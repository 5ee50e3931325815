using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.CommandLine.Tests.Chaos;

/// <summary>What stays when the program that keeps gateways is killed.</summary>
public sealed class ChaosProcessTests
{
    private const int HangsAfterMs = 120_000;

    [Fact(Timeout = HangsAfterMs)]
    public async Task GatewaysEndWithTheirProgram_HoweverItEnds_EvenOneThatStandsStill()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "realtime.dll"), "chaos", "--calls", "1", "--kinds", "kill", "--journal", "none"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process chaos = Process.Start(start)!;
        Process[] gateways = [];
        try
        {
            while (gateways.Length < 2)
            {
                Assert.False(chaos.HasExited);
                await Task.Delay(20, stop); // nothing tells of it
                gateways = [.. Children(chaos.Id).Where(static child => CommandLine(child).Contains("\0gateway\0", StringComparison.Ordinal)).Select(Process.GetProcessById)];
            }

            // Their guards come right behind them.
            while (Children(chaos.Id).Count(static child => CommandLine(child).Contains("\0guard\0", StringComparison.Ordinal)) < 2)
            {
                await Task.Delay(20, stop);
            }

            using (Process still = Process.Start("kill", ["-STOP", gateways[0].Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await still.WaitForExitAsync(stop);
            }

            chaos.Kill();
            await Task.WhenAll(gateways.Select(gateway => gateway.WaitForExitAsync(stop)));
        }
        finally
        {
            foreach (Process each in gateways.Append(chaos).Where(static each => !each.HasExited))
            {
                each.Kill();
            }
        }
    }

    private static IEnumerable<int> Children(int process) =>
        Directory.EnumerateDirectories("/proc").Select(static path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0).Where(id => id > 0 && Read(id, "stat") is var stat && stat[(stat.LastIndexOf(')') + 1)..].Split(' ') is [_, _, var parent, ..] && parent == process.ToString(CultureInfo.InvariantCulture));

    private static string CommandLine(int process) => Read(process, "cmdline");

    // One that has just ended has none.
    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
