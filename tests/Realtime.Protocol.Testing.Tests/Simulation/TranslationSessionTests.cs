using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>A session that translates, frame by frame: what goes in, what comes out and when, what is refused, and how it ends.</summary>
public class TranslationSessionTests
{
    private const string Audio = "session.output_audio.delta";
    private const string Source = "session.input_transcript.delta";
    private const string Translation = "session.output_transcript.delta";
    private const string Transcribed = """{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"gpt-realtime-whisper"}},"output":{"language":"de"}}}}""";
    private const string Close = """{"type":"session.close","event_id":"bye"}""";

    [Fact]
    public void Created_ShowsATranslation_WithTheModelForIt()
    {
        JsonNode session = Start(keep: true).The("session.created")["session"]!;

        Assert.Equal(("translation", "gpt-realtime-translate"), ((string)session["type"]!, (string)session["model"]!));
        Assert.Equal("""{"input":{"transcription":null,"noise_reduction":null},"output":{"language":"en"}}""", session["audio"]!.ToJsonString());
    }

    [Fact]
    public void WhatIsSaid_ComesBackAfterADelay_AsWordsOfBothSidesAndAsSound()
    {
        SimulatedServer server = Start();
        server.Say(Transcribed);
        byte[] speech = Sound.Speech(400);
        server.Said.Clear();

        server.Say(Append(speech)).Wait(199);
        Assert.Empty(server.Said);

        server.Wait(1);
        Assert.Equal([Source, Translation, Audio], server.Types);
        server.Wait(100);
        Assert.Equal([Source, Translation, Audio, Source, Translation, Audio], server.Types);
        Assert.Equal(["Dear", " neighbour,"], Deltas(server, Source));
        Assert.Equal(["In de: Dear", " neighbour,"], Deltas(server, Translation));
        Assert.Equal(speech, Echo(server));
        Assert.Equal([200L, 200, 200, 400, 400, 400], server.Said.Select(static said => (long)said["elapsed_ms"]!));
        Assert.Equal((24_000, 1, "pcm16"), ((int)server.Last["sample_rate"]!, (int)server.Last["channels"]!, (string)server.Last["format"]!));
    }

    [Fact]
    public void WithoutTranscription_OnlyTheTranslationHasWords_AndSilenceHasNone()
    {
        SimulatedServer server = Start().Say(Append([.. Sound.Speech(200), .. Sound.Silence(200)])).Wait(1_000);

        Assert.Equal([Translation, Audio, Audio], server.Types);
    }

    [Fact]
    public void WordsBehindTheLastTranscript_AreNumbers()
    {
        SimulatedServer server = Start().Say(Append(Sound.Speech(800))).Wait(2_000);

        Assert.Equal(["In en: Dear", " neighbour,", " 3", " 4"], Deltas(server, Translation));
    }

    [Fact]
    public void SpeechInPiecesOfAnyLength_IsTranslatedInFramesOf200Ms()
    {
        SimulatedServer server = Start();
        byte[] speech = Sound.Speech(600);
        foreach (byte[] piece in speech.Chunk(1_001))
        {
            server.Say(Append(piece));
        }

        server.Say(Append([])).Wait(1_000);

        Assert.Equal([9_600, 9_600, 9_600], server.All(Audio).Select(static delta => Convert.FromBase64String((string)delta["delta"]!).Length));
        Assert.Equal(speech, Echo(server));
    }

    [Fact]
    public void AnotherLanguage_HoldsFromTheNextWordOn()
    {
        SimulatedServer server = Start().Say(Append(Sound.Speech(200))).Wait(1_000);
        JsonObject updated = Assert.Single(server.Ask("""{"type":"session.update","session":{"audio":{"output":{"language":"fr"}}}}"""));
        server.Say(Append(Sound.Speech(400))).Wait(1_000);

        Assert.Equal(("session.updated", "fr"), ((string)updated["type"]!, (string)updated["session"]!["audio"]!["output"]!["language"]!));
        Assert.Equal(["In en: Dear", " In fr: neighbour,", " 3"], Deltas(server, Translation));
    }

