using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Tests.Support.Sound;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>What is speech and what is none, and where it begins and ends: within 40 ms of the truth, however loud it is and however it is encoded.</summary>
public class DetectorTests
{
    private const int NearMs = 40;
    private const int PaddingMs = 300;
    private const int SilenceMs = 200;
    private const string Started = "input_audio_buffer.speech_started";

    private static readonly string[] Sentences = ["Do you have the blue ones in forty two?", "Stop. Only the red ones!", "Seven."];

    public static TheoryData<int, double, string> Tones =>
    [
        .. from peak in (int[])[1_000, 2_000, 4_000, 10_000, 32_000]
           from hertz in (double[])[120, 440, 1_000]
           from format in (string[])["audio/pcm", "audio/pcmu", "audio/pcma"]
           select (peak, hertz, format),
    ];

    public static TheoryData<double, string> Loudnesses =>
    [
        .. from gain in (double[])[0.35, 0.5, 1, 1.5, 2]
           from format in (string[])["audio/pcm", "audio/pcmu", "audio/pcma"]
           select (gain, format),
    ];

    [Theory]
    [MemberData(nameof(Tones))]
    public void ATone_BeginsAndEnds_WhereItDoes(int peak, double hertz, string format)
    {
        foreach (int offset in (int[])[0, 7, 13])
        {
            byte[] audio = [.. Sound.Silence(1_000 + offset), .. Sound.Tone(600, hertz, peak), .. Sound.Silence(500)];

            (long start, long end) = Assert.Single(Heard(audio, format));

            Assert.InRange(start, 1_000 + offset - NearMs, 1_000 + offset + NearMs);
            Assert.InRange(end, 1_600 + offset - NearMs, 1_600 + offset + NearMs);
        }
    }

    [Theory]
    [MemberData(nameof(Loudnesses))]
    public void ASentence_BeginsAndEnds_WhereItDoes(double gain, string format)
    {
        foreach (string sentence in Sentences)
        {
            Assert.SkipUnless(EspeakVoice.TrySpeak("en", sentence, out ReadOnlyMemory<byte> spoken, out string why), $"Sentences are not spoken here: {why}");
            IsHeardWhereItIs(spoken.Span, gain, format);
        }
    }

    [Theory]
    [MemberData(nameof(Loudnesses))]
    public void ARecordedQuestion_BeginsAndEnds_WhereItDoes(double gain, string format)
    {
        Assert.True(WavSound.TryRead(File.ReadAllBytes(RepositoryFolder.PathOf("src", "Realtime.Protocol.Tool", "Speech", "question.wav")), out WavContent question));

        IsHeardWhereItIs(WavSound.Resample(question.Samples.Span, question.Rate), gain, format);
    }

    [Theory]
    [InlineData("audio/pcm")]
    [InlineData("audio/pcmu")]
    [InlineData("audio/pcma")]
    public void ClicksHumAndNoise_StartNothing(string format)
    {
        byte[] click = Sound.Tone(10, 1_000, 32_000);
        byte[] typing = [.. Enumerable.Range(0, 20).SelectMany(i => (byte[])[.. click, .. Sound.Silence(180 + i)])];

        Assert.Empty(Heard(typing, format));
        Assert.Empty(Heard(Sound.Tone(10_000, 50, 700), format));
        Assert.Empty(Heard(Sound.Noise(10_000, 900), format));
        Assert.Empty(Heard(Sound.Silence(10_000), format));
    }

    [Fact]
    public void AHigherThreshold_HearsLess()
    {
        byte[] audio = [.. Sound.Tone(600, 440, 1_200), .. Sound.Silence(500)];

        Assert.Single(Heard(audio, "audio/pcm", threshold: 0.5));
        Assert.Empty(Heard(audio, "audio/pcm", threshold: 0.9));
    }

    [Fact]
    public void AThresholdOfZero_HearsSpeechThatNeverEnds()
    {
        var server = Server("audio/pcm", SilenceMs, 0);

        server.Say(SimulatedServer.Append(Sound.Silence(5_000)));

        Assert.Equal([Started], server.Types);
    }

