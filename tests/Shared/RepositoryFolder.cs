using System.Reflection;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>
/// Where the repository lies on this machine, for tests that hold a page to data. The build writes it into each test assembly;
/// a caller's file path would not do: a deterministic build replaces it by <c>/_/</c>.
/// </summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(RepositoryFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!);

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);
}