    [Fact]
    public void Update_MergesWhatIsThere_AndNullClears()
    {
        SimulatedServer server = Start();
        server.Say(Transcribed).Say("""{"type":"session.update","session":{"audio":{"input":{"noise_reduction":{"type":"far_field"}}}}}""");
        Assert.Equal(
            """{"input":{"transcription":{"model":"gpt-realtime-whisper"},"noise_reduction":{"type":"far_field"}},"output":{"language":"de"}}""",
            server.Last["session"]!["audio"]!.ToJsonString());

        server.Say("""{"type":"session.update","session":{"audio":{"input":{"transcription":null,"noise_reduction":null}}}}""").Say("""{"type":"session.update","session":{}}""");
        Assert.Equal("""{"input":{"transcription":null,"noise_reduction":null},"output":{"language":"de"}}""", server.Last["session"]!["audio"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"audio":{"output":{"language":"xx"}}}""", "invalid_value", "session.audio.output.language")]
    [InlineData("""{"audio":{"output":{"language":""}}}""", "invalid_value", "session.audio.output.language")]
    [InlineData("""{"audio":{"output":{"language":5}}}""", "invalid_type", "session.audio.output.language")]
    [InlineData("""{"audio":{"output":{"language":null}}}""", "invalid_type", "session.audio.output.language")]
    [InlineData("""{"audio":{"output":{"voice":"marin"}}}""", "unknown_parameter", "session.audio.output.voice")]
    [InlineData("""{"audio":{"input":{"transcription":{}}}}""", "missing_required_parameter", "session.audio.input.transcription.model")]
    [InlineData("""{"audio":{"input":{"transcription":{"model":"m","language":"de"}}}}""", "unknown_parameter", "session.audio.input.transcription.language")]
    [InlineData("""{"audio":{"input":{"transcription":"m"}}}""", "invalid_type", "session.audio.input.transcription")]
    [InlineData("""{"audio":{"input":{"noise_reduction":{}}}}""", "missing_required_parameter", "session.audio.input.noise_reduction.type")]
    [InlineData("""{"audio":{"input":{"noise_reduction":{"type":"mid_field"}}}}""", "invalid_value", "session.audio.input.noise_reduction.type")]
    [InlineData("""{"audio":{"input":{"turn_detection":null}}}""", "unknown_parameter", "session.audio.input.turn_detection")]
    [InlineData("""{"audio":[]}""", "invalid_type", "session.audio")]
    [InlineData("""{"type":"translation"}""", "unknown_parameter", "session.type")]
    [InlineData("""{"model":"gpt-realtime"}""", "unknown_parameter", "session.model")]
    [InlineData("[]", "invalid_type", "session")]
    public void WhatCannotBeUpdated_IsRefused_AndNothingChanges(string session, string code, string param)
    {
        SimulatedServer server = Start();
        JsonNode error = server.Refusal($$"""{"type":"session.update","event_id":"e1","session":{{session}}}""");
        Assert.Equal((code, param, "e1"), ((string)error["code"]!, (string)error["param"]!, (string)error["event_id"]!));

        server.Say("""{"type":"session.update","session":{}}""");
        Assert.Equal("""{"input":{"transcription":null,"noise_reduction":null},"output":{"language":"en"}}""", server.Last["session"]!["audio"]!.ToJsonString());
    }

    [Fact]
    public void OneBadMember_RefusesTheWholeUpdate()
    {
        SimulatedServer server = Start();
        server.Refusal("""{"type":"session.update","session":{"audio":{"input":{"noise_reduction":{"type":"near_field"}},"output":{"language":"xx"}}}}""");
        server.Say("""{"type":"session.update","session":{}}""");

        Assert.Null(server.Last["session"]!["audio"]!["input"]!["noise_reduction"]);
    }

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.append","event_id":"e1","audio":""}""", "invalid_value", "type")]
    [InlineData("""{"type":"response.create","event_id":"e1"}""", "invalid_value", "type")]
    [InlineData("""{"event_id":"e1"}""", "invalid_event", null)]
    [InlineData("""{"type":"session.update","event_id":"e1"}""", "missing_required_parameter", "session")]
    [InlineData("""{"type":"session.input_audio_buffer.append","event_id":"e1"}""", "missing_required_parameter", "audio")]
    [InlineData("""{"type":"session.input_audio_buffer.append","event_id":"e1","audio":"?"}""", "invalid_value", "audio")]
    [InlineData("""{"type":"session.input_audio_buffer.append","event_id":"e1","audio":5}""", "invalid_type", "audio")]
    public void WhatIsNoEventOfATranslation_IsRefused(string said, string code, string? param)
    {
        JsonNode error = Start().Refusal(said);

        Assert.Equal((code, param, "e1"), ((string)error["code"]!, (string?)error["param"], (string)error["event_id"]!));
    }

