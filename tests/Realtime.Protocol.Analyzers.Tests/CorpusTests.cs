using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>All rules over code that nobody wrote for them, with marks injected so that values are followed: nothing throws.</summary>
/// <remarks>
/// The corpus is every C# file of this repository, generated ones included, and of the restored packages. A build tries a part of it;
/// <c>REALTIME_CORPUS=all</c> tries all, in pieces that are compiled alone: most of their names are then unknown, as while somebody types.
/// </remarks>
public class CorpusTests(ITestOutputHelper output)
{
    private const int FilesOfAPiece = 40;

    [Fact]
    public async Task Corpus_NeverMakesARuleThrow()
    {
        var files = Files();
        var all = Environment.GetEnvironmentVariable("REALTIME_CORPUS") == "all";
        var (lines, marks, found, skip) = (0, 0, 0, all ? 1 : 60);
        foreach (var piece in files.Where((_, i) => i % skip == 0).Chunk(FilesOfAPiece))
        {
            var compilation = TestProject.Compile("// Realtime.Protocol, OpenAI.Realtime, Microsoft.Extensions.AI", Knows.Ours | Knows.Session | Knows.OpenAI | Knows.ExtensionsAI);
            foreach (var file in piece)
            {
                var tree = TestProject.Parse(File.ReadAllText(file, Encoding.UTF8), Path.GetFileName(file).Replace(".g.cs", ".cs", StringComparison.Ordinal));
                var marker = new Marker();
                lines += tree.GetText(TestContext.Current.CancellationToken).Lines.Count;
                compilation = compilation.AddSyntaxTrees(tree.WithRootAndOptions(marker.Visit(await tree.GetRootAsync(TestContext.Current.CancellationToken)), TestProject.Syntax));
                marks += marker.Marks;
            }

            found += (await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer())).Length;
        }

        output.WriteLine($"{files.Count} files, {lines:N0} lines tried, {marks:N0} marks injected, {found} findings");
        Assert.True(marks > 0 && (!all || lines >= 200_000), $"{lines} lines, {marks} marks");
    }

    private static List<string> Files()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return
        [
            .. from root in new[] { Path.GetDirectoryName(RepositoryFolder.PathOf("analyzers"))!, packages }
               where Directory.Exists(root)
               from file in Directory.EnumerateFiles(root, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
               orderby file
               select file,
        ];
    }

    /// <summary>Marks real parameters and properties: bytes, writers and streams take raw audio, texts are base64, some methods are sequenced.</summary>
    private sealed class Marker : CSharpSyntaxRewriter
    {
        private static readonly ImmutableArray<string> Audio = ["byte[]", "Memory<byte>", "ReadOnlyMemory<byte>", "Span<byte>", "ReadOnlySpan<byte>", "Stream", "PipeWriter", "IBufferWriter<byte>"];

        public int Marks { get; private set; }

        public override SyntaxNode? VisitParameter(ParameterSyntax node) => node.Type?.ToString().TrimEnd('?') switch
        {
            { } type when Audio.Contains(type) => node.AddAttributeLists(Mark("RawAudio")),
            "string" or "ReadOnlySpan<char>" => node.AddAttributeLists(Mark("Base64Text")),
            _ => base.VisitParameter(node),
        };

        public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) => base.VisitPropertyDeclaration(node.Type.ToString().TrimEnd('?') switch
        {
            { } type when Audio.Contains(type) => node.AddAttributeLists(Mark("RawAudio")),
            "string" => node.AddAttributeLists(Mark("Base64Text")),
            _ => node,
        });

        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
            base.VisitMethodDeclaration(node.Identifier.ValueText.Length % 7 == 0 ? node.AddAttributeLists(Mark("Sequenced")) : node);

        private AttributeListSyntax Mark(string name)
        {
            Marks++;
            return SyntaxFactory.AttributeList([SyntaxFactory.Attribute(SyntaxFactory.ParseName("Realtime.Protocol." + name))]).WithTrailingTrivia(SyntaxFactory.Space);
        }
    }
}
