using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>What the user said comes back as text, beside the responses: before, between or after them, failed for one item, or never.</summary>
public class TranscriptionTests
{
    private const string Delta = "conversation.item.input_audio_transcription.delta";
    private const string Completed = "conversation.item.input_audio_transcription.completed";
    private const string Segment = "conversation.item.input_audio_transcription.segment";
    private const string Failed = "conversation.item.input_audio_transcription.failed";

    [Fact]
    public void SpokenTurn_IsTranscribed_InDeltasAndAsAWhole()
    {
        SimulatedServer server = Transcribing(new SimulatedTranscript("Do you have the blue ones?"));
        server.TakeTurn(Sound.Speech(1_000)).Wait(10_000);

        string item = (string)server.The("input_audio_buffer.committed")["item_id"]!;
        Assert.Equal(["Do", " you", " have", " the", " blue", " ones?"], server.All(Delta).Select(static delta => (string)delta["delta"]!));
        JsonObject completed = server.The(Completed);
        Assert.Equal((item, 0, "Do you have the blue ones?"), ((string)completed["item_id"]!, (int)completed["content_index"]!, (string)completed["transcript"]!));
        Assert.Equal("""{"type":"tokens","input_tokens":10,"input_token_details":{"text_tokens":0,"audio_tokens":10},"output_tokens":7,"total_tokens":17}""", Sorted(completed["usage"]!));
        Assert.True(Array.IndexOf([.. server.Types], Completed) < Array.IndexOf([.. server.Types], "response.done"));

        // From now on the item has it.
        JsonObject retrieved = Assert.Single(server.Ask($$"""{"type":"conversation.item.retrieve","item_id":"{{item}}"}"""));
        Assert.Equal("Do you have the blue ones?", (string)retrieved["item"]!["content"]![0]!["transcript"]!);
    }

    [Fact]
    public void WhisperSaysTheWholeAtOnce_AndIsBilledByTheSecond()
    {
        SimulatedServer server = Transcribing("whisper-1", new SimulatedTranscript("Two words"));
        server.TakeTurn(Sound.Speech(1_500)).Wait(10_000);

        Assert.Equal("Two words", (string)server.The(Delta)["delta"]!);
        Assert.Equal("""{"type":"duration","seconds":1.5}""", Sorted(server.The(Completed)["usage"]!));
    }

    [Fact]
    public void AModelThatTellsSpeakersApart_SaysWhoSaidWhat_WhenItWasSaid()
    {
        SimulatedServer server = Transcribing("gpt-4o-transcribe-diarize", new SimulatedTranscript("Good morning. Hello!") { Segments = [new("A", "Good morning."), new("B", "Hello!")] });
        server.TakeTurn(Sound.Speech(1_800)).Wait(10_000);

        string[] types = [.. server.Types.Where(static type => type.Contains("transcription.", StringComparison.Ordinal))];
        Assert.Equal([Delta, Delta, Segment, Delta, Segment, Completed], types);
        Assert.Equal(
            ["seg_0001 A Good morning. 0 1.2", "seg_0002 B Hello! 1.2 1.8"],
            server.All(Segment).Select(static one => FormattableString.Invariant($"{one["id"]} {one["speaker"]} {one["text"]} {(double)one["start"]!} {(double)one["end"]!}")));
        Assert.Equal((string)server.The("input_audio_buffer.committed")["item_id"]!, (string)server.All(Segment).First()["item_id"]!);
    }

    [Theory]
    [InlineData("gpt-4o-transcribe-diarize", 1)]
    [InlineData("gpt-4o-transcribe", 0)]
    [InlineData("whisper-1", 0)]
    public void WhereNobodyNamesSpeakers_OneSpeaks_ToAModelThatTells(string model, int segments)
    {
        SimulatedServer server = Transcribing(model, new SimulatedTranscript("Good morning."));
        server.TakeTurn(Sound.Speech(1_000)).Wait(10_000);

        Assert.Equal(segments, server.All(Segment).Count());
    }

    [Fact]
    public void SegmentsOfATranscriptWithoutDeltas_OrThatFails_ComeBeforeItsEnd()
    {
        SimulatedServer server = Transcribing(
            "gpt-4o-transcribe-diarize",
            new SimulatedTranscript("One.") { Pieces = [] },
            new SimulatedTranscript("Two.") { Failure = new ModelFailure("server_error", "audio_unintelligible") },
            new SimulatedTranscript(""));
        for (int turn = 0; turn < 3; turn++)
        {
            server.Say(SimulatedServer.Append(Sound.Speech(200))).Say("""{"type":"input_audio_buffer.commit"}""").Wait(5_000);
        }

        Assert.Equal([Segment, Completed, Delta, Segment, Failed, Completed], server.Types.Where(static type => type.Contains("transcription.", StringComparison.Ordinal)));
    }

