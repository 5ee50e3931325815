using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary>Whatever the other side does, the user gets one line, an exit code, and what had arrived.</summary>
public sealed class BadServerTests : IDisposable
{
    private const string Key = "sk-not-to-be-shown";

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _samples = Support.Speech.Samples(5000);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RefusedConnection_LeavesAnEarlierAnswerAlone()
    {
        string before = _folder.File("out.wav", "an earlier answer"u8.ToArray());

        ToolRun run = await TalkAsync(new Uri($"ws://127.0.0.1:{FreePort()}/v1/realtime"));

        AssertOneLine(run, ExitCode.NotConnected, "Nobody listens at ws://127.0.0.1:");
        Assert.Equal("an earlier answer", File.ReadAllText(before));
    }

    [Fact]
    public async Task WrongKey_IsRefused_AndNeverShown()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, "sk-another-one");

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        AssertOneLine(run, ExitCode.NotConnected, "refused the key (HTTP 401). Check that it is set, complete and not expired. The key is read from OPENAI_API_KEY.");
        AssertKeyIsNowhere(run);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("api-key")]
    public async Task KeyOfANamedVariable_IsUsedInItsHeader_AndNeverShown(string header)
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, Key);

        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--fast", "--text", "Hello.", "--url", host.Endpoint.ToString(), "--key-variable", "MY_KEY", "--key-header", header, "--out", _folder.File("out.wav"), "--log", _folder.File("log.jsonl")],
            new() { Variables = { ["MY_KEY"] = Key, ["OPENAI_API_KEY"] = "sk-of-another-service" } });

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        AssertKeyIsNowhere(run);
    }

    [Fact]
    public async Task WrongKeyOfANamedVariable_IsSaidToComeFromThere()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, "sk-another-one");

        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--url", host.Endpoint.ToString(), "--key-variable", "MY_KEY", "--out", _folder.File("out.wav")], new() { Variables = { ["MY_KEY"] = Key } });

        AssertOneLine(run, ExitCode.NotConnected, "The key is read from MY_KEY.");
        AssertKeyIsNowhere(run);
    }

    [Fact]
    public async Task RightKey_IsUsed_AndNeverShown()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, Key);

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal(_samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
        AssertKeyIsNowhere(run);
    }

    [Fact]
    public async Task ServerThatQuotesTheKey_IsNotQuoted()
    {
        string error = $$$"""{"type":"error","event_id":"event_1","error":{"type":"invalid_request_error","code":"odd","message":"Is {{{Key}}} yours?"}}""";
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.InjectBefore("response.done", 1, error), Key);

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Contains("the server reports an error: odd: Is (key) yours?", run.Output, StringComparison.Ordinal);
        AssertKeyIsNowhere(run);
    }

    [Fact]
    public async Task KeyThatNoHeaderCanCarry_IsRefused_AndNeverShown()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--url", "ws://127.0.0.1:1/v1/realtime", "--out", _folder.File("out.wav")], new() { Variables = { ["OPENAI_API_KEY"] = Key + "\n" } });

        AssertOneLine(run, ExitCode.UnusableInput, "OPENAI_API_KEY is unusable. The credential holds a line break at position 18 of 19");
        AssertKeyIsNowhere(run);
    }

    [Fact]
    public async Task KeyOverAnOpenConnection_IsRefused()
    {
        ToolRun run = await TalkAsync(new Uri("ws://realtime.example/v1/realtime"));

        AssertOneLine(run, ExitCode.UnusableInput, "The key of OPENAI_API_KEY would travel unencrypted to realtime.example. Use wss: instead of ws:, or unset the variable.");
    }

    [Fact]
    public async Task WrongPath_IsNamed()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None);

        ToolRun run = await TalkAsync(new Uri(host.Endpoint, "/elsewhere"));

        AssertOneLine(run, ExitCode.NotConnected, "/elsewhere does not exist there (HTTP 404).");
    }

    [Fact]
    public async Task ClosingBeforeTheSessionIsOpen_IsNoConnection()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.CloseAt("session.created", 1, 1013, "Too busy."));

        ToolRun run = await TalkAsync(host.Endpoint);

        AssertOneLine(run, ExitCode.NotConnected, "The connection ended before the session was ready");
    }

    [Fact]
    public async Task ClosedInMidResponse_LeavesWhatHadArrived()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.CloseAt("response.output_audio.delta", 3, 1011, "The server fell over."));

        ToolRun run = await TalkAsync(host.Endpoint);

        AssertOneLine(run, ExitCode.Disconnected, "The connection ended in the middle of the turn: closed by the peer (1011): The server fell over. Try again.");
        Assert.Equal(_samples[..38_400], Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    // A reset throws away what the operating system has not handed over yet, so the server takes its time before it.
    [Fact]
    public async Task LostConnection_LeavesWhatHadArrived()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.CloseAt("response.output_audio.delta", 3, SimulatorEffect.BrokenConnection), pace: ResponsePace.Default);

        ToolRun run = await TalkAsync(host.Endpoint);

        AssertOneLine(run, ExitCode.Disconnected, "The connection ended in the middle of the turn: connection lost");
        byte[] answer = Support.Speech.SamplesOf(_folder.File("out.wav"));
        Assert.InRange(answer.Length, 19_200, 38_400);
        Assert.Equal(_samples[..answer.Length], answer);
    }

    [Fact]
    public async Task ClosedInMidResponse_IsToldToPrograms()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.CloseAt("response.output_audio.delta", 3, 1011, "The server fell over."));

        ToolRun run = await TalkAsync(host.Endpoint, "--json");

        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal("disconnected", summary.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(4, summary.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal(38_400, summary.RootElement.GetProperty("answer").GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("{\"type\":")]
    [InlineData("not json at all")]
    public async Task MalformedEvent_IsReported_AndTheSessionGoesOn(string malformed)
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.InjectBefore("response.output_audio.delta", 2, malformed));

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        AssertOneLine(run, ExitCode.DoneWithProblems, "The server sent a malformed event of ");
        Assert.Contains("  session  the server sent a malformed event of ", run.Output, StringComparison.Ordinal);
        Assert.Contains("outcome      completed", run.Output, StringComparison.Ordinal);
        Assert.Equal(_samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    [Fact]
    public async Task OddEvent_IsReportedByItsKindAndMember_AndTheSessionGoesOn()
    {
        const string Odd = """{"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"event_id":"e","delta":"?"}""";
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.InjectBefore("response.output_audio.delta", 2, Odd));

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        AssertOneLine(run, ExitCode.DoneWithProblems, "The server sent an odd ResponseOutputAudioDelta: delta");
        Assert.Contains("  session  the server sent an odd ResponseOutputAudioDelta: delta", run.Output, StringComparison.Ordinal);
        Assert.Contains("outcome      completed", run.Output, StringComparison.Ordinal);
        Assert.Equal(_samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    [Theory]
    [InlineData("""{"type":"x.y","\ud800":1}""")]
    [InlineData("""{"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"event_id":"e","delta":"\ud800"}""")]
    public async Task EscapedHalfOfASurrogatePair_IsLogged_AndTheSessionGoesOn(string odd)
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.InjectBefore("response.output_audio.delta", 2, odd));

        ToolRun run = await TalkAsync(host.Endpoint, "--log", _folder.File("log.jsonl"));

        Assert.Contains("outcome      completed", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be recorded", run.Error, StringComparison.Ordinal);
        Assert.Equal(_samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
        string line = Assert.Single(File.ReadAllLines(_folder.File("log.jsonl")), static line => line.Contains("\"not_json\":", StringComparison.Ordinal));
        using JsonDocument logged = JsonDocument.Parse(line);
        Assert.Equal(odd, logged.RootElement.GetProperty("not_json").GetString());
    }

    // The connection is accepted after the timeout began to count, so the clock may move then.
    [Fact]
    public async Task SilentServer_IsReported_WithoutAnOptionThatThereIsNot()
    {
        var time = new ManualTime();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<ToolRun> running = ToolRun.OfAsync(
            ["talk", "--fast", "--url", $"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", "--out", _folder.File("out.wav")],
            new() { Time = time });
        using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromHours(1));

        ToolRun run = await running;

        AssertOneLine(run, ExitCode.NotConnected, "Check the network, or try again later.");
        Assert.DoesNotContain("ConnectTimeout", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownEvent_IsNoProblem()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None.InjectBefore("response.done", 1, """{"type":"response.tomorrow","event_id":"e"}"""));

        ToolRun run = await TalkAsync(host.Endpoint, "--json");

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal("response.tomorrow", Assert.Single(summary.RootElement.GetProperty("unknown_events").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task CtrlC_WritesWhatHadArrived()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, pace: ResponsePace.Default);

        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--fast", "--url", host.Endpoint.ToString(), "--in", _folder.File("in.wav", Support.Speech.Wav(_samples)), "--out", "-"],
            new() { EndAtFirstAudio = true });

        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        Assert.Contains("outcome      cancelled", run.Error, StringComparison.Ordinal);
        Assert.InRange(run.AudioOut.Length, 19_200, _samples.Length - 2);
        Assert.Equal(_samples[..run.AudioOut.Length], run.AudioOut);
    }

    [Fact]
    public async Task CtrlC_LeavesASoundWavFile()
    {
        await using RealtimeSimulatorHost host = await ServeAsync(FaultPlan.None, pace: ResponsePace.Default);

        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--fast", "--url", host.Endpoint.ToString(), "--in", _folder.File("in.wav", Support.Speech.Wav(_samples)), "--out", _folder.File("out.wav")],
            new() { EndAt = "first audio" });

        Assert.Equal(("", ExitCode.Cancelled), (run.Error, run.ExitCode));
        byte[] answer = Support.Speech.SamplesOf(_folder.File("out.wav"));
        Assert.Equal(_samples[..answer.Length], answer);
    }

    private Task<ToolRun> TalkAsync(Uri endpoint, params string[] more) => ToolRun.OfAsync(
        ["talk", "--fast", "--url", endpoint.ToString(), "--in", _folder.File("in.wav", Support.Speech.Wav(_samples)), "--out", _folder.File("out.wav"), .. more],
        new() { Variables = { ["OPENAI_API_KEY"] = Key } });

    private static Task<RealtimeSimulatorHost> ServeAsync(FaultPlan faults, string? key = null, ResponsePace? pace = null) => RealtimeSimulatorHost.StartAsync(
        new() { ApiKey = key, Simulator = new() { Faults = faults, Pace = pace ?? ResponsePace.Immediate } }, TestContext.Current.CancellationToken);

    private void AssertKeyIsNowhere(ToolRun run)
    {
        Assert.DoesNotContain(Key, run.Output + run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("log.jsonl")) && File.ReadAllText(_folder.File("log.jsonl")).Contains(Key, StringComparison.Ordinal));
    }

    private static void AssertOneLine(ToolRun run, ExitCode exitCode, string expected)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
