using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1037 and RT4004 report. What they leave alone is in <see cref="RT1037SilenceTests"/>.</summary>
public class RT1037CancelAtSpeechStartedTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.OpenAIBeta | Knows.VoiceLive;

    internal const string Usings = """
        using System; using System.Collections.Generic; using System.Net.WebSockets; using System.Text; using System.Text.Json; using System.Text.Json.Nodes; using System.Threading; using System.Threading.Tasks;
        using Azure.AI.VoiceLive; using OpenAI.Realtime; using OpenAI.RealtimeConversation; using Realtime.Protocol; using BetaSession = OpenAI.RealtimeConversation.RealtimeConversationSession;

        #pragma warning disable OPENAI002, CS8602

        """;

    [Theory]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.{|RT4004:CancelResponseAsync|}();")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted s) { Console.WriteLine(s.AudioStartTime); await sdk.{|RT4004:CancelResponseAsync|}(); }")]
    [InlineData("switch (live) { case SessionUpdateInputAudioBufferSpeechStarted: player.Stop(); try { await session.{|RT4004:CancelResponseAsync|}(); } catch { } break; }")]
    [InlineData("switch (live) { case SessionUpdateInputAudioBufferSpeechStarted s: if (player.Active) { await session.{|RT4004:CancelResponseAsync|}(default); } break; default: break; }")]
    [InlineData("if (live.Type == ServerEventType.InputAudioBufferSpeechStarted) session.{|RT4004:CancelResponse|}();")]
    [InlineData("if (beta is ConversationInputSpeechStartedUpdate) { player.Stop(); await old.{|RT4004:InterruptResponseAsync|}(); }")]
    [InlineData("if (update is not RealtimeServerUpdateInputAudioBufferSpeechStarted) return; await sdk.{|RT4004:CancelResponseAsync|}();")]
    [InlineData("if (news is VoiceSessionUpdate.SpeechStarted) ours.{|RT1037:Interrupt|}();")]
    [InlineData("switch (news) { case VoiceSessionUpdate.SpeechStarted: turn.{|RT1037:Cancel|}(); break; }")]
    public Task CancelWhereSpeechBegins_IsReported(string statements) => Verify(statements);

    [Theory]
    [InlineData("""switch (json.GetProperty("type").GetString()) { case "input_audio_buffer.speech_started": await Send({|RT4004:new { type = "response.cancel" }|}); break; }""")]
    [InlineData("""var type = json.GetProperty("type").GetString(); if (type == "input_audio_buffer.speech_started") { player.Stop(); await Send({|RT4004:"{\"type\":\"response.cancel\"}"|}); }""")]
    [InlineData("""if (json.GetProperty("type").ValueEquals("input_audio_buffer.speech_started"u8)) { await socket.SendAsync({|RT4004:"{\"type\":\"response.cancel\"}"u8|}.ToArray(), WebSocketMessageType.Text, true, default); }""")]
    [InlineData("""if (json.GetProperty("type").GetString() is not "input_audio_buffer.speech_started") return; await Send(JsonSerializer.Serialize({|RT4004:new { type = "response.cancel", response_id = "resp_1" }|}));""")]
    [InlineData("""if (json.GetProperty("type").GetString() == "input_audio_buffer.speech_started") { if (player.Active) { await Send(new JsonObject { {|RT4004:["type"] = "response.cancel"|} }); } }""")]
    [InlineData("""var handlers = new Dictionary<string, Func<Task>>(); handlers["input_audio_buffer.speech_started"] = async () => await Send(new Dictionary<string, object> { {|RT4004:["type"] = "response.cancel"|} });""")]
    [InlineData("""if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.SendCommandAsync(BinaryData.FromString({|RT4004:"{\"type\":\"response.cancel\"}"|}), null);""")]
    [InlineData("""if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.SendCommandAsync(new {|RT4004:RealtimeClientCommandResponseCancel|}());""")]
    [InlineData("""if (news is VoiceSessionUpdate.SpeechStarted) await ours.SendRawAsync(RawJson.Parse({|RT4004:"{\"type\":\"response.cancel\"}"|}));""")]
    public Task CancelWrittenByHand_IsReported(string statements) => Verify(statements);

    [Fact]
    public Task CancelInAHandlerOfTheEvent_IsReported() => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(
        Usings + "class C(VoiceLiveSession session) { Task OnStarted(SessionUpdateInputAudioBufferSpeechStarted e) => session.{|RT4004:CancelResponseAsync|}(); }", Libraries);

    internal static string Source(string statements) => $$"""
        {{Usings}}class Player { public bool Active; public void Stop() { } }
        class Caller
        {
            static Task Send(object command) => Task.CompletedTask;
            async Task Talk(RealtimeSessionClient sdk, RealtimeServerUpdate update, VoiceLiveSession session, SessionUpdate live, BetaSession old, ConversationUpdate beta, VoiceSession ours, VoiceSessionUpdate news, Turn turn, Player player, JsonElement json, ClientWebSocket socket) { {{statements}} await Task.Yield(); }
        }
        """;

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(Source(statements), Libraries);
}
