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
    public void EveryLink_LeadsToAFileAndAHeadingThatAreThere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(RepositoryFiles.Root, page))!;
        foreach (Match link in Link().Matches(Fence().Replace(RepositoryFiles.Read(page), "")))
        {
            string target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = target.Split('#', 2);
            string path = parts[0].Length == 0 ? Path.Combine(RepositoryFiles.Root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there");
            Assert.False(Path.IsPathRooted(parts[0]), $"{page} links to {target}, which leads somewhere else on another machine");
            if (parts.Length == 2)
            {
                Assert.True(Headings(Path.GetRelativePath(RepositoryFiles.Root, path)).Contains(parts[1]), $"{page} links to {target}, a heading that is not there");
            }
        }
    }

    [Theory]
    [InlineData("## One level down: events", "one-level-down-events")]
    [InlineData("# `realtime talk` & more_or-less", "realtime-talk--more_or-less")]
    [InlineData("### [Wire](src/Wire.md), and why", "wire-and-why")]
    public void AHeading_IsNamedAsGitHubNamesIt(string heading, string expected) => Assert.Equal(expected, Anchor(Heading().Match(heading).Groups[1].Value));

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
    public void TheProgramsOfTheSession_AreThoseThatAreCompiledHere() => AssertShown("src/Realtime.Protocol.Transport/README.md", atLeast: 10, "SessionPrograms.cs", "EventPrograms.cs", "TelemetryPrograms.cs");

    [Fact]
    public void TheProgramOfTheHost_IsTheOneThatIsCompiledHere() => AssertShown("src/Realtime.Protocol.Hosting/README.md", atLeast: 1, "HostingPrograms.cs");

    [Fact]
    public void TheProgramsOfTheGateway_AreThoseThatAreCompiledHere() => AssertShown("src/Realtime.Protocol.Gateway/README.md", atLeast: 2, "GatewayPrograms.cs");

    [Fact]
    public void TheProgramsOfTheBridge_AreThoseThatAreCompiledHere() => AssertShown("src/Realtime.Protocol.AI/README.md", atLeast: 1, "AIPrograms.cs");

    private static void AssertShown(string page, int atLeast, params string[] files)
    {
        var compiled = new SortedDictionary<int, string>();
        foreach (string file in files)
        {
            foreach (Match region in ProgramRegion().Matches(RepositoryFiles.Read("tests/Repository.Tests/Programs/" + file)))
            {
                int number = int.Parse(region.Groups[1].Value, CultureInfo.InvariantCulture);
                string text = Undented(region.Groups[2].Value);
                compiled[number] = compiled.TryGetValue(number, out string? before) ? $"{before}\n{text}" : text;
            }
        }

        string[] shown = [.. CSharpBlock().Matches(RepositoryFiles.Read(page)).Select(static block => block.Groups[1].Value.TrimEnd())];

        Assert.True(shown.Length >= atLeast, "the README shows programs");
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

    /// <summary>The anchors of a page. The second heading of a name gets a 1 behind it, and so on.</summary>
    private static HashSet<string> Headings(string page)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(Fence().Replace(RepositoryFiles.Read(page), "")))
        {
            string anchor = Anchor(heading.Groups[1].Value);
            for (int again = 0; !anchors.Add(again == 0 ? anchor : $"{anchor}-{again}"); again++)
            {
            }
        }

        return anchors;
    }

    // GitHub's rule: of a link its text, then small letters, no punctuation but - and _, and a hyphen for each space.
    private static string Anchor(string heading) =>
        string.Concat(LinkText().Replace(heading, "$1").Trim().ToLowerInvariant().Where(static letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    private static string Undented(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Length >= 8 ? line[8..] : line.TrimStart()));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"#region README\n(.*?)\n *#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"#region Program (\d+)\n(.*?)\n *#endregion", RegexOptions.Singleline)]
    private static partial Regex ProgramRegion();

    [GeneratedRegex(@"\bRT9\d{3}\b")]
    private static partial Regex DiagnosticId();
}