    [Fact]
    public void MoreThanMayWait_IsRefused_AndTheRestGoesOn()
    {
        SimulatedServer server = Start(new SimulatorOptions { MaxInputAudioBytes = 20_000 });
        Assert.Empty(server.Ask(Append(Sound.Speech(400))));
        Assert.Equal("input_audio_buffer_full", (string)server.Refusal(Append(Sound.Speech(100)))["code"]!);

        server.Wait(1_000).Said.Clear();
        server.Say(Append(Sound.Speech(200))).Wait(1_000);
        Assert.Equal([Translation, Audio], server.Types);
    }

    [Fact]
    public void Close_SendsTheRest_ThenSaysThatItIsOver_ThenEndsTheConnection()
    {
        SimulatedServer server = Start();
        byte[] speech = Sound.Speech(250);
        server.Say(Append([.. speech, 7])).Say(Close); // half a sample more

        Assert.Empty(server.Said);
        server.Wait(1_000);
        Assert.Equal([Translation, Audio, Translation, Audio, "session.closed"], server.Types);
        Assert.Equal(speech, Echo(server));
        Assert.Equal((1000, ""), server.Closed);
        Assert.Empty(server.Ask(Close));
    }

    [Fact]
    public void Close_WithNothingLeft_IsAnsweredAtOnce()
    {
        SimulatedServer server = Start();

        Assert.Equal("session.closed", (string)Assert.Single(server.Ask(Close))["type"]!);
        Assert.Equal((1000, ""), server.Closed);
    }

    [Theory]
    [InlineData("session.close", "")]
    [InlineData("session.input_audio_buffer.append", ""","audio":"AAAA" """)]
    [InlineData("session.update", ""","session":{}""")]
    public void AfterClose_NothingMoreIsTaken_AndTheRestComesAllTheSame(string type, string rest)
    {
        SimulatedServer server = Start().Say(Append(Sound.Speech(200))).Say(Close);
        JsonNode error = server.Refusal($$"""{"type":"{{type}}","event_id":"late"{{rest}}}""");
        Assert.Equal(("invalid_event", "type", "late"), ((string)error["code"]!, (string)error["param"]!, (string)error["event_id"]!));

        server.Wait(1_000);
        Assert.Equal(["error", Translation, Audio, "session.closed"], server.Types);
    }

    [Fact]
    public void TheEndOfTheLifetime_EndsATranslationToo()
    {
        SimulatedServer server = Start(new SimulatorOptions { SessionLifetime = TimeSpan.FromMinutes(1) }).Wait(60_000);

        Assert.Equal("session_expired", (string)server.Last["error"]!["code"]!);
        Assert.Equal(1001, server.Closed!.Value.Status);
    }

    [Fact]
    public void Faults_HitTheEventsOfATranslation()
    {
        SimulatedServer server = Start(new SimulatorOptions { Faults = FaultPlan.None.Drop("session.closed", 1) });

        Assert.Empty(server.Ask(Close));
        Assert.Equal((1000, ""), server.Closed);
    }

    private static SimulatedServer Start(SimulatorOptions? options = null, bool keep = false)
    {
        var server = new SimulatedServer((options ?? new()) with { Kind = SimulatedSessionKind.Translation, Transcripts = [new("Dear"), new("neighbour,")] }, manual: false, grammar: false);
        if (!keep)
        {
            server.Said.Clear();
        }

        return server;
    }

    private static string Append(byte[] audio) => $$"""{"type":"session.input_audio_buffer.append","audio":"{{Convert.ToBase64String(audio)}}"}""";

    private static IEnumerable<string> Deltas(SimulatedServer server, string type)
    {
        foreach (JsonObject said in server.All(type))
        {
            Assert.True(Events.Translation.ServerEvent.TryRead(Encoding.UTF8.GetBytes(said.ToJsonString()), out _, out ReadError error), error.ToString());
            yield return (string)said["delta"]!;
        }
    }

    private static byte[] Echo(SimulatedServer server) => [.. server.All(Audio).SelectMany(static delta => Convert.FromBase64String((string)delta["delta"]!))];
}
