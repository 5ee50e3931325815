using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>Every rule has what makes it usable: a page, a release row, a help link, a title and a message in one style, and its tests.</summary>
public partial class RuleDescriptorsTests
{
    private static readonly string Analyzers = RepositoryFolder.PathOf("analyzers");

    public static TheoryData<string> Ids { get; } = [.. Rules().Select(rule => rule.Descriptor.Id)];

    [Fact]
    public void Rules_HaveIdsOfTheirOwn()
    {
        var ids = Rules().Select(rule => rule.Descriptor.Id).ToList();

        Assert.Contains(RT1001ResponseCreateOutsideSequencer.Id, ids);
        Assert.Contains(RT2001Base64TextAsRawAudio.Id, ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void FileAndTypeAndTests_CarryTheId(string id)
    {
        // A rule that speaks with two ids, of our API and of others, is named after the first.
        var rule = Rule(id).Type;
        id = Rules().First(other => other.Type == rule).Descriptor.Id;

        Assert.StartsWith(id, rule.Name, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Analyzers, "Realtime.Protocol.Analyzers", "Rules", rule.Name + ".cs")));
        Assert.NotNull(typeof(RuleDescriptorsTests).Assembly.GetType($"{typeof(RuleDescriptorsTests).Namespace}.Rules.{rule.Name}Tests"));
        Assert.NotNull(typeof(RuleDescriptorsTests).Assembly.GetType($"{typeof(RuleDescriptorsTests).Namespace}.Rules.{id}SilenceTests"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void HelpLink_LeadsToThePageOfTheRule(string id) => Assert.Equal(
        $"https://github.com/realtime-protocol/realtime-protocol/blob/main/analyzers/docs/{id}.md",
        Rule(id).Descriptor.HelpLinkUri);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_SaysWhatWhyHowWhenAndWhatNot(string id)
    {
        var descriptor = Rule(id).Descriptor;
        var page = File.ReadAllText(Path.Combine(Analyzers, "docs", id + ".md"));

        Assert.StartsWith($"# {id}: {char.ToLowerInvariant(Title(descriptor)[0])}{Title(descriptor)[1..]}\n", page, StringComparison.Ordinal);
        Assert.Contains($"Category `{descriptor.Category}` · severity **{Severity(descriptor)}** · on by default", page, StringComparison.Ordinal);
        Assert.Equal(
            ["What it catches", "Do this", "Why", "What the fix changes", "Deliberately silent", "How to configure"],
            Headings().Matches(page).Select(heading => heading.Groups[1].Value));
    }

    /// <summary>The example is a configuration as the compiler reads it, and changes this rule and no other.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_SaysHowToConfigureItsOwnRule(string id)
    {
        var page = File.ReadAllText(Path.Combine(Analyzers, "docs", id + ".md")).ReplaceLineEndings("\n");
        var section = page[(page.IndexOf("\n## How to configure\n", StringComparison.Ordinal) + 1)..];
        var example = Configuration().Match(section);

        Assert.Contains($"`dotnet_diagnostic.{id}.severity`", section[..example.Index], StringComparison.Ordinal);
        Assert.Contains("`.editorconfig`", section[..example.Index], StringComparison.Ordinal);
        var set = AnalyzerConfigSet.Create<List<AnalyzerConfig>>([AnalyzerConfig.Parse(example.Groups[1].Value, "/.editorconfig")]);
        var (changed, severity) = Assert.Single(set.GetOptionsForSourcePath("/Sample.cs").TreeOptions);
        Assert.Equal(id, changed, ignoreCase: true);
        Assert.NotEqual(ReportDiagnostic.Default, severity);
        Assert.NotEqual(Severity(Rule(id).Descriptor), severity.ToString().ToLowerInvariant());
    }

    /// <summary>With <c>REALTIME_APPROVE=1</c> the rows are written.</summary>
    [Fact]
    public void UnshippedReleases_HaveARowForEachRule() => AssertLines(
        Path.Combine(Analyzers, "Realtime.Protocol.Analyzers", "AnalyzerReleases.Unshipped.md"),
        "--------|",
        [
            .. from rule in Rules()
               let descriptor = rule.Descriptor
               orderby descriptor.Id
               select $"{descriptor.Id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {Title(descriptor)}, [page](../docs/{descriptor.Id}.md)",
        ]);

    /// <summary>With <c>REALTIME_APPROVE=1</c> the table is written.</summary>
    [Fact]
    public void Readme_HasTheTableOfTheDescriptors() => AssertLines(
        Path.Combine(Analyzers, "README.md"),
        "|---|---|---|---|",
        [
            .. from rule in Rules()
               let descriptor = rule.Descriptor
               orderby descriptor.Id
               select $"| [{descriptor.Id}](docs/{descriptor.Id}.md) | {Severity(descriptor)} | {Title(descriptor)} | {(IsFixable(descriptor.Id) ? "yes" : "none")} |",
        ]);

    [Theory]
    [MemberData(nameof(Ids))]
    public void TitleAndMessage_AreOneSentenceEach(string id)
    {
        var descriptor = Rule(id).Descriptor;
        var message = descriptor.MessageFormat.ToString();

        Assert.Matches("^[A-Z][^.]{10,70}[^.!]$", Title(descriptor));
        Assert.Contains("'{0}'", message, StringComparison.Ordinal);
        Assert.Matches(@"^\S.{40,200}[^.!\s]$", message);
        Assert.EndsWith(".", descriptor.Description.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Family_IsTheThousandsDigit(string id)
    {
        var (digit, category) = (id[2], Rule(id).Descriptor.Category);

        Assert.Equal(
            digit switch { '1' => "Realtime.Lifecycle", '2' => "Realtime.Audio", '3' => "Realtime.Borrowing", '4' => "Realtime.Libraries", _ => "a family without a name" },
            category);
    }

    [Fact]
    public void EveryPage_BelongsToARule() => Assert.Equal(
        Rules().Select(rule => rule.Descriptor.Id).Order(),
        Directory.EnumerateFiles(Path.Combine(Analyzers, "docs")).Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    // The lines after the head of a table, to the end of the table.
    private static void AssertLines(string file, string head, string[] expected)
    {
        var lines = File.ReadAllLines(file).ToList();
        var first = lines.FindIndex(line => line.StartsWith(head, StringComparison.Ordinal)) + 1;
        var count = lines.Skip(first).TakeWhile(line => line.Length > 0).Count();
        if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
        {
            lines.RemoveRange(first, count);
            lines.InsertRange(first, expected);
            File.WriteAllLines(file, lines);
            return;
        }

        Assert.Equal(expected, lines.Skip(first).Take(count));
    }

    private static IEnumerable<(Type Type, DiagnosticDescriptor Descriptor)> Rules() =>
        from rule in Walk.Rule.All
        from descriptor in rule.Descriptors
        select (rule.GetType(), descriptor);

    private static (Type Type, DiagnosticDescriptor Descriptor) Rule(string id) => Rules().Single(rule => rule.Descriptor.Id == id);

    private static bool IsFixable(string id) => typeof(RT2001PassRawAudio).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)))
        .Any(type => ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds.Contains(id));

    private static string Title(DiagnosticDescriptor descriptor) => descriptor.Title.ToString();

    private static string Severity(DiagnosticDescriptor descriptor) => descriptor.DefaultSeverity.ToString().ToLowerInvariant();

    [GeneratedRegex("```ini\\n(.+?)```\\n$", RegexOptions.Singleline)]
    private static partial Regex Configuration();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
