using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What holds for every event of every recorded session in <c>tests/Transcripts</c>. A new file there is tested without a line of C#.</summary>
public class TranscriptTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Root, "*.jsonl", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Fact]
    public void BothFamilies_HaveTranscripts() => Assert.Equal(["realtime", "translation"], Names.Select(static row => ((string)row.Data).Split('/')[0]).Distinct());

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryEvent_IsReadAndItsViewWritesItUnchanged(string name)
    {
        foreach ((string place, EventFamily events, byte[] json) in Events(name))
        {
            Assert.True(events.TryRead(json, new byte[4096], out EventFacts facts, out ReadError error), $"{place}: {error}");
            Assert.True(facts.Json.SequenceEqual(json), place);
            var output = new ArrayBufferWriter<byte>();
            events.WriteTo(json, output);
            Assert.True(output.WrittenSpan.SequenceEqual(json), place);
            Assert.Equal(json, events.Keep(json, static () => { }));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKnownEvent_CopiedIntoItsWriteStructSaysTheSame(string name)
    {
        int known = 0;
        foreach ((string place, EventFamily events, byte[] json) in Events(name))
        {
            Assert.True(events.TryRead(json, default, out EventFacts facts, out ReadError error), $"{place}: {error}");
            if (!facts.IsKnown)
            {
                continue;
            }

            known++;
            byte[] written = events.Rewrite(json);
            using JsonDocument before = JsonDocument.Parse(json);
            using JsonDocument after = JsonDocument.Parse(written);
            Assert.True(JsonElement.DeepEquals(before.RootElement, after.RootElement), $"{place}: {Encoding.UTF8.GetString(written)}");
        }

        Assert.True(known > 5, $"{name} has {known} events that are known");
    }

    /// <summary>The events of a transcript with the code that reads them; a line without an event records something else.</summary>
    private static IEnumerable<(string Place, EventFamily Events, byte[] Json)> Events(string name)
    {
        string family = name.Split('/')[0];
        EventFamily server = EventFamily.Of(family, "server");
        EventFamily client = EventFamily.Of(family, "client");
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(Root, name)))
        {
            number++;
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("event", out JsonElement recorded))
            {
                EventFamily events = document.RootElement.GetProperty("dir").GetString() == "server" ? server : client;
                yield return ($"{name}:{number}", events, Encoding.UTF8.GetBytes(recorded.GetRawText()));
            }
        }
    }
}
