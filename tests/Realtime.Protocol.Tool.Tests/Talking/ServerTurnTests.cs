using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary><c>talk --vad</c>: the server finds the end of the user's turn.</summary>
public sealed class ServerTurnTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.File("log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheServerHearsTheEnd_AndAnswersUnasked()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--vad", "--in", In(600), "--out", _folder.File("out.wav"), "--log", Log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Empty(LogFile.Sent(Log, "response.create"));
        Assert.Empty(LogFile.Sent(Log, "input_audio_buffer.commit"));
        Assert.Single(LogFile.Received(Log, "input_audio_buffer.speech_stopped"));
        Assert.Contains("  session  the server hears the end of your speech\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nresponses    1, begun by the server\n", run.Output, StringComparison.Ordinal);
        Assert.True(Support.Speech.SamplesOf(_folder.File("out.wav")).Length > 600 * 48);
        Assert.Single(run.Output.Split('\n'), static line => line.Contains("begin to speak", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("--vad")]
    [InlineData("--vad", "--fast")]
    public async Task APauseInTheQuestion_EndsATurn_AndTheLastOneIsHeardOut(params string[] options)
    {
        // All at once, the server hears the second half when the answer to the first is over and done with.
        byte[] samples = [.. Support.Speech.Samples(500), .. new byte[600 * 48], .. Support.Speech.Samples(500)];

        ToolRun run = await ToolRun.OfAsync(
            ["talk", .. options, "--in", _folder.File("in.wav", Support.Speech.Wav(samples)), "--out", _folder.File("out.wav"), "--log", Log], new() { Time = new QuickTime() });

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Equal(2, LogFile.Received(Log, "input_audio_buffer.committed").Count);
        Assert.Equal("completed", LogFile.Received(Log, "response.done")[^1].GetProperty("response").GetProperty("status").GetString());
        Assert.Contains("\noutcome      completed\n", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ARecordingThatGoesOnInSilence_IsNotWaitedFor()
    {
        byte[] samples = [.. Support.Speech.Samples(500), .. new byte[1_500 * 48]];

        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--vad", "--in", _folder.File("in.wav", Support.Speech.Wav(samples)), "--out", _folder.File("out.wav"), "--log", Log], new() { Time = new QuickTime() });

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        // Two seconds are a hundred pieces; whoever waits for more speech sends six hundred of silence.
        Assert.InRange(LogFile.Sent(Log, "input_audio_buffer.append").Count, 1, 400);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SilenceAlone_IsToldAsATurnThatNobodyHeard()
    {
        ToolRun run = await ToolRun.OfAsync(
            ["talk", "--fast", "--vad", "--in", _folder.File("in.wav", Support.Speech.Wav(new byte[48_000])), "--out", _folder.File("out.wav")], new() { Time = new QuickTime() });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal("The server heard no end of your turn in 12 s of silence. Speak louder, or leave --vad out.", Assert.Single(run.ErrorLines));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ASessionFileWithDetection_LetsTheServerTakeTheTurn()
    {
        string session = _folder.File("session.json", """{"audio":{"input":{"turn_detection":{"type":"server_vad","silence_duration_ms":300}}}}"""u8.ToArray());

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--session", session, "--in", In(600), "--out", _folder.File("out.wav"), "--log", Log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Empty(LogFile.Sent(Log, "response.create"));
        Assert.Equal(300, Detection(LogFile.Sent(Log, "session.update")[0]).GetProperty("silence_duration_ms").GetInt32());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TextAndDetection_AreNotMeant()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--vad", "--text", "hello");

        Assert.Equal((ExitCode.UnusableInput, "--vad finds the end of speech, and --text is none; use one of them."), (run.ExitCode, Assert.Single(run.ErrorLines)));
    }

    private static JsonElement Detection(JsonElement update) => update.GetProperty("session").GetProperty("audio").GetProperty("input").GetProperty("turn_detection");

    private string In(int milliseconds) => _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(milliseconds)));
}
