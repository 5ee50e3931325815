using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2004 reports. What it leaves alone is in <see cref="RT2004SilenceTests"/>.</summary>
public class RT2004AudioEncodedTwiceTests
{
    [Theory]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2004:BinaryData.FromString(Convert.ToBase64String(pcm))|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2004:new BinaryData(Convert.ToBase64String(pcm))|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2004:BinaryData.FromBytes(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)))|});""")]
    [InlineData("""var t = Convert.ToBase64String(pcm); var bytes = Encoding.UTF8.GetBytes(t); await live.SendInputAudioAsync({|RT2004:bytes|});""")]
    [InlineData("""await live.SendInputAudioAsync({|RT2004:new MemoryStream(Encoding.ASCII.GetBytes(Convert.ToBase64String(pcm)))|});""")]
    [InlineData("""await live.AppendAudioToTurnAsync("1", {|RT2004:Encoding.ASCII.GetBytes(Convert.ToBase64String(pcm))|});""")]
    [InlineData("""beta.SendInputAudio({|RT2004:BinaryData.FromString(Convert.ToBase64String(pcm))|});""")]
    [InlineData("""await sdk.SendCommandAsync(new RealtimeClientCommandInputAudioBufferAppend({|RT2004:BinaryData.FromString(Convert.ToBase64String(pcm))|}));""")]
    [InlineData("""_ = new RealtimeClientCommandInputAudioBufferAppend { AudioBytes = {|RT2004:BinaryData.FromString(Convert.ToBase64String(pcm))|} };""")]
    [InlineData("""var data = BinaryData.FromBytes(pcm); if (text.Length > 0) data = BinaryData.FromString(Convert.ToBase64String(pcm)); await sdk.SendInputAudioAsync({|RT2004:data|});""")]
    public Task EncodedAudio_IsReported(string statements) => Verify(statements);

    internal static string Source(string statements) => $"{RT2002TextAsAudioTests.Usings}class Caller\n{{\nasync Task Talk(VoiceSession session, RealtimeSessionClient sdk, BetaSession beta, VoiceLiveSession live, byte[] pcm, string text, Turn turn, RealtimeServerUpdateResponseOutputAudioDelta delta, SessionUpdateResponseAudioDelta liveDelta, Stream stream) {{ {statements} await Task.Yield(); }}\n}}";

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2004AudioEncodedTwice>(Source(statements), RT2002TextAsAudioTests.Libraries);
}
