namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>Reads whole files, and says in one sentence why one cannot be read.</summary>
internal static class ScenarioFiles
{
    private const long LargestScenario = 16 * 1024 * 1024;

    public static byte[] Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > LargestScenario }
                ? throw new ScenarioException(path, 0, 0, "A scenario has at most 16 MiB; sounds are files of their own.")
                : File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScenarioException(path, 0, 0, Why(failure), failure);
        }
    }

    /// <summary>Why a file cannot be read.</summary>
    public static string Why(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "There is no such file.",
        UnauthorizedAccessException => "This is no file that may be read.",
        _ => "The file cannot be read.",
    };
}
