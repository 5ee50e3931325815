using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>A session that only transcribes: commits are written down, and nobody answers.</summary>
public class TranscriptionSessionTests
{
    private const string Update = """{"type":"session.update","session":{"type":"transcription","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe","language":"en"}}}}}""";

    [Fact]
    public void CommittedSpeech_IsWrittenDown_AndNobodyAnswers()
    {
        SimulatedServer server = Start();
        Assert.Equal("transcription", (string)Assert.Single(server.Ask(Update))["session"]!["type"]!);
        server.Say(SimulatedServer.Append([.. Sound.Speech(500), .. Sound.Silence(400)])).Wait(60_000);

        Assert.Equal(["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"], server.Types.Skip(1).Take(5));
        Assert.Equal("Dear neighbour,", (string)server.Last["transcript"]!);
        Assert.DoesNotContain(server.Types, static type => type.StartsWith("response.", StringComparison.Ordinal));
    }

    [Fact]
    public void Created_ShowsATranscriptionSession_WithoutAModelOrAVoice()
    {
        JsonNode session = Start(keep: true).The("session.created")["session"]!;

        Assert.Equal(("transcription", "realtime.transcription_session"), ((string)session["type"]!, (string)session["object"]!));
        Assert.Null(session["model"]);
        Assert.Null(session["audio"]!["output"]);
    }

    [Theory]
    [InlineData("""{"type":"response.create","event_id":"e1"}""", "invalid_event", "type")]
    [InlineData("""{"type":"response.cancel","event_id":"e1"}""", "invalid_value", "type")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":{"type":"realtime"}}""", "invalid_value", "session.type")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":{"type":"transcription","instructions":"x"}}""", "unknown_parameter", "session.instructions")]
    [InlineData("""{"type":"session.update","event_id":"e1","session":{"type":"transcription","audio":{"output":{"voice":"marin"}}}}""", "unknown_parameter", "session.audio.output")]
    public void WhatBelongsToAConversation_IsRefused(string said, string code, string param)
    {
        JsonNode error = Start().Refusal(said);

        Assert.Equal((code, param, "e1"), ((string)error["code"]!, (string)error["param"]!, (string)error["event_id"]!));
    }

    private static SimulatedServer Start(bool keep = false)
    {
        var server = new SimulatedServer(new SimulatorOptions { Kind = SimulatedSessionKind.Transcription, Transcripts = [new("Dear neighbour,")] }, manual: false);
        if (!keep)
        {
            server.Said.Clear();
        }

        return server;
    }
}
