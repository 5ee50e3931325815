using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.Pages;

/// <summary>The picture of the README is drawn from a real run: a program with one mistake is compiled, the diagnostic is asked where it is and what it says, and the fix is applied. With <c>REALTIME_APPROVE=1</c> the picture is written.</summary>
public partial class DiagnosticPictureTests
{
    private const string Picture = "analyzers/diagnostic.svg";

    private const string Program = """
        using System;
        using System.Text;
        using System.Threading.Tasks;
        using Realtime.Protocol;

        static class Call
        {
            public static async Task AskAsync(VoiceSession session, byte[] pcm)
            {
                // What the microphone heard: 24 kHz, 16 bit
                await session.Input.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));
                var turn = session.EndTurn();
                Console.WriteLine((await turn.Completion).Transcript);
            }
        }
        """;

    [Fact]
    public async Task ThePicture_IsThatOfTheRealDiagnostic()
    {
        var drawn = (await DrawAsync()).ToSvg();
        var file = RepositoryFolder.PathOf(Picture);
        if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
        {
            await File.WriteAllTextAsync(file, drawn, TestContext.Current.CancellationToken);
        }

        Assert.Equal((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), drawn);
    }

    [Fact]
    public async Task ThePicture_StandsAloneAndIsToldInWords()
    {
        var picture = await DrawAsync();
        var svg = XDocument.Parse(picture.ToSvg()).Root!;
        XNamespace ns = "http://www.w3.org/2000/svg";
        string[] known = ["svg", "title", "desc", "style", "rect", "path", "circle", "text", "tspan"];

        Assert.Equal(picture.Title, svg.Element(ns + "title")!.Value);
        Assert.Contains(picture.Message, svg.Element(ns + "desc")!.Value, StringComparison.Ordinal);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.All(svg.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, known));
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), static attribute => attribute.Name.LocalName is "href" or "src" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"url\(|@import|@font-face", svg.Element(ns + "style")!.Value);
        Assert.Contains("prefers-color-scheme:dark", svg.Element(ns + "style")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheReadme_ShowsItWithItsWords()
    {
        var picture = await DrawAsync();
        var image = Image().Match(await File.ReadAllTextAsync(RepositoryFolder.PathOf("README.md"), TestContext.Current.CancellationToken));

        Assert.True(image.Success, "the README shows the picture");
        Assert.Equal(picture.Title, image.Groups[1].Value);
    }

    private static async Task<DiagnosticPicture> DrawAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        using var workspace = new AdhocWorkspace();
        var document = workspace.AddProject("Sample", LanguageNames.CSharp)
            .WithMetadataReferences(TestProject.References(Knows.Ours | Knows.Session)).WithCompilationOptions(TestProject.Options).WithParseOptions(TestProject.Syntax)
            .AddDocument("Call.cs", SourceText.From(Program, Encoding.UTF8), filePath: "Call.cs");
        var finding = Assert.Single(await FindingsAsync(document));
        var offers = new List<CodeAction>();
        await new RT2001PassRawAudio().RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => offers.Add(action), stop));
        var offer = Assert.Single(offers);
        var applied = Assert.IsType<ApplyChangesOperation>(Assert.Single(await offer.GetOperationsAsync(stop)));
        var after = await Simplifier.ReduceAsync(applied.ChangedSolution.GetDocument(document.Id)!, Simplifier.Annotation, cancellationToken: stop);
        Assert.Empty(await FindingsAsync(after));

        var text = await document.GetTextAsync(stop);
        var place = text.Lines.GetLinePositionSpan(finding.Location.SourceSpan);
        var first = text.Lines.GetLinePosition(Body(text).Start).Line;
        return new(
            finding.Id,
            finding.Severity.ToString().ToLowerInvariant(),
            finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            offer.Title,
            await CodeAsync(document),
            place.Start.Line - first,
            place.Start.Character,
            finding.Location.SourceSpan.Length,
            await CodeAsync(after));
    }

    private static async Task<IReadOnlyList<Diagnostic>> FindingsAsync(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        return await AnalyzerVerifier.RunOnWhatCompiles(compilation, new RealtimeAnalyzer());
    }

    private static async Task<PicturedCode> CodeAsync(Document document)
    {
        var text = await document.GetTextAsync(TestContext.Current.CancellationToken);
        var classified = await Classifier.GetClassifiedSpansAsync(document, new TextSpan(0, text.Length), TestContext.Current.CancellationToken);
        return PicturedCode.Of(text, Body(text), classified);
    }

    // What stands in the method: the class around it is the reader's own.
    private static TextSpan Body(SourceText text) => TextSpan.FromBounds(
        text.Lines.First(static line => line.ToString().Contains("//", StringComparison.Ordinal)).Start,
        text.Lines.Last(static line => line.ToString().Contains(';', StringComparison.Ordinal)).EndIncludingLineBreak);

    [GeneratedRegex(@"!\[([^\]]+)\]\(analyzers/diagnostic\.svg\)")]
    private static partial Regex Image();
}
