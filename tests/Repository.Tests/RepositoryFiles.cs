namespace Repository.Tests;

/// <summary>Where the repository lies, and its files without what builds leave behind.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Ignored = [".git", "artifacts", ".vs", ".vscode", ".idea", "BenchmarkDotNet.Artifacts", "TestResults", "bin", "obj", "node_modules"];

    public static string Root { get; } = RepositoryFolder.Root;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    public static IEnumerable<string> All(string pattern) => Below(Root, pattern).Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder).Where(static path => !Ignored.Contains(Path.GetFileName(path))).SelectMany(path => Below(path, pattern)));
}
