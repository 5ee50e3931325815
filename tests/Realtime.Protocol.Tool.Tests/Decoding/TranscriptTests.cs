using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Decoding;

/// <summary>Every recorded session in <c>tests/Transcripts</c>, decoded as a user would do it.</summary>
public class TranscriptTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Root, "*.jsonl", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>What is known is what has a schema file.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Transcript_DecodesWithoutAFault(string name)
    {
        string family = name.Split('/')[0];
        string expected = string.Concat(Events(name).Select(line =>
            $"{line.Number} {line.Direction} {line.Type} {(File.Exists(Path.Combine(AppContext.BaseDirectory, "schema", family, line.Direction, line.Type + ".json")) ? "ok" : "unknown")}\n"));

        ToolRun run = await ToolRun.OfAsync("decode", "--family", family, Path.Combine(Root, name));

        Assert.Equal((ExitCode.Done, expected, ""), (run.ExitCode, Encoding.UTF8.GetString(run.AudioOut), run.Error));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Transcript_IsWrittenAgainAsEqualJson(string name)
    {
        List<(int Number, string Direction, string Type, JsonElement Event)> events = [.. Events(name)];

        ToolRun run = await ToolRun.OfAsync("decode", "--json", "--family", name.Split('/')[0], Path.Combine(Root, name));

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        string[] written = Encoding.UTF8.GetString(run.AudioOut).Split('\n')[..^1];
        Assert.Equal(events.Count, written.Length);
        Assert.All(events.Zip(written), static pair =>
            Assert.True(JsonElement.DeepEquals(pair.First.Event, JsonDocument.Parse(pair.Second).RootElement), $"line {pair.First.Number} became {pair.Second}"));
    }

    private static IEnumerable<(int Number, string Direction, string Type, JsonElement Event)> Events(string name)
    {
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(Root, name)))
        {
            number++;
            JsonElement recorded = JsonDocument.Parse(line).RootElement;
            if (recorded.TryGetProperty("event", out JsonElement content))
            {
                yield return (number, recorded.GetProperty("dir").GetString()!, content.GetProperty("type").GetString()!, content);
            }
        }
    }
}
