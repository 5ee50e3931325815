using System.Text.Json;
using Realtime.Protocol.CommandLine.Speech;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

public sealed class TalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answer_EqualsTheInput_SampleForSample()
    {
        byte[] samples = Support.Speech.Samples(1234);

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--in", _folder.File("in.wav", Support.Speech.Wav(samples)), "--out", _folder.File("out.wav"), "--log", _folder.File("log.jsonl"));

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal(samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
        Assert.Single(LogFile.Sent(_folder.File("log.jsonl"), "response.create"));
        Assert.Single(LogFile.Received(_folder.File("log.jsonl"), "response.done"));
    }

    [Fact]
    public async Task WithoutInput_TheBuiltInQuestionIsSpoken()
    {
        using var question = new MemoryStream();
        await BuiltInSpeech.Open().CopyToAsync(question, TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(question.ToArray(), File.ReadAllBytes(_folder.File("out.wav")));
    }

    [Fact]
    public async Task Timeline_TellsWhoDidWhat()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(500))), "--out", _folder.File("out.wav"));

        Assert.Matches(@"s  session  connects to ws://127\.0\.0\.1:\d+/v1/realtime, a simulator in this process\n", run.Output);
        Assert.Contains("  you      begin to speak\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  you      end the turn after 0.5 s of audio (24,000 bytes)\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"  model    first audio, [\d,]+ ms after the end of your turn\n", run.Output);
        Assert.Contains("  model    says: I heard 0.5 seconds of speech.\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  model    falls silent: 0.5 s of it were heard\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\noutcome      completed\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--fast", "--json")]
    public async Task TimelineWithoutRoom_LeavesTheAnswerWhole(params string[] options)
    {
        byte[] samples = Support.Speech.Samples(500);

        ToolRun run = await ToolRun.OfAsync(["talk", "--in", _folder.File("in.wav", Support.Speech.Wav(samples)), "--out", _folder.File("out.wav"), .. options], new() { OutputTakes = 0 });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal("Standard output can't be written to its end: No space left on device", Assert.Single(run.ErrorLines));
        Assert.Equal(samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    [Fact]
    public async Task TimelineBesideRawSamples_MayBeLostWithoutThem()
    {
        byte[] samples = Support.Speech.Samples(300);

        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--in", "-", "--out", "-"], new() { AudioIn = samples, ErrorTakes = 1 });

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(samples, run.AudioOut);
    }

    [Fact]
    public async Task RedirectedOutput_HoldsNoTerminalCodes()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--out", _folder.File("out.wav")], new() { Variables = { ["TERM"] = "xterm-256color", ["COLORTERM"] = "truecolor" } });

        Assert.DoesNotContain('\u001b', run.Output + run.Error);
    }

    [Fact]
    public async Task Terminal_GetsColoursAndBars()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--out", _folder.File("out.wav")], new() { IsTerminal = true, Variables = { ["TERM"] = "xterm-256color" } });

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains('\u001b', run.Output);
        Assert.Contains("end the turn after 3.1 s of audio", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DumbTerminal_GetsPlainLines()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--out", _folder.File("out.wav")], new() { IsTerminal = true, Variables = { ["TERM"] = "dumb" } });

        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Text_IsAnswered()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "Good morning", "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("  you      write: Good morning\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  model    says: You wrote: Good morning\n", run.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    [Fact]
    public async Task Tool_IsCalledInsideOneTurn()
    {
        string log = _folder.File("log.jsonl");

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "tool: clock", "--out", _folder.File("out.wav"), "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Contains("  model    calls clock with {}\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"  tool     returns \{""date"":""\d{4}-\d\d-\d\d"",""time"":""\d\d:\d\d:\d\d""\}\n", run.Output);
        Assert.Equal(2, LogFile.Sent(log, "response.create").Count);
        Assert.Equal(2, LogFile.Received(log, "response.done").Count);
        JsonElement[] items = [.. LogFile.Sent(log, "conversation.item.create").Select(static sent => sent.GetProperty("item"))];
        Assert.Equal(["message", "function_call_output"], items.Select(static item => item.GetProperty("type").GetString()));
        Assert.NotEmpty(Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    [Fact]
    public async Task RawSamples_GoThroughStandardInputAndOutput()
    {
        byte[] samples = Support.Speech.Samples(300);

        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--in", "-", "--out", "-"], new() { AudioIn = samples });

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(samples, run.AudioOut);
        Assert.Equal("", run.Output);
        Assert.Contains("outcome      completed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WavInAPipe_IsRecognised()
    {
        byte[] samples = Support.Speech.Samples(300);

        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--in", "-", "--out", "-"], new() { AudioIn = Support.Speech.Wav(samples) });

        Assert.Equal(samples, run.AudioOut);
    }

    [Fact]
    public async Task Log_HoldsEveryEvent_WithoutAudio()
    {
        string log = _folder.File("log.jsonl");

        await ToolRun.OfAsync("talk", "--fast", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(1000))), "--out", _folder.File("out.wav"), "--log", log);

        Assert.Equal(48_000, LogFile.Sent(log, "input_audio_buffer.append").Sum(static sent => sent.GetProperty("audio_bytes").GetInt64()));
        Assert.Equal(48_000, LogFile.Received(log, "response.output_audio.delta").Sum(static received => received.GetProperty("delta_bytes").GetInt64()));
        Assert.DoesNotMatch("[A-Za-z0-9+/]{200,}", File.ReadAllText(log));
        double[] times = [.. LogFile.Read(log).Select(static entry => entry.Milliseconds)];
        Assert.Equal(times.Order(), times);
        string[] types = [.. LogFile.Read(log).Select(static entry => entry.Event.GetProperty("type").GetString()!)];
        Assert.Equal(["session.created", "session.update", "session.updated"], types[..3]);
        Assert.Contains("input_audio_buffer.commit", types);
    }

    [Fact]
    public async Task Log_HoldsAudioWhenAskedFor()
    {
        byte[] samples = Support.Speech.Samples(1000);
        string log = _folder.File("log.jsonl");

        await ToolRun.OfAsync("talk", "--fast", "--in", _folder.File("in.wav", Support.Speech.Wav(samples)), "--out", _folder.File("out.wav"), "--log", log, "--log-audio");

        byte[] logged = [.. LogFile.Received(log, "response.output_audio.delta").SelectMany(static received => received.GetProperty("delta").GetBytesFromBase64())];
        Assert.Equal(samples, logged);
    }

    [Fact]
    public async Task Json_IsOneObjectAndNothingElse()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--json", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(1000))), "--out", _folder.File("out.wav"));

        Assert.Equal("", run.Error);
        Assert.Single(run.Output.TrimEnd('\n').Split('\n'));
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        JsonElement root = summary.RootElement;
        Assert.Equal(
            ["outcome", "exit_code", "endpoint", "spoken", "spoken_transcripts", "answer", "time_to_first_audio_ms", "response_creates", "responses", "tool_calls", "interruption", "usage", "timings", "malformed_events", "unknown_events", "log", "problems"],
            root.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("completed", root.GetProperty("outcome").GetString());
        Assert.Equal(0, root.GetProperty("exit_code").GetInt32());
        Assert.Equal(48_000, root.GetProperty("spoken").GetProperty("bytes").GetInt64());
        Assert.Equal(48_000, root.GetProperty("answer").GetProperty("bytes").GetInt64());
        Assert.Equal(1000, root.GetProperty("answer").GetProperty("played_ms").GetDouble());
        Assert.Equal("I heard 1.0 seconds of speech.", root.GetProperty("answer").GetProperty("transcript").GetString());
        Assert.True(root.GetProperty("time_to_first_audio_ms").GetDouble() >= 0);
        Assert.Equal(1, root.GetProperty("response_creates").GetInt32());
        JsonElement timings = root.GetProperty("timings");
        Assert.InRange(timings.GetProperty("open_ms").GetDouble(), 0, timings.GetProperty("turn_ended_ms").GetDouble());
        Assert.InRange(timings.GetProperty("first_audio_ms").GetDouble(), timings.GetProperty("turn_ended_ms").GetDouble(), double.MaxValue);
        Assert.Single(timings.GetProperty("responses_ms").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("interruption").ValueKind);
    }

    [Fact]
    public async Task Json_GoesToStandardError_WhenAudioIsOnStandardOutput()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--json", "--text", "Hello", "--out", "-");

        Assert.Equal("", run.Output);
        Assert.NotEmpty(run.AudioOut);
        using JsonDocument summary = JsonDocument.Parse(run.Error);
        Assert.Equal("-", summary.RootElement.GetProperty("answer").GetProperty("file").GetString());
    }

    [Fact]
    public async Task CodesInATranscript_DoNotReachTheTerminal()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "\u001b[2J\u0007red\u202e\nalert", "--out", _folder.File("out.wav"));

        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.Contains("  you      write:  [2J red  alert\n", run.Output, StringComparison.Ordinal);
    }
}
