using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Pages;

/// <summary>
/// What the page of a rule shows is so: each of its blocks compiles, and with all rules on, the lines that name it are reported by it, underlined where the page underlines, and no other line is reported
/// by any. What a page tells its reader to do is silent.
/// </summary>
public partial class PageSampleTests
{
    private const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.VoiceLive;

    /// <summary>What every block knows: namespaces, and types of the reader's own.</summary>
    private const string Prelude = """
        #pragma warning disable OPENAI002
        using System; using System.Buffers; using System.Collections.Generic; using System.Diagnostics; using System.IO; using System.IO.Pipelines; using System.Linq; using System.Net.WebSockets; using System.Text;
        using System.Text.Json; using System.Text.Json.Nodes; using System.Threading; using System.Threading.Channels; using System.Threading.Tasks;
        using Azure.AI.VoiceLive; using OpenAI.Realtime; using Realtime.Protocol; using Realtime.Protocol.Events; using Realtime.Protocol.Wire;

        class Player { public TimeSpan Position => default; public void SkipPendingAudio() { } }
        class Speaker { public event Action<long>? Played; public void Clear() => Played?.Invoke(0); public void Write(byte[] pcm) { } public void Write(ReadOnlySpan<byte> pcm) { } }
        class Message { public string Audio => ""; }
        class WaveInEventArgs : EventArgs { public byte[] Buffer => []; public int BytesRecorded => 0; }

        """;

    private static readonly IReadOnlyDictionary<string, string> Surroundings = PageBlock.SurroundingsIn("tests/Realtime.Protocol.Analyzers.Tests/Pages/Surroundings.txt");

    public static TheoryData<string> Ids => RuleDescriptorsTests.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task EveryBlock_IsReportedWhereThePageSaysSoAndNowhereElse(string id)
    {
        var blocks = PageBlock.Of($"analyzers/docs/{id}.md");
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            var name = $"{id} {block.Number}";
            var (source, start) = block.Within(Surroundings[name]);
            var compilation = TestProject.Compile(Prelude + source, Libraries);

            var lines = (Prelude + source).Split('\n');
            var first = (Prelude + source)[..(Prelude.Length + start)].Count(static letter => letter == '\n');
            var count = block.Text.Count(static letter => letter == '\n') + 1;
            var expected = Expected(lines, first, count);
            var found = await AnalyzerVerifier.RunOnWhatCompiles(compilation, new RealtimeAnalyzer());

            Assert.Equal([name, .. expected.Order(StringComparer.Ordinal)], [name, .. found.Select(finding => Said(finding, lines)).Order(StringComparer.Ordinal)]);
            Assert.Equal((name, block.Heading == "What it catches"), (name, expected.Any(finding => finding.StartsWith(id, StringComparison.Ordinal))));
        }
    }

    [Fact]
    public void Surroundings_AreThoseOfBlocksThatAreThere() => Assert.Equal(
        RuleDescriptorsTests.Ids.SelectMany(static id => PageBlock.Of($"analyzers/docs/{id.Data}.md").Select(block => $"{id.Data} {block.Number}")).Order(),
        Surroundings.Keys.Order());

    // A line that names rules in its comment, with what stands above a line of tildes. A request written by hand is RT1002 as well, whatever else is wrong with it.
    private static string[] Expected(string[] lines, int first, int count) =>
    [
        .. from line in Enumerable.Range(first, count)
           let comment = lines[line].IndexOf("// RT", StringComparison.Ordinal)
           where comment >= 0
           from id in RuleId().Matches(lines[line][comment..]).Select(static match => match.Value)
           let tildes = Underline().Match(lines[line + 1])
           select $"{id}: {lines[line].Trim()}" + (tildes.Success ? $" at {lines[line].Substring(tildes.Groups[1].Index, tildes.Groups[1].Length)}" : ""),
    ];

    private static string Said(Diagnostic finding, string[] lines)
    {
        var place = finding.Location.GetLineSpan();
        var line = lines[place.StartLinePosition.Line];
        var underlined = Underline().IsMatch(lines[place.StartLinePosition.Line + 1]);
        return $"{finding.Id}: {line.Trim()}" + (underlined ? $" at {line[place.StartLinePosition.Character..place.EndLinePosition.Character]}" : "");
    }

    [GeneratedRegex(@"RT\d{4}")]
    private static partial Regex RuleId();

    [GeneratedRegex("^ *// *(~+)$")]
    private static partial Regex Underline();
}
