using System.Text;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Decoding;

/// <summary>What decode makes of the file around the events: its first bytes, its empty lines, its end, and disks and pipes that fail.</summary>
public sealed class DecodeFileTests : IDisposable
{
    private const string Cancel = """{"type":"response.cancel"}""";
    private const string Mark = "\uFEFF";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Mark + Cancel, "1 client response.cancel ok\n")]
    [InlineData(Mark + """{"dir":"client","event":""" + Cancel + "}\r\n" + Cancel, "1 client response.cancel ok\n2 client response.cancel ok\n")]
    [InlineData(Mark + "{", "1 error at byte 4: the message ends too early\n")]
    [InlineData(Mark + "\n" + Cancel, "2 client response.cancel ok\n")]
    [InlineData(Mark, "")]
    [InlineData(Cancel + "\n" + Mark + Cancel, "1 client response.cancel ok\n2 error at byte 0: not a JSON object\n")]
    [InlineData(Mark + Mark + Cancel, "1 error at byte 3: not a JSON object\n")]
    public async Task ByteOrderMark_IsPassedOverAtTheStartAndNowhereElse(string text, string expected)
    {
        ToolRun run = await FileAsync(text);

        Assert.Equal((expected, ""), (Text(run), run.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("  \n\t\r\n \r \n")]
    public async Task LinesOfWhiteSpace_CountAsLinesAndNotAsEvents(string space)
    {
        ToolRun run = await FileAsync($"{space}{Cancel}\n{space}");

        Assert.Equal((ExitCode.Done, $"{space.Count(static c => c == '\n') + 1} client response.cancel ok\n"), (run.ExitCode, Text(run)));
        Assert.Equal(ExitCode.Done, (await FileAsync(space, "--strict")).ExitCode);
    }

    [Fact]
    public async Task ErrorWhileReading_SaysBehindWhichLine_AndWhatWasFoundIsPrinted()
    {
        ToolRun run = await ToolRun.OfAsync(["decode"], new() { AudioIn = Encoding.UTF8.GetBytes($"{Cancel}\n{Cancel}\n{Cancel[..9]}"), InputFailsAtTheEnd = true });

        Assert.Equal((ExitCode.UnusableInput, "1 client response.cancel ok\n2 client response.cancel ok\n"), (run.ExitCode, Text(run)));
        Assert.Equal("Standard input can't be read behind line 2: Input/output error", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task OutputThatBreaks_IsOneLineAndNoDefect()
    {
        ToolRun run = await ToolRun.OfAsync(["decode"], new() { AudioIn = Encoding.UTF8.GetBytes(Cancel), PipeBreaksAtTheEnd = true });

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal("Standard output can't be written to its end: Broken pipe", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{\n", 1)]
    public async Task ReaderThatHasSeenEnough_EndsItQuietlyWithWhatWasFound(string first, int expected)
    {
        string text = first + string.Concat(Enumerable.Repeat(Cancel + "\n", 100_000));

        ToolRun run = await ToolRun.OfAsync(["decode", _folder.File("events.jsonl", Encoding.UTF8.GetBytes(text))], new() { ReaderTakes = 100_000 });

        Assert.Equal((expected, ""), ((int)run.ExitCode, run.Error));
        Assert.InRange(run.AudioOut.Length, 1, 100_000);
    }

    [Fact]
    public async Task Directory_IsCalledOneAndAFileAskedFor()
    {
        ToolRun run = await ToolRun.OfAsync("decode", Path.GetTempPath());

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal($"{Path.GetTempPath()} is a directory; name a file in it that holds one event a line, or give - for standard input.", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task FileWithoutAName_IsOneLine(string name)
    {
        ToolRun run = await ToolRun.OfAsync("decode", name);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal("FILE is empty. Name a file, or give - for standard input.", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task LineBeyondTheLimit_IsAFaultBesideJson_AndTheNextIsWritten()
    {
        byte[] text = [.. Enumerable.Repeat((byte)' ', 17 * 1024 * 1024), .. Encoding.UTF8.GetBytes($"\n{Cancel}")];

        ToolRun run = await ToolRun.OfAsync("decode", "--json", _folder.File("long.jsonl", text));

        Assert.Equal((ExitCode.DoneWithProblems, Cancel + "\n"), (run.ExitCode, Text(run)));
        Assert.Equal("1 error at byte 16778240: the line holds more than 16778240 bytes", Assert.Single(run.ErrorLines));
    }

    private static string Text(ToolRun run) => Encoding.UTF8.GetString(run.AudioOut);

    private Task<ToolRun> FileAsync(string text, params string[] options) => ToolRun.OfAsync(["decode", _folder.File("events.jsonl", Encoding.UTF8.GetBytes(text)), .. options]);
}
