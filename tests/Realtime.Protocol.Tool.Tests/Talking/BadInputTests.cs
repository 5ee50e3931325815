using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Audio;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary>Every bad input gives one line on standard error and exit code 2, and leaves earlier files alone.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MissingFile_IsRefused() => await AssertRefusedAsync("There is no file ", "--in", _folder.File("none.wav"));

    [Fact]
    public async Task EmptyFile_IsRefused() => await AssertRefusedAsync(
        "in.wav is empty (0 bytes); expected a WAV file of 24,000 Hz, 1 channel, 16-bit PCM. Record it again, or leave --in out to speak the built-in question.",
        "--in", _folder.File("in.wav", []));

    [Fact]
    public async Task AnotherKindOfFile_IsRefused() => await AssertRefusedAsync(" is not a WAV file. Convert it with: sox ", "--in", _folder.File("in.mp3", "ID3 and more"u8.ToArray()));

    [Fact]
    public async Task AnotherRate_IsRefused() => await AssertRefusedAsync(
        $"in.wav is 44,100 Hz, 1 channel, 16-bit PCM; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox {_folder.File("in.wav")} -r 24000 -c 1 -b 16 {_folder.File("in-24k.wav")}",
        "--in", _folder.File("in.wav", WavBytes.File(WavBytes.Format(rate: 44_100), WavBytes.Samples(new byte[9600]))));

    [Fact]
    public async Task AnotherChannelCount_IsRefused() => await AssertRefusedAsync(
        " is 24,000 Hz, 2 channels, 16-bit PCM; expected ",
        "--in", _folder.File("in.wav", WavBytes.File(WavBytes.Format(channels: 2), WavBytes.Samples(new byte[9600]))));

    [Fact]
    public async Task TooLittleSpeech_IsRefused() => await AssertRefusedAsync(" lasts 50 ms; expected 100 ms or more.", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(50))));

    [Fact]
    public async Task Directory_IsRefused() => await AssertRefusedAsync(" is a directory; name a file.", "--in", Path.GetTempPath());

    [Fact]
    public async Task LogInNoDirectory_IsRefused() => await AssertRefusedAsync("There is no directory for ", "--log", _folder.File("none/log.jsonl"));

    [Fact]
    public async Task OneFileForTwoPurposes_IsRefused() => await AssertRefusedAsync("--in and --out name the same file, ", "--in", _folder.File("out.wav"));

    [Fact]
    public async Task SpeechAndText_IsRefused() => await AssertRefusedAsync("--in and --text are two ways to say something", "--in", "a.wav", "--text", "Hello");

    [Fact]
    public async Task AudioForNoLog_IsRefused() => await AssertRefusedAsync("--log-audio has no effect without --log FILE.", "--log-audio");

    [Fact]
    public async Task LogToAPipe_IsRefused() => await AssertRefusedAsync("--log writes to a file only; name one.", "--log", "-");

    [Fact]
    public async Task UnknownOption_IsRefused() => await AssertRefusedAsync("There is no option \"--frob\"; realtime talk takes --in, --out, ", "--frob");

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1.5")]
    public async Task WhatIsNoNumberOfMilliseconds_IsRefused(string value) => await AssertRefusedAsync($"--interrupt-after takes a number of milliseconds from 0 to 2147483647, not \"{value}\".", "--interrupt-after", value);

    [Theory]
    [InlineData("localhost")]
    [InlineData("/v1/realtime")]
    public async Task HalfAnAddress_IsRefused(string url) => await AssertRefusedAsync($"--url {url} is not a whole address", "--url", url);

    [Theory]
    [InlineData("ws://anna:swordfish@127.0.0.1:1/v1/realtime", "--url holds a user name or password, which everyone on this machine can read. Leave it out and put the key into OPENAI_API_KEY.")]
    [InlineData("wss://swordfish@127.0.0.1:1/v1/realtime", "--url holds a user name or password")]
    [InlineData("anna:swordfish@127.0.0.1/v1/realtime", "--url is not a whole address")]
    public async Task PasswordInTheAddress_IsRefusedAndNeverShown(string url, string expected)
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--json", "--out", _folder.File("out.wav"), "--url", url);

        AssertOneLine(run, expected);
        Assert.DoesNotContain("swordfish", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressOfAnotherKind_IsRefused() => await AssertRefusedAsync("The endpoint's scheme is \"ftp:\"", "--url", "ftp://localhost/x");

    [Fact]
    public async Task EmptyStandardInput_IsRefused() => await AssertRefusedAsync(
        "standard input is empty (0 bytes); expected raw PCM16 samples, 24 kHz mono. Pipe some in, for instance: arecord ",
        "--in", "-");

    [Fact]
    public async Task WavFileWithoutASample_IsRefused() => await AssertRefusedAsync(
        "in.wav is a WAV file without a single sample; expected 100 ms or more. Record it again, or leave --in out to speak the built-in question.",
        "--in", _folder.File("in.wav", WavBytes.File(WavBytes.Format())));

    [Fact]
    public async Task FullDisk_IsReportedWhenTheAnswerIsOpened()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no full device here.");

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--out", "/dev/full");

        AssertOneLine(run, "/dev/full (--out) could not be written: No space left on device");
    }

    [Fact]
    public async Task ReaderThatHasHeardEnough_EndsItQuietlyWithTheBytesThatItGot()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--json", "--out", "-"], new() { ReaderTakes = 60_000 });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(Assert.Single(run.ErrorLines));
        Assert.InRange(run.AudioOut.Length, 1, 60_000);
        Assert.Equal(run.AudioOut.Length, report.RootElement.GetProperty("answer").GetProperty("bytes").GetInt64());
        Assert.Equal("output_closed", report.RootElement.GetProperty("outcome").GetString());
        Assert.Empty(report.RootElement.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task KeyVariableThatIsNotSet_IsRefusedWithoutItsName() => await AssertRefusedAsync(
        "The environment variable that --key-variable names is not set, or empty. Give the name of one that holds the key, or leave it out for OPENAI_API_KEY.",
        "--url", "ws://127.0.0.1:1/v1/realtime", "--key-variable", "sk-given-by-mistake");

    [Theory]
    [InlineData("--key-variable", "MY_KEY")]
    [InlineData("--key-header", "api-key")]
    public async Task KeyForTheSimulatorInThisProcess_IsRefused(string option, string value) => await AssertRefusedAsync("--key-variable and --key-header have no effect without --url URL", option, value);

    [Fact]
    public async Task AnswerThatCannotBeEnded_IsReported()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--json", "--out", "-"], new() { PipeBreaksAtTheEnd = true });

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Contains("The answer could not be written to standard output to its end: Broken pipe", run.ErrorLines);
    }

    [Fact]
    public async Task AnswerInNoDirectory_IsRefused()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--out", _folder.File("none/out.wav"));

        AssertOneLine(run, "There is no directory for ");
    }

    /// <summary>Nothing listens at that address, which would be the complaint if somebody had called it.</summary>
    [Fact]
    public async Task AnswerThatCannotBeWritten_IsRefusedBeforeAnybodyIsCalled()
    {
        string log = _folder.File("log.jsonl", "an earlier log"u8.ToArray());
        foreach ((string path, string expected) in new[] { (Path.GetTempPath(), " (--out) is a directory; name a file."), (_folder.File("none/out.wav"), "There is no directory for ") })
        {
            ToolRun run = await ToolRun.OfAsync(["talk", "--url", "ws://127.0.0.1:1/v1/realtime", "--out", path, "--log", log], new() { Variables = { ["OPENAI_API_KEY"] = "k" } });

            AssertOneLine(run, expected);
            Assert.Equal("an earlier log", File.ReadAllText(log));
        }
    }

    [Fact]
    public async Task ConnectionThatFails_LeavesAnEarlierAnswerAndNoEmptyOne()
    {
        string before = _folder.File("before.wav", "an earlier answer"u8.ToArray());
        foreach (string path in new[] { before, _folder.File("new.wav") })
        {
            ToolRun run = await ToolRun.OfAsync(["talk", "--url", "ws://127.0.0.1:1/v1/realtime", "--out", path], new() { Variables = { ["OPENAI_API_KEY"] = "k" } });

            Assert.Equal(ExitCode.NotConnected, run.ExitCode);
        }

        Assert.Equal("an earlier answer", File.ReadAllText(before));
        Assert.False(File.Exists(_folder.File("new.wav")));
    }

    [Fact]
    public async Task LongerAnswerThanTheNewOne_IsReplacedWhole()
    {
        string path = _folder.File("out.wav", new byte[2_000_000]);

        Assert.Equal(ExitCode.Done, (await ToolRun.OfAsync("talk", "--fast", "--out", path)).ExitCode);
        Assert.Equal(ExitCode.Done, (await ToolRun.OfAsync("talk", "--fast", "--out", _folder.File("new.wav"))).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder.File("new.wav")), File.ReadAllBytes(path));
    }

    [Fact]
    public async Task AnswerNobodyKeeps_IsWrittenAllTheSame()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no such device here.");

        Assert.Equal(ExitCode.Done, (await ToolRun.OfAsync("talk", "--fast", "--out", "/dev/null")).ExitCode);
    }

    [Fact]
    public async Task TooLittleFromAPipe_IsFoundOutInTheSession()
    {
        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--in", "-", "--out", _folder.File("out.wav")], new() { AudioIn = new byte[2400] });

        AssertOneLine(run, "There is too little to say.");
    }

    [Fact]
    public async Task Json_TellsOfARefusalToo()
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--json", "--in", _folder.File("none.wav"));

        AssertOneLine(run, "There is no file ");
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal("unusable_input", summary.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(2, summary.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal(JsonValueKind.Null, summary.RootElement.GetProperty("answer").GetProperty("file").ValueKind);
        Assert.Contains("There is no file ", summary.RootElement.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CutFile_IsSpoken_AndReported()
    {
        byte[] samples = Support.Speech.Samples(200);
        string cut = _folder.File("in.wav", WavBytes.File(WavBytes.Format(), WavBytes.Chunk("data", samples, 96_000)));

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--in", cut, "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Contains("is cut short: its header promises 96,000 bytes of samples, 86,400 of them are missing.", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(samples, Support.Speech.SamplesOf(_folder.File("out.wav")));
    }

    private async Task AssertRefusedAsync(string expected, params string[] options)
    {
        string before = _folder.File("out.wav", "an earlier answer"u8.ToArray());

        ToolRun run = await ToolRun.OfAsync(["talk", "--fast", "--out", before, .. options]);

        AssertOneLine(run, expected);
        Assert.Equal("an earlier answer", File.ReadAllText(before));
    }

    private static void AssertOneLine(ToolRun run, string expected)
    {
        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
