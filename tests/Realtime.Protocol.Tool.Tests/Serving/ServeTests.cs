using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

public sealed class ServeTests
{
    [Fact]
    public async Task Listening_IsTold_AndEndsCleanlyWhenAsked()
    {
        ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0"], new() { EndAt = "listening" });

        Assert.Matches(@"^listening on ws://127\.0\.0\.1:\d+/v1/realtime\n$", run.Output);
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task TakenPort_IsOneLine()
    {
        await using RealtimeSimulatorHost other = await RealtimeSimulatorHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("serve", "--port", $"{other.Endpoint.Port}");

        Assert.Equal(ExitCode.NotConnected, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"Port {other.Endpoint.Port} is in use", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port is required", "serve")]
    [InlineData("--port takes a port number from 0 to 65535, not \"65536\". See realtime serve --help.", "serve", "--port", "65536")]
    [InlineData("--key is empty", "serve", "--port", "0", "--key", "")]
    public async Task WrongUsage_IsOneLine(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines).Replace("'", "", StringComparison.Ordinal).Replace("Option ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
