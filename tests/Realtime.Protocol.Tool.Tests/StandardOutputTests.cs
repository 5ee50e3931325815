using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests;

/// <summary>The program as a process of its own, behind a pipe that its reader closes and on a disk without room: what only the operating system can show.</summary>
public sealed class StandardOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnswerToAPipeThatIsClosed_EndsQuietly()
    {
        (int exitCode, string error) = await ToolProcess.RunAsync("talk --fast --json --out - | head -c 1000 >/dev/null");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("{\"outcome\":\"output_closed\",\"exit_code\":1,", Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsForAPipeThatIsClosed_EndQuietly()
    {
        string events = _folder.File("events.jsonl");
        await File.WriteAllLinesAsync(events, Enumerable.Repeat("""{"type":"response.cancel"}""", 100_000), TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), await ToolProcess.RunAsync($"decode {events} | head -n 1 >/dev/null"));
    }

    [Fact]
    public async Task TimelineForAPipeThatIsClosed_LeavesTheAnswerWhole()
    {
        Assert.Equal((0, ""), await ToolProcess.RunAsync($"talk --fast --out {_folder.File("out.wav")} | head -n 1 >/dev/null"));
        Assert.Equal(148_448, Support.Speech.SamplesOf(_folder.File("out.wav")).Length);
    }

    [Theory]
    [InlineData(1, "--help")]
    [InlineData(1, "serve --port 0")]
    [InlineData(2, "decode EVENTS")]
    [InlineData(2, "decode --json EVENTS")]
    public async Task DiskWithoutRoom_IsOneLine(int expected, string arguments)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no full device here.");
        string events = _folder.File("events.jsonl", "{\"type\":\"response.cancel\"}\n"u8.ToArray());

        (int exitCode, string error) = await ToolProcess.RunAsync($"{arguments.Replace("EVENTS", events, StringComparison.Ordinal)} >/dev/full");

        Assert.Equal((expected, "Standard output can't be written to its end: No space left on device\n"), (exitCode, error));
    }
}
