using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>The sources of all tests of all rules, each damaged by one token: deleted, doubled, exchanged with another. Nothing throws.</summary>
/// <remarks><c>REALTIME_MUTANTS=2000</c> says how many; a failure prints its number and its source.</remarks>
public class MutantTests(ITestOutputHelper output)
{
    private const string Usings = "using System; using System.Buffers; using System.Collections.Generic; using System.IO; using System.Linq; using System.Text; using System.Text.Json; using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; using Realtime.Protocol.Events; using OpenAI.Realtime; using Microsoft.Extensions.AI;\n";

    [Fact]
    public async Task Mutants_NeverMakeARuleThrow()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("REALTIME_MUTANTS"), CultureInfo.InvariantCulture, out var asked) ? asked : 60;
        var sources = Sources();
        var found = 0;
        for (var number = 0; number < count; number++)
        {
            var source = Mutated(sources, new Random(number));
            var compilation = TestProject.Compile(source, Knows.Ours | Knows.Session | Knows.OpenAI | Knows.ExtensionsAI);
            var exception = await Record.ExceptionAsync(async () => found += (await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer())).Length);
            Assert.True(exception is null, $"mutant {number}: {exception}\n{source}");
        }

        output.WriteLine($"{count:N0} mutants of {sources.Count:N0} sources, {found} findings, no exception");
        Assert.True(found > 0, "the mutants are too broken to be looked at");
    }

    private static string Mutated(List<string> sources, Random random)
    {
        var source = sources[random.Next(sources.Count)];
        var tokens = SyntaxFactory.ParseTokens(source).Where(token => token.Span.Length > 0).ToList();
        if (tokens.Count > 0)
        {
            var (one, other) = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
            source = source.Remove(one.SpanStart, one.Span.Length).Insert(one.SpanStart, random.Next(3) switch { 0 => "", 1 => $"{one} {one}", _ => other.ToString() });
        }

        return source.Contains("class ", StringComparison.Ordinal) ? source : $"{Usings}class Caller {{ async Task Talk(VoiceSession session, RealtimeSessionClient client, byte[] pcm, string text) {{ {source} }} }}";
    }

    // Texts that look like C#, without the marks of what is expected.
    private static List<string> Sources() =>
    [
        .. from file in Directory.EnumerateFiles(RepositoryFolder.PathOf("tests/Realtime.Protocol.Analyzers.Tests"), "*Tests.cs", SearchOption.AllDirectories)
           orderby file
           from literal in CSharpSyntaxTree.ParseText(File.ReadAllText(file), TestProject.Syntax).GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>()
           let text = literal.Token.ValueText
           where text.Contains(';', StringComparison.Ordinal) && text.Length is > 15 and < 4_000
           let plain = System.Text.RegularExpressions.Regex.Replace(text, @"\{\|RT\d+:|\|\}", "").Replace("§", "Convert.ToBase64String(pcm)", StringComparison.Ordinal).Replace("¤", "Encoding.UTF8.GetBytes", StringComparison.Ordinal)
           select plain,
    ];
}
