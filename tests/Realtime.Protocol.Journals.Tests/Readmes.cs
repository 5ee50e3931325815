namespace Realtime.Protocol.Journals.Tests;

/// <summary>What the READMEs show is what the tests compile, or what the code says.</summary>
internal static class Readmes
{
    public static void Shows(string page, string region, params string[] more)
    {
        string source = Read("tests/Realtime.Protocol.Journals.Tests/Programs.cs");
        string begin = $"#region {region}\n";
        int start = source.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string program = source[start..source.IndexOf("        #endregion", start, StringComparison.Ordinal)].Replace("\n        ", "\n", StringComparison.Ordinal)[8..];
        string text = Read(page);
        Assert.Contains($"```csharp\n{program}```", text, StringComparison.Ordinal);
        Assert.All(more, shown => Assert.Contains($"\n{shown}\n```", text, StringComparison.Ordinal));
    }

    private static string Read(string path) => File.ReadAllText(RepositoryFolder.PathOf(path)).ReplaceLineEndings("\n");
}
