using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Decoding;

public sealed class DecodeTests : IDisposable
{
    private const string Cancel = """{"type":"response.cancel"}""";
    private const string Cleared = """{"type":"input_audio_buffer.cleared","event_id":"event_1"}""";
    private const string Foreign = """{"type":"weather.changed","event_id":"event_2"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EachEvent_GetsALine()
    {
        string log = $$$"""
            {{{Cancel}}}

            {"t_ms":1.5,"dir":"server","event":{{{Cleared}}}}
            {{{Foreign}}}
            {"dir":"client","event":{{{Foreign}}}}
            {"dir":"server","event":{{{Cancel}}}}
            {"dir":"server","close":{"code":1000}}
            {{{Cleared}}}
            """;

        ToolRun run = await FileAsync(log.ReplaceLineEndings("\r\n"));

        Assert.Equal(
            """
            1 client response.cancel ok
            3 server input_audio_buffer.cleared ok
            4 - weather.changed unknown
            5 client weather.changed unknown
            6 server response.cancel unknown
            8 server input_audio_buffer.cleared ok

            """.ReplaceLineEndings("\n"),
            Text(run));
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.cleared","event_id":§7}""", "wrong type of value: expected a string, found a number in event_id")]
    [InlineData("""{"type":"input_audio_buffer.cleared"§}""", "missing member 'event_id'")]
    [InlineData("""{"type":"response.cancel","event_id":"a","event_id":§"b"}""", "duplicate member 'event_id'")]
    [InlineData("""{"type":"response.cancel",§}""", "unexpected byte")]
    [InlineData("""{"type":"response.cancel"}§}""", "data behind the end of the message")]
    [InlineData("""{"event_id":"a"§}""", "missing member 'type'")]
    [InlineData("""§[]""", "not a JSON object")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":§"AA"}""", "invalid base64")]
    public async Task Fault_IsNamedAtItsByte(string marked, string reason)
    {
        int at = marked.IndexOf('§', StringComparison.Ordinal);
        string json = marked.Remove(at, 1);
        ToolRun bare = await FileAsync($"{Cancel}\n{json}\n{Cancel}\n");
        Assert.Equal(ExitCode.DoneWithProblems, bare.ExitCode);
        string[] lines = Text(bare).Split('\n');
        Assert.Equal("1 client response.cancel ok", lines[0]);
        Assert.StartsWith($"2 error at byte {at}: {reason}", lines[1], StringComparison.Ordinal);
        Assert.Equal("3 client response.cancel ok", lines[2]);

        if (reason == "data behind the end of the message")
        {
            return; // In a wrapper it is the wrapper's end.
        }

        string dir = json.Contains("cleared", StringComparison.Ordinal) ? "server" : "client";
        string before = $$"""{"t_ms":1.0,"dir":"{{dir}}","event":""";
        ToolRun wrapped = await FileAsync($$"""{{before}}{{json}}}""");
        Assert.StartsWith($"1 error at byte {before.Length + at}: {reason}", Text(wrapped), StringComparison.Ordinal);
        Assert.Equal(ExitCode.DoneWithProblems, wrapped.ExitCode);
    }

    [Theory]
    [InlineData(64, "1 client weather.changed unknown\n")]
    [InlineData(65, "1 error at byte 117: nested too deep")]
    public async Task RecordedEvent_MayNestAsDeepAsOnTheWire(int depth, string expected)
    {
        string deep = new string('[', depth - 1) + new string(']', depth - 1);

        ToolRun run = await FileAsync($$$"""{"dir":"client","event":{"type":"weather.changed","x":{{{deep}}}}}""");

        Assert.StartsWith(expected, Text(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"dir":"server","not_json":"oops"}""", 27)]
    [InlineData("""{"dir":"server","event":null}""", 24)]
    public async Task RecordedMessageThatIsNoEvent_IsAFault(string line, int at)
    {
        ToolRun run = await FileAsync(line);

        Assert.Equal((ExitCode.DoneWithProblems, $"1 error at byte {at}: not a JSON object\n"), (run.ExitCode, Text(run)));
    }

    [Fact]
    public async Task OverlongLine_IsAFault_AndTheNextIsRead()
    {
        byte[] line = [.. Encoding.UTF8.GetBytes("""{"type":"weather.changed","x":" """), .. Enumerable.Repeat((byte)'x', 17 * 1024 * 1024), .. Encoding.UTF8.GetBytes($"\"}}\n{Cancel}\n")];

        ToolRun run = await ToolRun.OfAsync("decode", _folder.File("long.jsonl", line));

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal("1 error at byte 16778240: the line holds more than 16778240 bytes\n2 client response.cancel ok\n", Text(run));
    }

    [Fact]
    public async Task Strict_TakesTheUnknownForAnError()
    {
        ToolRun lax = await FileAsync(Foreign);
        ToolRun strict = await FileAsync(Foreign, "--strict");
        ToolRun known = await FileAsync(Cancel, "--strict");
        ToolRun json = await FileAsync(Foreign, "--strict", "--json");

        Assert.Equal([ExitCode.Done, ExitCode.DoneWithProblems, ExitCode.Done, ExitCode.DoneWithProblems], [lax.ExitCode, strict.ExitCode, known.ExitCode, json.ExitCode]);
        Assert.Equal("1 - weather.changed unknown\n", Text(strict));
        Assert.Equal((Foreign + "\n", "1 weather.changed unknown"), (Text(json), Assert.Single(json.ErrorLines)));
    }

    [Fact]
    public async Task Json_IsTheEventAgain_AndFaultsAreElsewhere()
    {
        ToolRun run = await FileAsync($$"""
            { "extra":[1], "event_id":"\u0065vent_1", "type":"input_audio_buffer.cleared" }
            {"type":"response.cancel",}
            {"dir":"server","event":{{Foreign}}}
            """.ReplaceLineEndings("\n"), "--json");

        Assert.Equal($"{Cleared[..^1]},\"extra\":[1]}}\n{Foreign}\n", Text(run));
        Assert.Equal("2 error at byte 26: unexpected byte", Assert.Single(run.ErrorLines));
        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
    }

    [Fact]
    public async Task EventThatMayNotBeWritten_IsAFaultOfJsonAlone()
    {
        string pairs = string.Join(",", Enumerable.Range(0, 17).Select(static i => $"\"k{i}\":\"secret\""));
        string json = """{"type":"response.create","response":{"metadata":{""" + pairs + "}}}";

        ToolRun plain = await FileAsync(json);
        ToolRun written = await FileAsync($"{json}\n{Cancel}\n", "--json");

        Assert.Equal((ExitCode.Done, "1 client response.create ok\n"), (plain.ExitCode, Text(plain)));
        Assert.Equal((ExitCode.DoneWithProblems, Cancel + "\n"), (written.ExitCode, Text(written)));
        string fault = Assert.Single(written.ErrorLines);
        Assert.StartsWith("1 error at byte 0: it can be read, but not written: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData(null)]
    public async Task StandardInput_IsReadWithoutAFile(string? file)
    {
        ToolRun run = await ToolRun.OfAsync(file is null ? ["decode"] : ["decode", file], new() { AudioIn = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Cancel + "\n", 1000))) });

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(string.Concat(Enumerable.Range(1, 1000).Select(static i => $"{i} client response.cancel ok\n")), Text(run));
    }

    [Fact]
    public async Task MissingFile_IsOneLine()
    {
        string path = _folder.File("none.jsonl");

        ToolRun run = await ToolRun.OfAsync("decode", path);

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, Text(run)));
        Assert.Equal($"There is no file {path}. Check its name, or give - for standard input.", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task UnknownFamily_IsOneLine()
    {
        ToolRun run = await ToolRun.OfAsync("decode", "--family", "cooking");

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains("cooking", run.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TypeOfAStranger_CannotMoveTheCursor()
    {
        ToolRun run = await FileAsync("""{"type":"a\u001b[2J\nb"}""");

        Assert.Equal("1 - a [2J b unknown\n", Text(run));
    }

    [Theory]
    [InlineData("--text", "tool: what time is it?")]
    [InlineData("--log-audio")]
    [InlineData("--interrupt-after", "100")]
    public async Task LogOfATalk_DecodesWithoutAFault(params string[] talk)
    {
        string log = _folder.File("log.jsonl");
        ToolRun talked = await ToolRun.OfAsync(["talk", "--fast", "--out", _folder.File("out.wav"), "--log", log, .. talk]);
        Assert.Equal(ExitCode.Done, talked.ExitCode);

        ToolRun run = await ToolRun.OfAsync("decode", "--strict", log);

        IEnumerable<string> expected = LogFile.Read(log).Select(static (line, i) => $"{i + 1} {line.Direction} {line.Event.GetProperty("type").GetString()} ok\n");
        Assert.Equal((ExitCode.Done, string.Concat(expected)), (run.ExitCode, Text(run)));
    }

    [Theory]
    [InlineData("realtime", typeof(ClientEventKind), typeof(ServerEventKind))]
    [InlineData("translation", typeof(Events.Translation.ClientEventKind), typeof(Events.Translation.ServerEventKind))]
    public async Task EveryExampleOfTheSchema_IsKnown_AndWrittenAgain(string family, params Type[] kinds)
    {
        List<(string Direction, JsonElement Event)> examples = [];
        foreach (string direction in (string[])["client", "server"])
        {
            foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "schema", family, direction), "*.json").Order(StringComparer.Ordinal))
            {
                JsonElement schema = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).RootElement;
                examples.AddRange(schema.GetProperty("examples").EnumerateArray().Select(example => (direction, example)));
            }
        }

        // Every kind but Unknown.
        Assert.Equal(kinds.Sum(static kind => Enum.GetNames(kind).Length - 1), examples.Select(static example => (example.Direction, Type(example.Event))).Distinct().Count());
        string bare = string.Concat(examples.Select(static example => JsonSerializer.Serialize(example.Event) + "\n"));
        string recorded = string.Concat(examples.Select(static example => $$"""{"dir":"{{example.Direction}}","event":{{JsonSerializer.Serialize(example.Event)}}}""" + "\n"));
        string expected = string.Concat(examples.Select(static (example, i) => $"{i + 1} {example.Direction} {Type(example.Event)} ok\n"));

        Assert.Equal(expected, Text(await FileAsync(bare, "--strict", "--family", family)));
        Assert.Equal(expected, Text(await FileAsync(recorded, "--strict", "--family", family)));
        ToolRun json = await FileAsync(recorded, "--strict", "--json", "--family", family);
        Assert.Equal(("", ExitCode.Done), (json.Error, json.ExitCode));
        string[] written = Text(json).Split('\n')[..^1];
        Assert.Equal(examples.Count, written.Length);
        Assert.All(examples.Zip(written), static pair => Assert.True(JsonElement.DeepEquals(pair.First.Event, JsonDocument.Parse(pair.Second).RootElement), pair.Second));
    }

    [Fact]
    public async Task Family_DecidesWhatIsKnown()
    {
        ToolRun run = await FileAsync(Cancel, "--family", "translation");

        Assert.Equal((ExitCode.Done, "1 - response.cancel unknown\n"), (run.ExitCode, Text(run)));
    }

    private static string Type(JsonElement value) => value.GetProperty("type").GetString()!;

    private static string Text(ToolRun run) => Encoding.UTF8.GetString(run.AudioOut);

    private Task<ToolRun> FileAsync(string text, params string[] options) => ToolRun.OfAsync(["decode", _folder.File("events.jsonl", Encoding.UTF8.GetBytes(text)), .. options]);
}
