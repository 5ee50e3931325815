using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>Mistakes of somebody who comes from another library and has not read ours: who says them, the compiler or a rule. Nothing goes unsaid.</summary>
public class FirstHourTests
{
    [Theory]
    // Verbs of the official SDK.
    [InlineData("await session.StartResponseAsync();", "CS1061")]
    [InlineData("await session.SendInputAudioAsync(pcm);", "CS1061")]
    [InlineData("await session.CancelResponseAsync();", "CS1061")]
    [InlineData("await foreach (var update in session.ReceiveUpdatesAsync()) { }", "CS1061")]
    // Requests that are written by hand.
    [InlineData("await session.SendAsync(new ResponseCreate());", "CS0619")]
    [InlineData("await session.SendAsync(new InputAudioBufferAppend { Audio = pcm });", "CS0619")]
    [InlineData("await session.SendAsync(new InputAudioBufferCommit());", "CS0619")]
    [InlineData("await session.SendRawAsync(RawJson.Parse(\"\"\"{\"type\":\"response.create\"}\"\"\"));", "RT1002")]
    [InlineData("await session.SendRawAsync(RawJson.Parse(\"\"\"{\"type\":\"response.create\",\"response\":null}\"\"\"));", "RT1002 RT1020")]
    [InlineData("EventWriter.Write(output, new ResponseCreate());", "RT1001")]
    // Audio.
    [InlineData("await session.Input.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));", "RT2001")]
    [InlineData("await session.Input.WriteAsync(Convert.ToBase64String(pcm));", "CS1503")]
    [InlineData("session.Input.WriteAsync(pcm);", "CS4014 RT1012")]
    [InlineData("await session.Input.WriteAsync(File.ReadAllBytes(\"hello.wav\"));", "RT2006")]
    [InlineData("microphone.Data += async piece => await session.Input.WriteAsync(piece);", "RT1013")]
    // Turns.
    [InlineData("var turn = session.SendMessage(\"hi\"); await turn;", "CS1061")]
    [InlineData("var turn = session.SendMessage(\"hi\"); turn.Silenced.Register(speaker.Clear); await turn.Audio.CopyToAsync(speaker.Stream);", "RT1038")]
    [InlineData("var turn = session.SendMessage(\"hi\"); turn.ReportPlayed(watch.ElapsedMilliseconds);", "RT1032")]
    [InlineData("session.SubmitToolOutput(\"call_1\", \"ok\"); session.Respond();", "RT1033")]
    [InlineData("await foreach (var update in session.ReadUpdatesAsync()) { if (update is VoiceSessionUpdate.SpeechStarted) { session.Interrupt(); } }", "RT1037")]
    [InlineData("await session.UpdateAsync(new() { Instructions = \"Be short.\" }); await Task.Delay(500); session.Respond();", "RT1035")]
    [InlineData("await session.Conversation.TruncateAsync(\"item_1\", TimeSpan.Zero);", "RT1022")]
    [InlineData("await session.Conversation.TruncateAsync(\"item_1\", watch.Elapsed);", "RT1036")]
    // Errors and handlers.
    [InlineData("try { await session.UpdateAsync(new() { Voice = \"marin\" }); } catch (RealtimeRejectedException e) when (e.Error.Message!.Contains(\"voice\")) { }", "RT1030")]
    [InlineData("var seen = new List<ServerEvent>(); options.OnServerEvent = (in ServerEvent e) => seen.Add(e);", "CS9244")]
    [InlineData("options.OnServerEvent = (in ServerEvent e) => Thread.Sleep(100);", "RT1014")]
    [InlineData("using var closed = session;", "CS8418")]
    public async Task Mistake_IsSaid(string statements, string by)
    {
        var compilation = TestProject.Compile(
            $$"""
            using System; using System.Buffers; using System.Collections.Generic; using System.Diagnostics; using System.IO; using System.Text; using System.Threading; using System.Threading.Tasks; using Realtime.Protocol; using Realtime.Protocol.Events;
            class Microphone { public event Action<byte[]>? Data; public void Raise() => Data?.Invoke([]); }
            class Speaker { public Stream Stream => Stream.Null; public void Clear() { } }
            class Program { async Task Talk(VoiceSession session, VoiceSessionOptions options, IBufferWriter<byte> output, Microphone microphone, Speaker speaker, Stopwatch watch, byte[] pcm) { {{statements}} await Task.Yield(); } }
            """,
            Knows.Ours | Knows.Session);
        var said = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity >= DiagnosticSeverity.Warning)
            .Concat(await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer()));

        Assert.Equal(by, string.Join(' ', said.Select(static d => d.Id).Distinct().Order()));
    }
}
