using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1037 and RT4004 leave alone.</summary>
public class RT1037SilenceTests
{
    [Theory]
    [InlineData("await sdk.CancelResponseAsync(); if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) player.Stop();")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) player.Stop(); else await sdk.CancelResponseAsync();")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) player.Stop(); await sdk.CancelResponseAsync();")]
    [InlineData("if (update is RealtimeServerUpdateResponseCreated or RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.CancelResponseAsync();")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted || player.Active) await sdk.CancelResponseAsync();")]
    [InlineData("switch (live) { case SessionUpdateInputAudioBufferSpeechStarted: player.Stop(); break; case SessionUpdateInputAudioBufferSpeechStopped: await session.CancelResponseAsync(); break; }")]
    [InlineData("switch (live) { case SessionUpdateInputAudioBufferSpeechStarted: player.Stop(); break; default: session.CancelResponse(); break; }")]
    [InlineData("if (live.Type == ServerEventType.ResponseCreated) session.CancelResponse(); if (live is SessionUpdateInputAudioBufferSpeechStarted) player.Stop();")]
    [InlineData("if (beta is ConversationInputSpeechStartedUpdate) { player.Stop(); } if (player.Active) await old.InterruptResponseAsync();")]
    [InlineData("if (news is VoiceSessionUpdate.SpeechStarted) player.Stop(); if (news is VoiceSessionUpdate.SpeechStopped) ours.Interrupt();")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.ClearInputAudioAsync(); _ = nameof(sdk.CancelResponseAsync);")]
    [InlineData("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) new Look.Session().CancelResponseAsync();")]
    [InlineData("object any = player; if (any is Look.SpeechStarted) await sdk.CancelResponseAsync(); _ = update as RealtimeServerUpdateInputAudioBufferSpeechStarted;")]
    public Task CancelElsewhere_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("var options = new { interrupt_response = false };")]
    [InlineData("var text = \"{\\\"interrupt_response\\\":false}\";")]
    [InlineData("var options = new Look.Options { InterruptResponse = false };")]
    [InlineData("var options = new Look.Options { InterruptResponseEnabled = true };")]
    public Task ProjectThatSaysWhoInterrupts_IsSilent(string statements) => Verify(statements + " if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.CancelResponseAsync();");

    [Fact]
    public Task CancelInAHandlerOfAnotherEvent_IsSilent() => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(
        RT1037CancelAtSpeechStartedTests.Usings + "class C(VoiceLiveSession session) { Task OnStopped(SessionUpdateInputAudioBufferSpeechStopped e) => session.CancelResponseAsync(); void OnStarted(SessionUpdateInputAudioBufferSpeechStarted e) { } }",
        RT1037CancelAtSpeechStartedTests.Libraries);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(
        RT1037CancelAtSpeechStartedTests.Source("if (update is RealtimeServerUpdateInputAudioBufferSpeechStarted) await sdk.CancelResponseAsync();"), RT1037CancelAtSpeechStartedTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT1037CancelAtSpeechStarted>(
        RT1037CancelAtSpeechStartedTests.Source(statements)
        + "\nnamespace Look { public class Session { public void CancelResponseAsync() { } } public class SpeechStarted { } public class Options { public bool OPTION { get; set; } } }".Replace("OPTION", statements.Contains("InterruptResponseEnabled", StringComparison.Ordinal) ? "InterruptResponseEnabled" : statements.Contains("InterruptResponse ", StringComparison.Ordinal) ? "InterruptResponse" : "Other", StringComparison.Ordinal),
        RT1037CancelAtSpeechStartedTests.Libraries);
}
