using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Tests.Support.Sound;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Where a test says when the user speaks, turns are there, whatever the client sends.</summary>
public class ScriptedDetectionTests
{
    private const string Started = "input_audio_buffer.speech_started";
    private const string Stopped = "input_audio_buffer.speech_stopped";
    private const string Committed = "input_audio_buffer.committed";

    [Theory]
    [InlineData(20)]
    [InlineData(333)]
    [InlineData(6_000)]
    public void TurnsAreWhereTheTestSays_InSilence_HoweverItComes(int pieceMs)
    {
        SimulatedServer server = Scripted((1_000, 1_800), (3_007, 3_500));

        Silence(server, 6_000, pieceMs).Wait(60_000);

        Assert.Equal([700, 2_707], server.All(Started).Select(static said => (long)said["audio_start_ms"]!));
        Assert.Equal([1_800, 3_500], server.All(Stopped).Select(static said => (long)said["audio_end_ms"]!));
        Assert.Equal(2, server.All(Committed).Count());
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void NoiseOutsideTheSpans_StartsNothing()
    {
        SimulatedServer server = Scripted((1_000, 1_800));

        server.Say(SimulatedServer.Append([.. Sound.Speech(900), .. Sound.Silence(1_100), .. Sound.Speech(3_000)]));

        Assert.Single(server.All(Started));
    }

    [Fact]
    public void TurnsThatTouch_AreTwo()
    {
        SimulatedServer server = Scripted((0, 500), (500, 1_000));

        Silence(server, 1_000, 100);

        Assert.Equal([Started, Stopped, Started, Stopped], server.Types.Where(static type => type is Started or Stopped));
    }

    [Theory]
    [InlineData("input_audio_buffer.commit", 1)]
    [InlineData("input_audio_buffer.clear", 0)]
    public void ATurnThatTheClientCutsShort_IsOver_AndTheNextOneComes(string type, int committed)
    {
        SimulatedServer server = Scripted((0, 1_000), (2_000, 2_500));
        Silence(server, 500, 100).Say($$"""{"type":"{{type}}"}""");
        Assert.Equal(committed, server.All(Committed).Count());

        Silence(server, 3_000, 100);

        Assert.Equal([0, 1_700], server.All(Started).Select(static said => (long)said["audio_start_ms"]!));
        Assert.Equal(2_500, (long)server.The(Stopped)["audio_end_ms"]!);
    }

    [Fact]
    public void ATurnThatNobodyListensTo_NeverWas_AndOneThatIsUnderWayBeginsNow()
    {
        SimulatedServer server = Scripted((500, 1_000), (2_000, 4_000));
        server.Say(Detection("null"));
        Silence(server, 3_000, 500).Say(Detection("""{"type":"server_vad","prefix_padding_ms":0}"""));

        Silence(server, 2_000, 500);

        Assert.Equal(3_000, (long)server.The(Started)["audio_start_ms"]!);
        Assert.Equal(4_000, (long)server.The(Stopped)["audio_end_ms"]!);
    }

    [Fact]
    public void TheClockOfTheAudio_GoesOnInAnotherFormat()
    {
        SimulatedServer server = Scripted((1_000, 2_000));
        Silence(server, 500, 100).Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"}}}}}""");

        for (int i = 0; i < 20; i++)
        {
            server.Say(SimulatedServer.Append([.. Enumerable.Repeat((byte)0xFF, 100 * 8)]));
        }

        Assert.Equal(700, (long)server.The(Started)["audio_start_ms"]!);
        Assert.Equal(2_000, (long)server.The(Stopped)["audio_end_ms"]!);
    }

    [Fact]
    public void SpansThatMakeNoSense_AreRefusedAtOnce()
    {
        Assert.Throws<ArgumentException>(() => Scripted((500, 500)));
        Assert.Throws<ArgumentException>(() => Scripted((-1, 500)));
        Assert.Throws<ArgumentException>(() => Scripted((0, 500), (499, 600)));
        Assert.Throws<ArgumentException>(() => new SimulatedServer(new SimulatorOptions { TurnDetection = SimulatedTurnDetection.Scripted, Transcripts = [new("One.")] }));
    }

    [Fact]
    public void AScenario_SaysWhenItsTurnsAreSpoken()
    {
        const string File = """
            { "session": { "vad": "scripted" },
              "hears": [ { "text": "Hello.", "spoken": { "from": "1s", "to": 1800 } }, { "segments": [ { "speaker": "A", "text": "Bye." } ], "spoken": { "from": "3s", "to": "3.5s" } } ],
              "turns": [ { "when": { "user": "Hello" }, "do": [ { "say": "Good morning." } ] }, { "when": { "user": "Bye" }, "do": [ { "say": "See you." } ] } ] }
            """;
        Scenario built = Scenario.Empty.With(SimulatedTurnDetection.Scripted)
            .Hears(new SimulatedTranscript("Hello.") { Spoken = new(1_000, 1_800) })
            .Hears(new SimulatedTranscript("Bye.") { Spoken = new(3_000, 3_500), Segments = [new("A", "Bye.")] })
            .When(Cue.UserSays("Hello")).Say("Good morning.")
            .When(Cue.UserSays("Bye")).Say("See you.");
        Assert.Equal(built.ToJson(), Scenario.Parse(File).ToJson());

        var server = new SimulatedServer(Scenario.Parse(built.ToJson()), manual: false);
        Silence(server, 2_500, 100).Wait(5_000);
        Silence(server, 1_500, 100).Wait(5_000);

        Assert.Equal(["Good morning.", "See you."], server.All("response.output_audio_transcript.done").Select(static done => (string)done["transcript"]!));
    }

