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
        using Process process = Chromium.Start(folder.File("browser"), "--enable-logging=stderr", "--window-size=1280,900", "--virtual-time-budget=5000", "--dump-dom", address);
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
}
