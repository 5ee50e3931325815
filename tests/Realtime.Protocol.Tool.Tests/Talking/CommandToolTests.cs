using System.Diagnostics;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary><c>talk --tool NAME=COMMAND</c>: programs of the user answer calls of the model.</summary>
public sealed class CommandToolTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.File("log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheProgramGetsTheArguments_AndWhatItPrintsIsTheOutput()
    {
        ToolRun run = await TalkAsync("""tool: lookup {"part":"wheel \u00e9"}""", "lookup=cat; echo; echo more");

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal("""{"part":"wheel \u00e9"}""" + "\nmore", Output());
        Assert.Equal("lookup", Assert.Single(Declared()).GetProperty("name").GetString());
        Assert.Contains("\ntools called lookup\n", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AProgramThatReadsNothing_Answers()
    {
        // More than a pipe holds, so that writing it fails.
        ToolRun run = await TalkAsync($$"""tool: clock {"text":"{{new string('a', 80_000)}}"}""", "clock=exec <&-; echo noon");

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal("noon", Output());
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("echo almost; echo 'no such part' >&2; exit 3", "The program ended with exit code 3.", "The tool stock ended with exit code 3: no such part")]
    [InlineData("exit 9", "The program ended with exit code 9.", "The tool stock ended with exit code 9.")]
    [InlineData("yes", "The program printed too much.", "The tool stock printed more than 1,048,576 bytes and was stopped.")]
    public async Task WhatGoesWrong_IsToldToBoth_AndTheConversationGoesOn(string command, string toModel, string toUser)
    {
        ToolRun run = await TalkAsync("tool: stock", $"stock={command}");

        Assert.Equal((ExitCode.DoneWithProblems, toUser), (run.ExitCode, Assert.Single(run.ErrorLines)));
        Assert.Equal($$"""{"error":"{{toModel}}"}""", Output());
        Assert.Contains("\noutcome      completed\n", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AProgramThatIsRunningWhenTheConversationEnds_IsStopped()
    {
        string started = _folder.File("started");
        using var enough = new CancellationTokenSource();
        Task<ToolRun> running = ToolRun.OfAsync(
            ["talk", "--fast", "--text", "tool: wait", "--tool", $"wait=echo $$ > {started}.part; mv {started}.part {started}; exec sleep 1000", "--out", _folder.File("out.wav")], new() { Ending = enough.Token });
        while (!File.Exists(started) && !running.IsCompleted)
        {
            // Another process makes it; nothing tells when.
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await enough.CancelAsync();
        ToolRun run = await running;

        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        int id = int.Parse(await File.ReadAllTextAsync(started, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        for (int patience = 1_000; patience > 0 && !IsGone(id); patience--)
        {
            // It was killed; when the system has cleared it away, nothing tells.
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(IsGone(id), "the program still runs");
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("clock", "--tool takes NAME=COMMAND, for instance --tool 'clock=date', not \"clock\".")]
    [InlineData("=date", "--tool takes NAME=COMMAND, for instance --tool 'clock=date', not \"=date\".")]
    [InlineData("clock= ", "--tool takes NAME=COMMAND, for instance --tool 'clock=date', not \"clock= \".")]
    [InlineData("two words=date", "--tool: The tool name \"two words\" is unusable; the service takes 1 to 64 letters, digits, _ and -.")]
    public async Task WhatIsNoToolAtAll_IsRefusedBeforeAnythingHappens(string option, string complaint)
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--text", "hello", "--tool", option, "--out", _folder.File("out.wav"));

        Assert.Equal((ExitCode.UnusableInput, complaint), (run.ExitCode, Assert.Single(run.ErrorLines)));
        Assert.False(File.Exists(_folder.File("out.wav")));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OneNameTwice_IsRefused()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--text", "hello", "--tool", "clock=date", "--tool", "clock=cat");

        Assert.Equal((ExitCode.UnusableInput, "--tool names clock twice; one program answers one name."), (run.ExitCode, Assert.Single(run.ErrorLines)));
    }

    private static bool IsGone(int id)
    {
        try
        {
            using Process left = Process.GetProcessById(id);
            return left.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private Task<ToolRun> TalkAsync(string text, string tool) => ToolRun.OfAsync("talk", "--fast", "--text", text, "--tool", tool, "--out", _folder.File("out.wav"), "--log", Log);

    private string Output() => Assert.Single(LogFile.Sent(Log, "conversation.item.create"), static create => create.GetProperty("item").GetProperty("type").GetString() == "function_call_output")
        .GetProperty("item").GetProperty("output").GetString()!;

    private JsonElement[] Declared() => [.. LogFile.Sent(Log, "session.update")[0].GetProperty("session").GetProperty("tools").EnumerateArray()];
}