    [Fact]
    public void TranscriptAfterTheResponse_ComesWhenTheResponseIsDone()
    {
        SimulatedServer server = Transcribing(new SimulatedTranscript("late") { After = Moment.After("response.done") });
        server.TakeTurn(Sound.Speech(500)).Wait(60_000);

        Assert.True(Array.IndexOf([.. server.Types], "response.done") < Array.IndexOf([.. server.Types], Delta));
        Assert.Equal("late", (string)server.The(Completed)["transcript"]!);
    }

    [Fact]
    public void TurnsAreTranscribedByThemselves_OutOfOrder_FailedOrNever()
    {
        SimulatedServer server = Transcribing(
            new SimulatedTranscript("first") { After = TimeSpan.FromSeconds(5) },
            new SimulatedTranscript("sec") { Failure = new ModelFailure("server_error", "audio_unintelligible", "The sound could not be understood.") },
            new SimulatedTranscript("third") { Never = true });
        for (int turn = 0; turn < 4; turn++)
        {
            server.Say(SimulatedServer.Append(Sound.Speech(2_000))).Say("""{"type":"input_audio_buffer.commit"}""");
        }

        server.Wait(10_000);

        string[] items = [.. server.All("input_audio_buffer.committed").Select(static committed => (string)committed["item_id"]!)];
        Assert.Equal([(items[3], "2.0 seconds of speech."), (items[0], "first")], server.All(Completed).Select(static one => ((string)one["item_id"]!, (string)one["transcript"]!)));
        JsonObject failed = server.The(Failed);
        Assert.Equal((items[1], "audio_unintelligible", "server_error"), ((string)failed["item_id"]!, (string)failed["error"]!["code"]!, (string)failed["error"]!["type"]!));
        Assert.DoesNotContain(server.Said, said => (string?)said["item_id"] == items[2] && ((string)said["type"]!).Contains("transcription", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutTheSetting_NothingIsTranscribed_AndSwitchedOffInTheMiddleTheRestStillComes()
    {
        var silent = new SimulatedServer(SimulatedServer.Immediate with { Transcripts = [new("x")] });
        silent.TakeTurn(Sound.Speech(500));
        Assert.DoesNotContain(Completed, silent.Types);

        SimulatedServer server = Transcribing(new SimulatedTranscript("one"));
        server.TakeTurn(Sound.Speech(500)).Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":null}}}}""").Wait(10_000);
        Assert.Equal("one", (string)server.The(Completed)["transcript"]!);
    }

    [Fact]
    public void DetectedSpeech_IsTranscribed_AndADeletedItemStillGetsItsTranscript()
    {
        SimulatedServer server = Transcribing(new SimulatedTranscript("hello") { After = TimeSpan.FromSeconds(2) });
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad"}}}}}""")
            .Say(SimulatedServer.Append([.. Sound.Speech(500), .. Sound.Silence(400)]));
        string item = (string)server.The("input_audio_buffer.committed")["item_id"]!;
        server.Say($$"""{"type":"conversation.item.delete","item_id":"{{item}}"}""").Wait(10_000);

        Assert.Equal(item, (string)server.The(Completed)["item_id"]!);
    }

    [Fact]
    public void TranscriptIsNotInTheTextOfTheOption() => Assert.Equal("transcript of 6 characters", new SimulatedTranscript("secret").ToString());

    private static SimulatedServer Transcribing(params SimulatedTranscript[] transcripts) => Transcribing("gpt-4o-transcribe", transcripts);

    private static SimulatedServer Transcribing(string model, params SimulatedTranscript[] transcripts)
    {
        var server = new SimulatedServer(new SimulatorOptions { Transcripts = transcripts });
        server.Say("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"transcription\":{\"model\":\"" + model + "\"}}}}}");
        server.Said.Clear();
        return server;
    }

    private static string Sorted(JsonNode node)
    {
        JsonObject usage = node.AsObject();
        string[] order = ["type", "input_tokens", "input_token_details", "output_tokens", "total_tokens", "seconds"];
        return new JsonObject(order.Where(usage.ContainsKey).Select(name => KeyValuePair.Create(name, usage[name]?.DeepClone()))).ToJsonString();
    }
}
