using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2003 reports. What it leaves alone is in <see cref="RT2003SilenceTests"/>.</summary>
public class RT2003AudioDecodedTwiceTests
{
    [Theory]
    [InlineData("""_ = Convert.FromBase64String({|RT2003:delta.Delta.ToString()|});""")]
    [InlineData("""var data = delta.Delta; var t = data.ToString(); _ = Convert.FromBase64String({|RT2003:t|});""")]
    [InlineData("""_ = Convert.FromBase64String({|RT2003:Encoding.UTF8.GetString(delta.Delta.ToArray())|});""")]
    [InlineData("""_ = Convert.FromBase64String({|RT2003:Encoding.ASCII.GetString(delta.Delta)|});""")]
    [InlineData("""Base64.DecodeFromUtf8({|RT2003:delta.Delta.ToMemory().Span|}, pcm, out _, out _);""")]
    [InlineData("""_ = Convert.FromBase64String({|RT2003:liveDelta.Delta.ToString()|});""")]
    [InlineData("""if (delta is { Delta: { } d }) { _ = Convert.FromBase64String({|RT2003:delta.Delta.ToString().Trim()|}); }""")]
    [InlineData("""var read = await turn.Audio.ReadAsync(); _ = Convert.FromBase64String({|RT2003:Encoding.UTF8.GetString(read.Buffer.ToArray())|});""")]
    public Task RawAudioDecoded_IsReported(string statements) => Verify(statements);

    internal static string Source(string statements) => $"{RT2002TextAsAudioTests.Usings}class Caller\n{{\nasync Task Talk(VoiceSession session, RealtimeSessionClient sdk, BetaSession beta, VoiceLiveSession live, byte[] pcm, string text, Turn turn, RealtimeServerUpdateResponseOutputAudioDelta delta, SessionUpdateResponseAudioDelta liveDelta, Stream stream) {{ {statements} await Task.Yield(); }}\n}}";

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2003AudioDecodedTwice>(Source(statements), RT2002TextAsAudioTests.Libraries);
}
