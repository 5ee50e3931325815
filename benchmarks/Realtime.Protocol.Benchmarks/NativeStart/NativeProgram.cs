using System.Security.Cryptography;
using Realtime.Protocol.Tests.Shared;

namespace Realtime.Protocol.Benchmarks.NativeStart;

/// <summary>
/// <c>tests/TrimmedProgram</c>, compiled ahead of time: published when it is first asked for, which takes a minute or two, and again when it or a library under it
/// has changed. The same sources give the same bytes, so the libraries that this process runs on say which sources those are.
/// </summary>
public static class NativeProgram
{
    private const string Project = "tests/TrimmedProgram";
    private const string How = "aot";

    private static readonly string[] Libraries = ["Realtime.Protocol.dll", "Realtime.Protocol.Transport.dll", "Realtime.Protocol.Hosting.dll"];

    /// <returns>The program's path; or what is missing and how to get it.</returns>
    public static async Task<(string? Path, string? Missing)> GetAsync(TextWriter progress)
    {
        string folder = Publishing.FolderOf(Project, How);
        string program = Path.Combine(folder, Path.GetFileName(Project));
        string stampFile = $"{folder}.stamp";
        string stamp = await StampAsync();
        if (File.Exists(program) && File.Exists(stampFile) && await File.ReadAllTextAsync(stampFile) == stamp)
        {
            return (program, null);
        }

        await progress.WriteLineAsync($"Publishing {Project}, compiled ahead of time: a minute or two, once for these sources.");
        TimedProcess published = await Publishing.PublishAsync(Project, How);
        if (published.ExitCode == 0)
        {
            await File.WriteAllTextAsync(stampFile, stamp);
            return (program, null);
        }

        return (null, Publishing.MissingFrom(published.Output) is { } missing
            ? $"a program can't be compiled ahead of time here: {missing}"
            : $"`dotnet publish {Project} -c Release -p:Publish={How}` does not succeed: {published.Lines.Select(static line => line.Text).FirstOrDefault(static line => line.Contains("error ", StringComparison.Ordinal)) ?? $"exit code {published.ExitCode}"}");
    }

    // What the program is made of, but for the platform, which its project names.
    private static async Task<string> StampAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] files =
        [
            .. Directory.EnumerateFiles(RepositoryFolder.PathOf(Project)).Order(StringComparer.Ordinal),
            RepositoryFolder.PathOf("Directory.Build.props"),
            RepositoryFolder.PathOf("Directory.Packages.props"),
            RepositoryFolder.PathOf("global.json"),
            .. Libraries.Select(static library => Path.Combine(AppContext.BaseDirectory, library)),
        ];
        foreach (string file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        return $"{Environment.Version} {Convert.ToHexStringLower(hash.GetHashAndReset())}\n";
    }
}
