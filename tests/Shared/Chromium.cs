using System.Diagnostics;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>Chromium without a window, where it is installed.</summary>
internal static class Chromium
{
    /// <summary>Starts it; what it prints can be read. Skips the test where there is no browser. Whoever starts it ends it.</summary>
    /// <param name="folder">Where the browser keeps its things.</param>
    /// <param name="arguments">What else it is told.</param>
    public static Process Start(string folder, params ReadOnlySpan<string> arguments)
    {
        string? browser = Find();
        Assert.SkipWhen(browser is null, "Chromium is not here; apt-get install chromium brings it.");
        return Process.Start(new ProcessStartInfo(browser!, ["--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder}", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from name in (string[])["chromium", "chromium-browser", "google-chrome"]
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
