using System.Buffers.Binary;
using System.Diagnostics;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Sounds from files: what can be played is played to the sample, and of what cannot a line says what it is and how to convert it.</summary>
public sealed class WavTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("realtime-wav-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void At24000_EverySampleIsPlayed_AndFromTheScenariosFolderOn()
    {
        byte[] sound = Support.Sound.Speech(330);
        Write("sounds/a.wav", Wav(sound, 24_000));

        Assert.Equal(sound, Played(Load("""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "sounds/a.wav" } } ] } ] }""")));
    }

    [Fact]
    public void At8000_ItIsThreeTimesAsManySamples()
    {
        Write("a.wav", Wav(new byte[1_600], 8_000));

        Assert.Equal(4_800, Played(Load("""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "a.wav" } } ] } ] }""")).Length);
    }

    [Fact]
    public void AG711Session_GetsItEncoded()
    {
        Write("a.wav", Wav(Support.Sound.Speech(300), 24_000));
        var server = new SimulatedServer(Load("""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "a.wav" } } ] } ] }""").ToOptions(ResponsePace.Immediate));
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcmu"}}}}}""");

        Assert.Equal(2_400, server.Say("""{"type":"response.create"}""").Wait(5_000).Audio().Length);
    }

    [Fact]
    public void APartOfAMessage_PlaysAFile_Too()
    {
        byte[] sound = Support.Sound.Speech(330);
        Write("a.wav", Wav(sound, 24_000));

        Assert.Equal(sound, Played(Load("""{ "turns": [ { "do": [ { "parts": [ { "say": "a", "audio": { "wav": "a.wav" } } ] } ] } ] }""")));
    }

    [Theory]
    [InlineData(48_000, 2, 16, "16-bit PCM with 2 channels at 48000 Hz")]
    [InlineData(24_000, 1, 8, "8-bit PCM with one channel at 24000 Hz")]
    [InlineData(44_100, 1, 16, "16-bit PCM with one channel at 44100 Hz")]
    public void WhatCannotBePlayed_IsToldWithTheLineThatConvertsIt(int rate, int channels, int bits, string what)
    {
        Write("a.wav", Wav(new byte[rate / 10 * channels * bits / 8], rate, channels, bits));

        ScenarioException fault = Assert.Throws<ScenarioException>(() => Load("{ \"turns\": [ { \"do\": [\n { \"say\": \"a\", \"audio\": { \"wav\": \"a.wav\" } } ] } ] }"));

        Assert.Contains($"a.wav is {what}; a step plays 16-bit PCM with one channel at 24000 or 8000 Hz.", fault.Sentence, StringComparison.Ordinal);
        Assert.Equal((2, 34), (fault.Line, fault.Column));
        string line = fault.Sentence[fault.Sentence.IndexOf("sox ", StringComparison.Ordinal)..].TrimEnd('.');
        Assert.SkipWhen(OperatingSystem.IsWindows() || !Path.Exists("/usr/bin/sox"), "sox is not here.");
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = _folder.FullName, RedirectStandardError = true })!;
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, error);
        string made = Assert.Single(_folder.GetFiles("*.wav"), static file => file.Name != "a.wav").Name;

        // A tenth of a second, whatever it was.
        Assert.InRange(Played(Load($$"""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "{{made}}" } } ] } ] }""")).Length, 4_790, 4_810);
    }

    [Theory]
    [InlineData("", "a.wav is no WAV file.")]
    [InlineData("RIFF....WAVE", "a.wav is no WAV file.")]
    [InlineData("OggS and more of it", "a.wav is no WAV file.")]
    public void WhatIsNoWav_IsToldAtItsPlace(string content, string says)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.wav"), content);

        ScenarioException fault = Assert.Throws<ScenarioException>(() => Load("""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "a.wav" } } ] } ] }"""));

        Assert.StartsWith(says, fault.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("scenario.json", fault.File, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyWav_HasNoSound()
    {
        Write("a.wav", Wav([], 24_000));

        Assert.Contains("no sound in it", Assert.Throws<ScenarioException>(() => Load("""{ "turns": [ { "do": [ { "say": "a", "audio": { "wav": "a.wav" } } ] } ] }""")).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Espeak_SaysTheWords_WhereItIs()
    {
        Assert.SkipWhen(!Path.Exists("/usr/bin/espeak-ng"), "espeak-ng is not here.");
        Scenario scenario = Scenario.Say("Two pairs are left.", Testing.Scenarios.Sound.Spoken("en", required: true));

        byte[] spoken = Played(scenario);

        Assert.Empty(scenario.Notes);
        Assert.InRange(spoken.Length / 48, 600, 4_000);
        Assert.Contains(spoken, static one => one != 0);
    }

    [Fact]
    public void AVoiceThatEspeakHasNot_IsATone_AndALineSaysSo()
    {
        Assert.SkipWhen(!Path.Exists("/usr/bin/espeak-ng"), "espeak-ng is not here.");
        Scenario scenario = Scenario.Parse("""{ "turns": [ { "do": [ { "say": "Two pairs.", "audio": { "espeak": "xx-nowhere" } }, { "say": "Three pairs.", "audio": { "espeak": "xx-nowhere" } } ] } ] }""", "s");

        Assert.Equal("s:1:56: espeak-ng has no voice \"xx-nowhere\", or cannot speak these words. A tone takes the place of the voice.", Assert.Single(scenario.Notes));
        Assert.NotEmpty(Played(scenario));
        Assert.Equal(
            "s:1:56: espeak-ng has no voice \"xx-nowhere\", or cannot speak these words.",
            Assert.Throws<ScenarioException>(static () => Scenario.Parse("""{ "turns": [ { "do": [ { "say": "Two pairs.", "audio": { "espeak": "xx-nowhere", "required": true } } ] } ] }""", "s")).Message);
    }

    private static byte[] Played(Scenario scenario) => new SimulatedServer(scenario.ToOptions(ResponsePace.Immediate)).Say("""{"type":"response.create"}""").Wait(60_000).Audio();

    internal static byte[] Wav(byte[] samples, int rate, int channels = 1, int bits = 16)
    {
        byte[] wav = new byte[44 + samples.Length];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), rate * channels * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), (short)(channels * bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), (short)bits);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples.Length);
        samples.CopyTo(wav, 44);
        return wav;
    }

    private void Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private Scenario Load(string json)
    {
        string path = Path.Combine(_folder.FullName, "scenario.json");
        File.WriteAllText(path, json);
        return Scenario.Load(path);
    }
}
