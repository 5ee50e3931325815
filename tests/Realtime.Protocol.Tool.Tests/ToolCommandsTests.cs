using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests;

public class ToolCommandsTests
{
    private const int HangsAfterMs = 60_000;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("--help")]
    [InlineData("talk", "--help")]
    [InlineData("serve", "--help")]
    [InlineData("gateway", "--help")]
    [InlineData("chaos", "--help")]
    [InlineData("decode", "--help")]
    [InlineData("lint", "--help")]
    [InlineData("view", "--help")]
    public async Task Help_ListsTheExitCodes(params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.All(ExitCodes.Table, row => Assert.Contains($"{(int)row.Code,3}  {row.Meaning}\n", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryExitCode_IsExplainedOnce() => Assert.Equal(Enum.GetValues<ExitCode>(), ExitCodes.Table.Select(static row => row.Code));

    [Fact(Timeout = HangsAfterMs)]
    public async Task NoCommand_IsAskedFor()
    {
        ToolRun run = await ToolRun.OfAsync();

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal("Required command was not provided. See realtime --help.", Assert.Single(run.ErrorLines));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("There is no command \"bogus\"; the commands are talk, serve, gateway, chaos, decode, lint, view. See realtime --help.", "bogus")]
    [InlineData("There is no command \"bogus\"; the commands are talk, serve, gateway, chaos, decode, lint, view. See realtime --help.", "bogus", "--in", "x.wav")]
    [InlineData("There is no option \"--bogus\"; the commands are talk, serve, gateway, chaos, decode, lint, view. See realtime --help.", "--bogus")]
    public async Task UnknownWord_IsNamed(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal(expected, Assert.Single(run.ErrorLines));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("There is no option \"--jsn\"; realtime decode takes --family, --json, --strict; a file of that name is ./--jsn. See realtime decode --help.", "decode", "--jsn", "events.jsonl")]
    [InlineData("There is no option \"--jsn\"; realtime decode takes --family, --json, --strict; a file of that name is ./--jsn. See realtime decode --help.", "decode", "--jsn")]
    [InlineData("There is no option \"--jsn\"; realtime decode takes --family, --json, --strict. See realtime decode --help.", "decode", "events.jsonl", "--jsn")]
    [InlineData("There is no option \"--fats\"; realtime serve takes --port, --listen, --tls, --certificate, --certificate-out, --key, --scenario, --watch, --scenario-schema, --like, --seed, --fault, --vad, --lifetime, --fast, --log, --log-audio, --ready, --max-connections, --max-message, --max-queue, --fail-on. See realtime serve --help.", "serve", "--port", "0", "--fats")]
    [InlineData("--family takes realtime or translation, not \"Realtime\". See realtime decode --help.", "decode", "--family", "Realtime")]
    [InlineData("--key-header takes bearer or api-key, not \"cookie\". See realtime talk --help.", "talk", "--url", "ws://127.0.0.1:1/", "--key-header", "cookie")]
    [InlineData("\"more.jsonl\" is one word too many. See realtime decode --help.", "decode", "events.jsonl", "more.jsonl")]
    [InlineData("\"hello\" is one word too many. See realtime talk --help.", "talk", "hello")]
    [InlineData("--url is empty; name something or leave it out. See realtime talk --help.", "talk", "--url", "")]
    [InlineData("--model is empty; name something or leave it out. See realtime talk --help.", "talk", "--model", " ")]
    public async Task WordToChange_IsNamed(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal(expected, Assert.Single(run.ErrorLines));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(0, "--help")]
    [InlineData(3, "decode", "--help")]
    [InlineData(0, "serve", "--port", "0")]
    public async Task TextWithoutRoom_IsReportedOnceAndIsNoDefect(int room, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args, new() { OutputTakes = room });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal("Standard output can't be written to its end: No space left on device", Assert.Single(run.ErrorLines));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task LineThatNobodyCanBeTold_LeavesTheExitCodeAsItIs()
    {
        ToolRun run = await ToolRun.OfAsync(["bogus"], new() { ErrorTakes = 0 });

        Assert.Equal(("", ExitCode.UnusableInput), (run.Error, run.ExitCode));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task EveryOption_IsInTheReadme()
    {
        string readme = File.ReadAllText(RepositoryFolder.PathOf("src/Realtime.Protocol.Tool/README.md"));
        foreach (string command in (string[])["talk", "serve", "gateway", "chaos", "decode", "lint", "view"])
        {
            ToolRun run = await ToolRun.OfAsync(command, "--help");
            string[] options = [.. run.Output.Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith("--", StringComparison.Ordinal)).Select(static line => line.Split(' ')[0])];
            Assert.NotEmpty(options);
            Assert.All(options, option => Assert.Contains($"`{option}", readme, StringComparison.Ordinal));
        }

        Assert.All(ExitCodes.Table, row => Assert.Contains($"| {(int)row.Code} | {row.Meaning} |", readme, StringComparison.Ordinal));
    }
}
