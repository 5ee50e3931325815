using System.Runtime.InteropServices;
using Repository.Tests.Packages;

namespace Repository.Tests.Readme;

/// <summary>
/// What a reader has after installing: the packages, and the command <c>realtime</c>. They are those in the folder that REALTIME_PACKAGES names, as <c>.ci/run</c> packs them.
/// Without it whoever follows a page is skipped: packing and building take a minute of two cores.
/// </summary>
public sealed class UserPackages : IAsyncLifetime
{
    internal const string Page = "src/Realtime.Protocol.Testing/README.md";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("readme-user-");

    /// <summary>Where the packages lie.</summary>
    public string Feed { get; private set; } = "";

    /// <summary>What a terminal of this reader has beyond our own: none of their settings or packages are those of whoever runs the tests.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows() || !PackedPackage.AreThere)
        {
            return;
        }

        Feed = PackedPackage.Feed;
        string home = Folder("home"), cache = Folder("packages"), programs = Folder("programs");
        LendPackages(cache);
        Environment["DOTNET_CLI_HOME"] = home;
        Environment["NUGET_PACKAGES"] = cache;
        Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Environment["DOTNET_NOLOGO"] = "1";
        Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no build server stays behind
        Environment["UseSharedCompilation"] = "false";
        Environment["PYTHONUNBUFFERED"] = "1"; // as in a terminal
        Environment["PATH"] = string.Join(Path.PathSeparator, programs, Path.Combine(home, ".dotnet", "tools"), System.Environment.GetEnvironmentVariable("PATH"));
        await InstallAsync();
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts a program in front of all others of its name.</summary>
    internal void Prefer(string name, string program)
    {
        string link = Path.Combine(_root.FullName, "programs", name);
        if (program != link)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, program);
        }
    }

    /// <summary>A text of the page, with the places that the packages and the clone have on this machine.</summary>
    internal string Here(string text) => text.Replace("CLONE/artifacts/package/release", Feed, StringComparison.Ordinal).Replace("CLONE", RepositoryFiles.Root, StringComparison.Ordinal);

    private async Task InstallAsync()
    {
        await using var folder = new EmptyFolder(Environment);
        foreach (ReadmeBlock block in ReadmeSection.Of(Page, "### The command `realtime`").Blocks)
        {
            foreach ((string typed, IReadOnlyList<string> seen) in new TerminalBlock(Here(block.Text)).Steps)
            {
                TerminalBlock.AssertSeen(typed, seen, await folder.RunAsync(typed));
            }
        }
    }

    private string Folder(string name) => _root.CreateSubdirectory(name).FullName;

    // Packages of others are not fetched again. Ours are: another build of this version may be among them.
    private static void LendPackages(string cache)
    {
        string own = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (DirectoryInfo package in Directory.Exists(own) ? new DirectoryInfo(own).EnumerateDirectories() : [])
        {
            if (!package.Name.StartsWith("realtime.protocol", StringComparison.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(Path.Combine(cache, package.Name), package.FullName);
            }
        }
    }
}
