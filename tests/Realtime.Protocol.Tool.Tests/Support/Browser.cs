using System.Diagnostics;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>Chromium without a window, where it is installed: opens a page, lets its program run, and gives back what became of it.</summary>
internal static class Browser
{
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(60);

    /// <summary>Opens an address. Skips the test where there is no browser.</summary>
    /// <param name="address">The address.</param>
    /// <param name="folder">Where the browser keeps its things.</param>
    /// <returns>The document as it is then, and each line of the page's console.</returns>
    public static async Task<(string Document, string[] Console)> OpenAsync(string address, TemporaryFolder folder)
    {
        string? browser = Find();
        Assert.SkipWhen(browser is null, "Chromium is not here; apt-get install chromium brings it.");
        var start = new ProcessStartInfo(browser!,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1280,900", "--virtual-time-budget=5000", $"--user-data-dir={folder.File("browser")}", "--dump-dom", address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ending.CancelAfter(HangsAfter);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(ending.Token);
            string document = await process.StandardOutput.ReadToEndAsync(ending.Token);
            await process.WaitForExitAsync(ending.Token);
            return (document, [.. (await error).Split('\n').Where(static line => line.Contains(":CONSOLE:", StringComparison.Ordinal))]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from name in (string[])["chromium", "chromium-browser", "google-chrome"]
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