    [Theory]
    [InlineData("input_audio_buffer.commit", "One.", "Two.", "Three.")]
    [InlineData("input_audio_buffer.clear", "Two.", "Three.")]
    public void ATurnThatTheClientCutsShort_TakesItsWordsWithIt(string type, params string[] words)
    {
        SimulatedServer server = Transcribed((0, 1_000), (2_000, 2_500), (3_000, 3_500));
        Silence(server, 500, 100).Say($$"""{"type":"{{type}}"}""");

        Assert.Equal(words, Words(Silence(server, 4_000, 100)));
    }

    [Fact]
    public void ATurnThatNobodyListensTo_TakesItsWordsWithIt()
    {
        SimulatedServer server = Transcribed((500, 1_000), (2_000, 2_500), (3_000, 3_500)).Say(Detection("null"));
        Silence(server, 1_500, 100).Say(Detection("""{"type":"server_vad"}"""));

        Assert.Equal(["Two.", "Three."], Words(Silence(server, 3_000, 100)));
    }

    [Fact]
    public void ACommitWhereNobodySpeaks_HasNoWords_AndTakesNoneFromTheTurns()
    {
        SimulatedServer server = Transcribed((1_000, 1_500), (3_000, 3_500));
        foreach (int silenceMs in (int[])[500, 1_500])
        {
            Silence(server, silenceMs, 100).Say("""{"type":"input_audio_buffer.commit"}""");
        }

        Assert.Equal(["", "One.", "", "Two."], Words(Silence(server, 2_000, 100)));
    }

    [Fact]
    public void ACommitOfAClientThatDetectsByItself_HasTheWordsThatAreSpokenInIt()
    {
        SimulatedServer server = Transcribed((500, 1_000), (1_500, 2_000), (3_500, 4_500), (5_000, 5_500)).Say(Detection("null"));
        foreach (int silenceMs in (int[])[500, 700, 1_800, 1_000])
        {
            Silence(server, silenceMs, 100).Say("""{"type":"input_audio_buffer.commit"}""");
        }

        server.Say(Detection("""{"type":"server_vad"}"""));

        Assert.Equal(["", "One.", "Two.", "Three.", "Four."], Words(Silence(server, 2_000, 100)));
    }

    [Fact]
    public void TurnsThatTouch_HaveTheirOwnWords_WhateverPaddingTheyHave()
    {
        SimulatedServer server = Transcribed((0, 500), (500, 1_000), (1_000, 1_100));

        Assert.Equal(["One.", "Two.", "Three."], Words(Silence(server, 1_500, 700)));
    }

    // In the order of the turns, which need not be the order of their transcriptions.
    private static string[] Words(SimulatedServer server)
    {
        var words = server.Wait(60_000).All("conversation.item.input_audio_transcription.completed").ToDictionary(static said => (string)said["item_id"]!, static said => (string)said["transcript"]!);
        return [.. server.All(Committed).Select(said => words[(string)said["item_id"]!])];
    }

    private static SimulatedServer Transcribed(params (long From, long To)[] spans)
    {
        string[] words = ["One.", "Two.", "Three.", "Four."];
        SimulatorOptions options = new()
        {
            TurnDetection = SimulatedTurnDetection.Scripted,
            Transcripts = [.. spans.Zip(words, static (span, text) => new SimulatedTranscript(text) { Spoken = new(span.From, span.To) })],
        };
        return new SimulatedServer(options, manual: false)
            .Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}""");
    }

    private static SimulatedServer Scripted(params (long From, long To)[] spans) => new(
        new SimulatorOptions { TurnDetection = SimulatedTurnDetection.Scripted, Transcripts = [.. spans.Select(static span => new SimulatedTranscript("Hello.") { Spoken = new(span.From, span.To) })] },
        manual: false);

    private static string Detection(string value) => "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"turn_detection\":" + value + "}}}}";

    private static SimulatedServer Silence(SimulatedServer server, int milliseconds, int pieceMs)
    {
        for (int left = milliseconds; left > 0; left -= pieceMs)
        {
            server.Say(SimulatedServer.Append(Sound.Silence(Math.Min(left, pieceMs))));
        }

        return server;
    }
}
