using Realtime.Protocol.CommandLine.Serving;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

/// <summary><c>serve … -- COMMAND</c>: the simulator lives as long as the program that it was started for.</summary>
public sealed class ServedProgramTests
{
    private const int HangsAfterMs = 60_000;

    [Fact]
    public void Variables_AreThoseThatClientsRead()
    {
        IReadOnlyDictionary<string, string> variables = new ServedProgram(["true"], new Uri("ws://127.0.0.1:5005/v1/realtime"), "secret").Variables();

        Assert.Equal("ws://127.0.0.1:5005/v1/realtime", variables["REALTIME_URL"]);
        Assert.Equal("http://127.0.0.1:5005/v1", variables["OPENAI_BASE_URL"]);
        Assert.Equal("secret", variables["OPENAI_API_KEY"]);
        Assert.Equal("http://127.0.0.1:5005", variables["AZURE_OPENAI_ENDPOINT"]);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("test -n \"$REALTIME_URL\" && test -n \"$OPENAI_BASE_URL\" && test -n \"$OPENAI_API_KEY\" && test -n \"$AZURE_OPENAI_ENDPOINT\"", 0)]
    public async Task ExitCode_IsTheProgramsOwn(string script, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--fail-on", "wasteful", "--", "sh", "-c", script);

        Assert.Equal(expected, (int)run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("listening on ws://127.0.0.1:", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The client is this tool itself, as a process of its own: what serve was told to break, it meets.</summary>
    [Theory(Timeout = HangsAfterMs)]
    [InlineData(ExitCode.Done)]
    [InlineData(ExitCode.NotConnected, "http:503")]
    [InlineData(ExitCode.Disconnected, "fin@response.created/1")]
    [InlineData(ExitCode.DoneWithProblems, "drop@response.created/1")]
    [InlineData(ExitCode.Done, "noise:0.5", "late-deltas:2", "rejection:before-created")]
    internal async Task Faults_HappenToTheProgramsConnection(ExitCode expected, params string[] faults)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string answer = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.wav");
        string talk = $"dotnet '{typeof(ServedProgram).Assembly.Location}' talk --fast --text hello --out '{answer}' --key-variable OPENAI_API_KEY --url $REALTIME_URL";

        ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0", "--fast", .. faults.SelectMany(static fault => new[] { "--fault", fault }), "--", "sh", "-c", talk], new());

        File.Delete(answer);
        Assert.Equal(expected, run.ExitCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ProgramThatIsNotThere_IsUnusable()
    {
        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--", "no-such-program-anywhere");

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.StartsWith("no-such-program-anywhere could not be started: ", run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ProgramWithoutDashes_IsNotRun()
    {
        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "true");

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Equal("\"true\" is one word too many; a program to run stands behind --. See realtime serve --help.", Assert.Single(run.ErrorLines));
    }
}
