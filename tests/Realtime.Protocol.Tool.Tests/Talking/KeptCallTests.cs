using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary>A conversation that is kept in a folder, and gone on with by the next talk, against a simulator that knows nothing of the one before.</summary>
public sealed class KeptCallTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheNextTalk_GoesOnWhereTheFirstEnded_AndCountsOn()
    {
        using JsonDocument first = JsonDocument.Parse((await TalkAsync("tool: clock")).Output);
        ToolRun run = await TalkAsync("And now?");
        using JsonDocument second = JsonDocument.Parse(run.Output);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal(("call 7", 0), (first.RootElement.GetProperty("call").GetString(), first.RootElement.GetProperty("resumed_items").GetInt32()));
        Assert.Equal(4, second.RootElement.GetProperty("resumed_items").GetInt32()); // the question, the call, its output, the answer
        string[] told = [.. LogFile.Sent(Log, "conversation.item.create").Select(static create => Kind(create.GetProperty("item")))];
        Assert.Equal(["user", "function_call", "function_call_output", "assistant", "user"], told);
        Assert.Single(LogFile.Sent(Log, "response.create"));
        Assert.True(Tokens(second) > Tokens(first), "The tokens are those of the whole conversation.");
    }

    [Fact]
    public async Task AnAnswerThatWasBrokenOff_IsAskedForAgain_AndHeard_BeforeTheNextQuestion()
    {
        ToolRun broken = await TalkAsync("Tell me a long story.", new() { EndAt = "first audio" });
        ToolRun run = await TalkAsync("And now?");

        Assert.Equal((ExitCode.Cancelled, ExitCode.Done, ""), (broken.ExitCode, run.ExitCode, run.Error));
        string[] types = [.. LogFile.Read(Log).Where(static entry => entry.Direction == "client").Select(static entry => entry.Event.GetProperty("type").GetString()!).Where(static type => type is "conversation.item.create" or "response.create" or "response.cancel")];
        Assert.Equal("conversation.item.create", types[0]);
        Assert.Equal(["response.create", "conversation.item.create", "response.create"], types[^3..]);
        Assert.DoesNotContain("response.cancel", types);
        Assert.Equal(2, LogFile.Received(Log, "response.done").Count());
    }

    [Fact]
    public async Task AnAnswerThatWasBrokenOff_IsHeardBeforeTheServerListens()
    {
        ToolRun broken = await TalkAsync("Tell me a long story.", new() { EndAt = "first audio" });
        ToolRun run = await ToolRun.OfAsync(
            "talk", "--fast", "--vad", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(600))), "--journal", _folder.File("calls"), "--call", "call 7", "--out", _folder.File("out.wav"), "--log", Log);

        Assert.Equal((ExitCode.Cancelled, ExitCode.Done, ""), (broken.ExitCode, run.ExitCode, run.Error));
        string[] types = [.. LogFile.Read(Log).Select(static entry => entry.Event.GetProperty("type").GetString()!)];
        Assert.Equal(2, types.Count(static type => type == "response.done"));
        Assert.True(Array.IndexOf(types, "response.done") < Array.IndexOf(types, "input_audio_buffer.append"), "The first answer was heard before anything was said.");
        Assert.True(Array.LastIndexOf(types, "response.done") > Array.IndexOf(types, "input_audio_buffer.committed"), "What was said then was answered.");
    }

    [Theory]
    [InlineData("rate_limits.updated", "completed")]
    [InlineData("response.output_audio.delta", "disconnected")]
    public async Task AServerThatLeavesFirst_ChangesNothingAboutTheAnswer(string leavesAt, string outcome)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new() { Simulator = new() { Faults = FaultPlan.None.CloseAt(leavesAt, 1, 1000, "Enough.") } }, TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--json", "--text", "Hello.", "--url", host.Endpoint.ToString(), "--journal", _folder.File("calls"), "--call", "call 7", "--out", _folder.File("out.wav"), "--log", Log], new() { Time = new QuickTime() });
        using JsonDocument summary = JsonDocument.Parse(run.Output);

        Assert.Equal((outcome, outcome == "completed" ? ExitCode.Done : ExitCode.Disconnected), (summary.RootElement.GetProperty("outcome").GetString(), run.ExitCode));
        Assert.Equal(JsonValueKind.Object, summary.RootElement.GetProperty("usage").ValueKind);
        Assert.DoesNotContain("before the turn began", run.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_folder.File("calls"), "*.call"));
    }

    [Fact]
    public async Task TheSummary_SaysWhichCallItWas_AndWhetherItWasGoneOnWith()
    {
        string[] args = ["talk", "--fast", "--text", "Hello.", "--journal", _folder.File("calls"), "--call", "x", "--out", _folder.File("out.wav")];
        Assert.Contains("\ncall         x, begun\n", (await ToolRun.OfAsync(args)).Output, StringComparison.Ordinal);
        Assert.Contains("\ncall         x, gone on with after 2 items\n", (await ToolRun.OfAsync(args)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--journal", "calls")]
    [InlineData("--call", "x")]
    public async Task OneWithoutTheOther_IsRefused(string option, string value)
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "Hello.", option, value, "--out", _folder.File("out.wav"));
        Assert.Equal((ExitCode.UnusableInput, "--journal DIR and --call ID belong together: the folder, and the name of the conversation in it."), (run.ExitCode, run.ErrorLines[0]));
    }

    [Fact]
    public async Task ADamagedFile_AndAFolderThatIsAFile_AreSaid_AndNothingIsLost()
    {
        await TalkAsync("Hello.");
        string stored = Directory.EnumerateFiles(_folder.File("calls"), "*.call").Single();
        byte[] bytes = await File.ReadAllBytesAsync(stored, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(stored, bytes[..^9], TestContext.Current.CancellationToken);
        ToolRun damaged = await TalkAsync("And now?");
        ToolRun folder = await ToolRun.OfAsync("talk", "--fast", "--text", "Hello.", "--journal", stored, "--call", "x", "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.UnusableInput, damaged.ExitCode);
        Assert.Contains("is damaged", damaged.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.UnusableInput, folder.ExitCode);
        Assert.Contains("(--journal)", folder.Error, StringComparison.Ordinal);
        Assert.Equal(bytes[..^9], await File.ReadAllBytesAsync(stored, TestContext.Current.CancellationToken));
    }

    private string Log => _folder.File("log.jsonl");

    private Task<ToolRun> TalkAsync(string text, ToolRun.Setting? setting = null) => ToolRun.OfAsync(
        ["talk", .. setting is null ? (string[])["--fast", "--json"] : [], "--text", text, "--journal", _folder.File("calls"), "--call", "call 7", "--out", _folder.File("out.wav"), "--log", Log], setting ?? new());

    private static string Kind(JsonElement item) => item.TryGetProperty("role", out JsonElement role) ? role.GetString()! : item.GetProperty("type").GetString()!;

    private static long Tokens(JsonDocument summary) => summary.RootElement.GetProperty("usage").GetProperty("output").GetProperty("text").GetInt64();
}
