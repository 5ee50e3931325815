using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
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
        var rule = Rule(id).Type;

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
            ["What it catches", "Why", "How to fix it", "When to suppress it", "What it does not see"],
            Headings().Matches(page).Select(heading => heading.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void ReleaseFiles_HaveExactlyOneRow(string id)
    {
        var descriptor = Rule(id).Descriptor;
        var rows =
            from file in Directory.EnumerateFiles(Path.Combine(Analyzers, "Realtime.Protocol.Analyzers"), "AnalyzerReleases.*.md")
            from line in File.ReadLines(file)
            where line.StartsWith(id, StringComparison.Ordinal)
            select line;

        Assert.Equal($"{id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {Title(descriptor)}, [page](../docs/{id}.md)", Assert.Single(rows));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Readme_HasARowWithTheSeverityAndTheFix(string id)
    {
        var readme = File.ReadAllLines(Path.Combine(Analyzers, "README.md"));
        var row = Assert.Single(readme, line => line.StartsWith($"| [{id}](docs/{id}.md) | {Severity(Rule(id).Descriptor)} |", StringComparison.Ordinal));

        Assert.Equal(IsFixable(id), !row.EndsWith("| none, by design |", StringComparison.Ordinal));
    }

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

        Assert.Equal(digit switch { '1' => "Realtime.Lifecycle", '2' => "Realtime.Audio", _ => "a family without a name" }, category);
    }

    [Fact]
    public void EveryPage_BelongsToARule() => Assert.Equal(
        Rules().Select(rule => rule.Descriptor.Id).Order(),
        Directory.EnumerateFiles(Path.Combine(Analyzers, "docs")).Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    private static IEnumerable<(Type Type, DiagnosticDescriptor Descriptor)> Rules() =>
        from type in typeof(RT1001ResponseCreateOutsideSequencer).Assembly.GetTypes()
        where type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null
        from descriptor in ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics
        select (type, descriptor);

    private static (Type Type, DiagnosticDescriptor Descriptor) Rule(string id) => Rules().Single(rule => rule.Descriptor.Id == id);

    private static bool IsFixable(string id) => typeof(RT2001PassRawAudio).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)))
        .Any(type => ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds.Contains(id));

    private static string Title(DiagnosticDescriptor descriptor) => descriptor.Title.ToString();

    private static string Severity(DiagnosticDescriptor descriptor) => descriptor.DefaultSeverity.ToString().ToLowerInvariant();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
