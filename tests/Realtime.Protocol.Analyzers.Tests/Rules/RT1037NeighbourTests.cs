using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1037 and RT4004 beside programs of the field that are right: they only fall silent, cancel for a reason of their own, or have told the server not to.</summary>
public class RT1037NeighbourTests
{
    [Theory]
    [InlineData("""switch (json.GetProperty("type").GetString()) { case "input_audio_buffer.speech_started": player.Stop(); break; case "response.output_audio.delta": break; }""")]
    [InlineData("""if (json.GetProperty("type").GetString() == "input_audio_buffer.speech_started") { player.Stop(); await Send(new { type = "conversation.item.truncate", item_id = "i", content_index = 0, audio_end_ms = 20 }); }""")]
    [InlineData("""if (json.GetProperty("type").GetString() == "input_audio_buffer.speech_started") { player.Stop(); await Send(new { @event = "clear", streamSid = "s" }); }""")]
    [InlineData("""switch (json.GetProperty("type").GetString()) { case "input_audio_buffer.speech_started": player.Stop(); break; case "dtmf": await Send(new { type = "response.cancel" }); break; }""")]
    [InlineData("""var type = json.GetProperty("type").GetString(); if (type == "input_audio_buffer.speech_started" || type == "call.ended") { await Send("{\"type\":\"response.cancel\"}"); }""")]
    [InlineData("""if (json.GetProperty("type").GetString() == "input_audio_buffer.speech_started") { player.Stop(); } await Send(new { type = "response.cancel" });""")]
    [InlineData("""if (json.GetProperty("type").GetString() == "input_audio_buffer.speech_started") { Console.WriteLine("the server sends response.cancel to itself"); }""")]
    [InlineData("""if (json.GetProperty("type").GetString() is "input_audio_buffer.speech_started" or "response.cancelled") { await Send(new { type = "response.cancelled" }); }""")]
    [InlineData("""var known = new[] { "input_audio_buffer.speech_started", "response.cancel" }; if (Array.IndexOf(known, json.GetProperty("type").GetString()) < 0) { player.Stop(); }""")]
    [InlineData("""var handlers = new Dictionary<string, Func<Task>>(); handlers["input_audio_buffer.speech_started"] = () => { player.Stop(); return Task.CompletedTask; }; handlers["hangup"] = async () => await Send(new { type = "response.cancel" });""")]
    public Task CallerOnASocket_ThatOnlyFallsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) { player.Stop(); await sdk.TruncateItemAsync(\"i\", 0, TimeSpan.FromMilliseconds(player.Played / 48)); }")]
    [InlineData("if (update is RealtimeServerUpdateResponseCreated && player.Active) { await sdk.CancelResponseAsync(); } else if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) { player.Stop(); }")]
    [InlineData("Console.CancelKeyPress += async (_, _) => await sdk.CancelResponseAsync(); if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) { player.Stop(); }")]
    [InlineData("switch (live) { case SessionUpdateInputAudioBufferSpeechStarted: await session.ClearStreamingAudioAsync(); break; case SessionUpdateError: await session.CancelResponseAsync(); break; }")]
    [InlineData("if (live is SessionUpdateInputAudioBufferSpeechStarted) { player.Stop(); } try { await session.StartResponseAsync(); } catch (OperationCanceledException) { await session.CancelResponseAsync(); }")]
    [InlineData("turn.Silenced.Register(player.Stop); if (news is VoiceSessionUpdate.SpeechStarted) { Console.Write(\"… \"); }")]
    [InlineData("if (news is VoiceSessionUpdate.SpeechStarted) { player.Stop(); } else { ours.Interrupt(); }")]
    [InlineData("if (news is VoiceSessionUpdate.Problem) { turn.Cancel(); }")]
    public Task CallerWithALibrary_ThatOnlyFallsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("var wire = \"{\\\"type\\\":\\\"session.update\\\",\\\"session\\\":{\\\"turn_detection\\\":{\\\"type\\\":\\\"server_vad\\\",\\\"interrupt_response\\\":false}}}\"; await Send(wire); if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) { await sdk.CancelResponseAsync(); }")]
    [InlineData("await Send(new { type = \"session.update\", turn_detection = new { type = \"semantic_vad\", interrupt_response = false } }); if (json.GetProperty(\"type\").GetString() == \"input_audio_buffer.speech_started\") { await Send(new { type = \"response.cancel\" }); }")]
    [InlineData("var detection = new TurnTaking.ServerVad { InterruptsResponse = false }; if (news is VoiceSessionUpdate.SpeechStarted) { ours.Interrupt(); }")]
    public Task ServerThatWasToldNotTo(string statements) => Verify(statements);

    [Theory]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) { new Look.RealtimeSessionClient().CancelResponse(); }")]
    [InlineData("object any = player; if (any is Look.RealtimeServerUpdateInputAudioBufferSpeechStarted) { await sdk.CancelResponseAsync(); }")]
    [InlineData("if (live is SessionUpdateInputAudioBufferSpeechStarted) { new Look.JsonObject()[\"type\"] = \"response.cancel\"; }")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(
        RT1037CancelAtSpeechStartedTests.Source(statements).Replace("public bool Active;", "public bool Active; public int Played;", StringComparison.Ordinal)
        + """

        namespace Look { class RealtimeSessionClient { public void CancelResponse() { } } class RealtimeServerUpdateInputAudioBufferSpeechStarted { } class JsonObject { public string this[string name] { set { } } } }
        """,
        RT1037CancelAtSpeechStartedTests.Libraries);
}
