using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

/// <summary>The command: what it reads and writes, what it refuses, and what it keeps to itself.</summary>
public sealed class ViewTests
{
    private const string NoEvent = "A line is an event with its sender, such as {\"dir\":\"client\",\"event\":{…}}.";

    private static readonly string Transcripts = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Recorded => [.. Directory.GetFiles(Transcripts, "*.jsonl", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Transcripts, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task RecordedSession_IsDrawnWithoutAComplaint(string name)
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("page.html");

        ToolRun run = await ToolRun.OfAsync("view", Path.Combine(Transcripts, name), "--out", page);

        Assert.Equal(("", "", ExitCode.Done), (run.Output, run.Error, run.ExitCode));
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_IsALaneForEachLogInIt()
    {
        using var folder = new TemporaryFolder();
        folder.File("b.jsonl", Encoding.UTF8.GetBytes(Drawn.Session().Log));
        folder.File("a.jsonl", Encoding.UTF8.GetBytes(Drawn.Session().Text(10, "Hi").Log));
        folder.File("notes.txt", "Hello"u8.ToArray());

        ToolRun run = await ToolRun.OfAsync("view", Path.GetDirectoryName(folder.File("a"))!, "--json");

        Assert.Equal(["a.jsonl 1", "b.jsonl 0"], JsonNode.Parse(run.AudioOut)!["lanes"]!.AsArray().Select(static lane => $"{lane!["name"]} {lane["turns"]!.AsArray().Count}"));
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task Page_GoesToStandardOutput()
    {
        ToolRun run = await Drawn.Session().RunAsync("--out", "-");

        Assert.Equal(("", "", ExitCode.Done), (run.Output, run.Error, run.ExitCode));
        Assert.EndsWith("</html>\n", Encoding.UTF8.GetString(run.AudioOut), StringComparison.Ordinal);
    }

    /// <summary>What was said is shown by name only, and nothing of it hides in the page.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_IsThereWhenAskedFor(bool isAsked)
    {
        Drawn log = Drawn.Session()
            .Text(10, "canary-written").Created(20, "resp_1")
            .Server(30, """{"type":"response.output_audio_transcript.done","response_id":"resp_1","item_id":"item_1","transcript":"canary-answer"}""")
            .Server(40, """{"type":"response.output_item.done","response_id":"resp_1","item":{"type":"function_call","id":"item_2","call_id":"call_1","name":"stock","arguments":"canary-arguments"}}""")
            .Client(50, """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"canary-output"}}""")
            .Server(60, """{"type":"error","error":{"code":"invalid_value","message":"canary-message"}}""")
            .Server(61, """{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_9","error":{"code":"unclear","message":"canary-unheard"}}""")
            .Done(70, "resp_1", "failed", """{"type":"failed","error":{"code":"server_error","message":"canary-failure"}}""");

        ToolRun run = await log.RunAsync([.. isAsked ? (string[])["--content"] : [], "--out", "-"]);

        string page = Encoding.UTF8.GetString(run.AudioOut);
        Assert.All(["written", "answer", "arguments", "output", "message", "unheard", "failure"], what => Assert.Equal(isAsked, page.Contains($"canary-{what}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LineThatBreaksOff_IsNamedAndTheRestIsDrawn()
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("call.jsonl", Encoding.UTF8.GetBytes(Drawn.Session().Text(10, "Hi").Log + """{"t_ms":20,"dir":"server","event":{"type":"response.cre"""));
        string page = folder.File("page.html");

        ToolRun run = await ToolRun.OfAsync("view", log, "--out", page, "--json");

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal($"{log}, line 3: it is no JSON, or breaks off.", Assert.Single(run.ErrorLines));
        JsonNode lane = JsonNode.Parse(run.AudioOut)!["lanes"]![0]!;
        Assert.Equal((1, "no_event", 3), (lane["turns"]!.AsArray().Count, (string?)lane["problems"]![0]!["kind"], (int)lane["problems"]![0]!["line"]!));
        Assert.True(File.Exists(page));
    }

    [Theory]
    [InlineData("", $"There is no event in standard input. {NoEvent}")]
    [InlineData("\n \n", $"There is no event in standard input. {NoEvent}")]
    [InlineData("Dear diary,\nnothing was recorded today.\n", "standard input, line 1: not a JSON object; 2 lines are none. There is no event in it.")]
    [InlineData("{\"dir\":\"client\",\"event\":42}\n", "standard input, line 1: it is no event: it has no type. There is no event in it.")]
    [InlineData("[1,2]\n", "standard input, line 1: not a JSON object. There is no event in it.")]
    public async Task WhatIsNoLog_IsRefusedInOneLine(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("page.html");

        ToolRun run = await new Drawn().Line(text).RunAsync("--out", page);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal(expected, Assert.Single(run.ErrorLines));
        Assert.False(File.Exists(page));
    }

    [Fact]
    public async Task BytesThatAreNoText_AreNamedByTheirLine()
    {
        byte[] log = [.. Encoding.UTF8.GetBytes(Drawn.Session().Log), .. "{\"dir\":\"client\",\"event\":{\"type\":\"session.update\",\"x\":\""u8, 0xff, 0xfe, .. "\"}}\n"u8];

        ToolRun run = await ToolRun.OfAsync(["view", "--json"], new() { AudioIn = log });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal("standard input, line 2: it is no UTF-8.", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("-5000", 100)]
    [InlineData("1e300", 100)]
    [InlineData("1e999", 100)]
    [InlineData("40", 100)]
    [InlineData("9000000000", 100)]
    public async Task TimeOfNoUse_IsThatOfTheLineBefore(string time, int expected)
    {
        JsonNode lane = await Drawn.Session().Server(100, """{"type":"input_audio_buffer.speech_started"}""").Line($$"""{"t_ms":{{time}},"dir":"server","event":{"type":"error","error":{"code":"x"} } }""").LaneAsync();

        Assert.Equal((expected, 1), ((int)lane["problems"]![0]!["at"]!, (int)lane["strange_times"]!));
    }

    [Fact]
    public async Task ClockThatCountsFromElsewhere_BeginsAtTheFirstEvent()
    {
        JsonNode lane = await new Drawn().Server(1_790_000_000_000, """{"type":"session.created","session":{"id":"sess_1"}}""").Server(1_790_000_000_250, """{"type":"error","error":{"code":"x"}}""").LaneAsync();

        Assert.Equal((250, 0), ((int)lane["problems"]![0]!["at"]!, (int)lane["strange_times"]!));
    }

    /// <summary>Members of every wrong kind, where something else is expected.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task MembersOfTheWrongKind_AreBorne(string value)
    {
        Drawn log = Drawn.Session().Text(5, "Hi").Created(10, "resp_1").Delta(20, "resp_1", "item_1", 100);
        foreach (string type in (string[])["session.created", "session.updated", "response.created", "response.done", "response.output_audio.delta", "response.output_item.added", "response.output_item.done", "rate_limits.updated", "error",
            "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "conversation.item.truncated", "conversation.item.input_audio_transcription.completed", "output_audio_buffer.started", "output_audio_buffer.stopped", "session.output_audio.delta"])
        {
            log.Server(30, $$"""{"type":"{{type}}","session":{{value}},"response":{{value}},"response_id":{{value}},"item_id":{{value}},"item":{{value}},"delta":{{value}},"delta_bytes":{{value}},"rate_limits":[{{value}}],"error":{{value}},"audio_start_ms":{{value}},"audio_end_ms":{{value}},"usage":{{value}},"transcript":{{value}} }""");
        }

        foreach (string type in (string[])["input_audio_buffer.append", "input_audio_buffer.commit", "conversation.item.create", "conversation.item.truncate", "conversation.item.delete", "response.cancel", "session.update"])
        {
            log.Client(40, $$"""{"type":"{{type}}","audio":{{value}},"audio_bytes":{{value}},"item":{{value}},"item_id":{{value}},"audio_end_ms":{{value}} }""");
        }

        ToolRun run = await log.RunAsync("--json", "--content");

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task LogItself_IsNotOverwritten()
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("call.jsonl", Encoding.UTF8.GetBytes(Drawn.Session().Log));

        ToolRun run = await ToolRun.OfAsync("view", log, "--out", log);

        Assert.Equal((ExitCode.UnusableInput, $"{log} (--out) is the log itself. Name another file for the page."), (run.ExitCode, Assert.Single(run.ErrorLines)));
        Assert.Equal(Drawn.Session().Log, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhatCannotBeWrittenOrRead_IsOneLine()
    {
        using var folder = new TemporaryFolder();
        string nowhere = folder.File("no/such/page.html");
        string empty = Path.GetDirectoryName(folder.File("x"))!;

        ToolRun[] runs = [await Drawn.Session().RunAsync("--out", nowhere), await ToolRun.OfAsync("view", empty), await Drawn.Session().RunAsync("--json", "--out", "-"), await ToolRun.OfAsync("view", "--contents")];

        Assert.All(runs, static run => Assert.Equal(ExitCode.UnusableInput, run.ExitCode));
        Assert.StartsWith($"{nowhere} (--out) can't be written: ", Assert.Single(runs[0].ErrorLines), StringComparison.Ordinal);
        Assert.Equal($"There is no log in the folder {empty}: no file whose name ends in .jsonl.", Assert.Single(runs[1].ErrorLines));
        Assert.Equal("--json and --out - both want standard output. Name a file for the page.", Assert.Single(runs[2].ErrorLines));
        Assert.StartsWith("There is no option \"--contents\"; realtime view takes --out, --content, --prices, --json; ", Assert.Single(runs[3].ErrorLines), StringComparison.Ordinal);
    }
}
