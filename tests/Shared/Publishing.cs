using System.Reflection;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>
/// Publishes a program of the repository trimmed or compiled ahead of time, into <c>artifacts/publish/&lt;project&gt;/&lt;how&gt;</c>, on the libraries that whoever
/// asks runs on: nothing of them is built again, while others use it. Optimised, as users publish.
/// </summary>
internal static class Publishing
{
    private static readonly string Configuration = typeof(Publishing).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <param name="project">The project's folder, in the repository.</param>
    /// <param name="how">What its <c>Publish</c> property takes: <c>trimmed</c> or <c>aot</c>.</param>
    public static string FolderOf(string project, string how) => RepositoryFolder.PathOf("artifacts", "publish", Path.GetFileName(project), how);

    /// <summary>What was said of the last publish lies beside its folder and goes with it.</summary>
    public static async Task<TimedProcess> PublishAsync(string project, string how)
    {
        string folder = FolderOf(project, how);
        Directory.CreateDirectory(folder);
        Directory.Delete(folder, recursive: true);
        foreach (string said in Directory.EnumerateFiles(Path.GetDirectoryName(folder)!, $"{how}.*"))
        {
            File.Delete(said);
        }

        return await TimedProcess.RunAsync("dotnet",
            "publish", RepositoryFolder.PathOf(project), "--nologo", "--disable-build-servers",
            "-c", Configuration, "-p:Optimize=true", $"-p:Publish={how}", "-p:BuildProjectReferences=false", "-o", folder);
    }

    // NU1101 and NU1102: the package is not at this source. NU1301: the source can't be reached. The last: no linker for native code.

    /// <returns>What this machine can't get, of what a publish said; null when that is not why it failed.</returns>
    public static string? MissingFrom(string output) => output.Split('\n').FirstOrDefault(static line =>
        line.Contains("error NU1101") || line.Contains("error NU1102") || line.Contains("error NU1301") || line.Contains("error : Platform linker")) is { } line
            ? line[(line.IndexOf("error ", StringComparison.Ordinal) + "error ".Length)..].Trim()
            : null;
}