    [Fact]
    public void ABeginningWithAShortGap_IsDatedBackToTheFirstLoudFrame()
    {
        (long start, _) = Assert.Single(Heard([.. Sound.Silence(1_000), .. Sound.Speech(20), .. Sound.Silence(40), .. Sound.Speech(400), .. Sound.Silence(500)], "audio/pcm"));

        Assert.Equal(1_000, start);
    }

    [Fact]
    public void ABeginningWithALongGap_IsAClickAndThenSpeech()
    {
        (long start, _) = Assert.Single(Heard([.. Sound.Silence(1_000), .. Sound.Speech(40), .. Sound.Silence(80), .. Sound.Speech(400), .. Sound.Silence(500)], "audio/pcm"));

        Assert.Equal(1_120, start);
    }

    private static void IsHeardWhereItIs(ReadOnlySpan<byte> spoken, double gain, string format)
    {
        short[] samples = SpeechEncoding.Decode(spoken, SpeechFormat.Pcm16);
        double loudest = samples.Max(static sample => Math.Abs((int)sample));
        byte[] voice = Sound.Samples(samples.Length, i => samples[i] / loudest * 16_000 * gain);
        (int from, int to) = Truth(voice, SpeechFormats.FromWire(format));

        // A pause longer than between words, so that a sentence is one turn.
        (long start, long end) = Assert.Single(Heard([.. Sound.Silence(1_000), .. voice, .. Sound.Silence(1_500)], format, silenceMs: 1_000));

        Assert.InRange(start, 1_000 + from - NearMs, 1_000 + from + NearMs);
        Assert.InRange(end, 1_000 + to - NearMs, 1_000 + to + NearMs);
    }

    /// <summary>Where the voice begins and ends to the ear, on the line that carries it: its first 20 ms that are louder than the default threshold, and its last ones that are louder than 6 dB below it.</summary>
    private static (int From, int To) Truth(byte[] voice, SpeechFormat format)
    {
        const int EarMs = 20;
        int bytesPerMs = format.BytesPerMillisecond();
        byte[] heard = SpeechEncoding.Convert(voice, SpeechFormat.Pcm16, format).ToArray();
        double[] loudness = [.. Enumerable.Range(0, (heard.Length / bytesPerMs) - EarMs).Select(ms => Loudness.Of(heard.AsSpan(ms * bytesPerMs, EarMs * bytesPerMs), format))];
        return (Array.FindIndex(loudness, static one => one >= 500), Array.FindLastIndex(loudness, static one => one >= 250) + EarMs);
    }

    /// <summary>What was heard of this PCM when it comes in this format, in pieces of 37 ms: beginning and end of each turn, without the padding and the pause.</summary>
    private static List<(long Start, long End)> Heard(byte[] pcm, string format, int silenceMs = SilenceMs, double threshold = 0.5)
    {
        SimulatedServer server = Server(format, silenceMs, threshold);
        SpeechFormat to = SpeechFormats.FromWire(format);
        byte[] audio = SpeechEncoding.Convert(pcm, SpeechFormat.Pcm16, to).ToArray();
        foreach (byte[] piece in audio.Chunk(37 * to.BytesPerMillisecond()))
        {
            server.Say(SimulatedServer.Append(piece));
        }

        return [.. server.All(Started).Zip(server.All("input_audio_buffer.speech_stopped"), (started, stopped) => ((long)started["audio_start_ms"]! + PaddingMs, (long)stopped["audio_end_ms"]! - silenceMs))];
    }

    private static SimulatedServer Server(string format, int silenceMs, double threshold)
    {
        var server = new SimulatedServer(new SimulatorOptions(), manual: false);
        var input = new JsonObject
        {
            ["format"] = new JsonObject { ["type"] = format },
            ["turn_detection"] = new JsonObject { ["type"] = "server_vad", ["silence_duration_ms"] = silenceMs, ["threshold"] = threshold, ["create_response"] = false },
        };
        server.Say(new JsonObject { ["type"] = "session.update", ["session"] = new JsonObject { ["type"] = "realtime", ["audio"] = new JsonObject { ["input"] = input } } }.ToJsonString());
        Assert.Equal("session.updated", server.Types[^1]);
        server.Said.Clear();
        return server;
    }
}
