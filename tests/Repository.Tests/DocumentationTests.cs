using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Repository.Tests;

/// <summary>What the documentation says about files holds.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.All("*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkToAFile_LeadsToOne(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(RepositoryFiles.Root, page))!;
        foreach (Match link in Link().Matches(RepositoryFiles.Read(page)))
        {
            string target = link.Groups[1].Value;
            if (!target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
            {
                string path = Path.GetFullPath(Path.Combine(folder, target.Split('#')[0]));
                Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there");
            }
        }
    }

    [Theory]
    [InlineData("src")]
    [InlineData("generators")]
    [InlineData("analyzers")]
    [InlineData("schema")]
    [InlineData("benchmarks")]
    [InlineData("tests")]
    public void EveryTopFolder_ExplainsItself(string folder) => Assert.True(RepositoryFiles.Read(folder + "/README.md").Length > 200);

    [Fact]
    public void TheTopLevel_HoldsWhatIsAgreedAndNothingElse()
    {
        string[] agreed =
        [
            ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CONTRIBUTING.md", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "LICENSE", "README.md",
            "Realtime.Protocol.sln", "analyzers", "benchmarks", "generators", "global.json", "schema", "src", "tests",
        ];
        // What the README's commands leave here is no part of the repository either.
        string[] unversioned = [".git", .. RepositoryFiles.Read(".gitignore").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static pattern => pattern.Trim('/'))];
        IEnumerable<string> found = Directory.EnumerateFileSystemEntries(RepositoryFiles.Root)
            .Select(static path => Path.GetFileName(path)!)
            .Where(name => !unversioned.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))
            .Order(StringComparer.Ordinal);
        Assert.Equal(agreed.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void TheReadmesPrograms_AreThoseThatAreCompiledHere()
    {
        string source = RepositoryFiles.Read("tests/Repository.Tests/ReadmeProgram.cs");
        string usings = source[..source.IndexOf("namespace", StringComparison.Ordinal)];
        string[] compiled = [.. Region().Matches(source).Select(static region => Undented(region.Groups[1].Value))];
        string[] shown = [.. CSharpBlock().Matches(RepositoryFiles.Read("README.md")).Select(static block => block.Groups[1].Value.TrimEnd())];

        compiled[0] = usings + compiled[0];
        Assert.Equal(compiled, shown);
        Assert.InRange(shown[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 5, 10);
    }

    [Fact]
    public void TheProgramsOfTheSession_AreThoseThatAreCompiledHere()
    {
        var compiled = new SortedDictionary<int, string>();
        foreach (string file in (string[])["SessionPrograms.cs", "EventPrograms.cs"])
        {
            foreach (Match region in ProgramRegion().Matches(RepositoryFiles.Read("tests/Repository.Tests/Programs/" + file)))
            {
                int number = int.Parse(region.Groups[1].Value, CultureInfo.InvariantCulture);
                string text = Undented(region.Groups[2].Value);
                compiled[number] = compiled.TryGetValue(number, out string? before) ? $"{before}\n{text}" : text;
            }
        }

        string[] shown = [.. CSharpBlock().Matches(RepositoryFiles.Read("src/Realtime.Protocol.Transport/README.md")).Select(static block => block.Groups[1].Value.TrimEnd())];

        Assert.True(shown.Length > 10, "the README shows programs");
        Assert.Equal(compiled.Values.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryDiagnosticOfTheGenerator_IsExplainedInTheSchemasReadme()
    {
        string readme = RepositoryFiles.Read("schema/README.md");
        MatchCollection ids = DiagnosticId().Matches(RepositoryFiles.Read("generators/Realtime.Protocol.Generator/AnalyzerReleases.Unshipped.md"));
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Contains(id.Value, readme, StringComparison.Ordinal));
    }

    private static string Undented(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Length >= 8 ? line[8..] : line.TrimStart()));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"#region README\n(.*?)\n *#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"#region Program (\d+)\n(.*?)\n *#endregion", RegexOptions.Singleline)]
    private static partial Regex ProgramRegion();

    [GeneratedRegex(@"\bRT9\d{3}\b")]
    private static partial Regex DiagnosticId();
}
