using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2006 reports. What it leaves alone is in <see cref="RT2006SilenceTests"/>.</summary>
public class RT2006FileAsRawAudioTests
{
    [Theory]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2006:File.OpenRead("hello.wav")|});""")]
    [InlineData("""var path = Path.Combine("Assets", "whats_the_weather_pcm16_24khz_mono.wav"); using Stream audio = File.OpenRead(path); await sdk.SendInputAudioAsync({|RT2006:audio|});""")]
    [InlineData("""await session.Input.WriteAsync({|RT2006:File.ReadAllBytes("hello.mp3")|});""")]
    [InlineData("""await session.Input.WriteAsync({|RT2006:await File.ReadAllBytesAsync($"{text}/hello.WAV")|});""")]
    [InlineData("""await using var file = new FileStream(text + ".wav", FileMode.Open); await {|RT2006:file|}.CopyToAsync(session.Input);""")]
    [InlineData("""await {|RT2006:File.OpenRead("a.ogg")|}.CopyToAsync(session.Input);""")]
    [InlineData("""await live.SendInputAudioAsync({|RT2006:BinaryData.FromBytes(File.ReadAllBytes("hello.wav"))|});""")]
    [InlineData("""var bytes = File.ReadAllBytes("hello.wav"); Console.WriteLine(bytes.Length); await live.SendInputAudioAsync({|RT2006:bytes|});""")]
    [InlineData("""beta.SendInputAudio({|RT2006:BinaryData.FromStream(File.OpenRead("hello.flac"))|});""")]
    public Task WholeFile_IsReported(string statements) => Verify(statements);

    internal static string Source(string statements) => $"{RT2002TextAsAudioTests.Usings}class Caller\n{{\nasync Task Talk(VoiceSession session, RealtimeSessionClient sdk, BetaSession beta, VoiceLiveSession live, byte[] pcm, string text, Turn turn, RealtimeServerUpdateResponseOutputAudioDelta delta, SessionUpdateResponseAudioDelta liveDelta, Stream stream) {{ {statements} await Task.Yield(); }}\n}}";

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2006FileAsRawAudio>(Source(statements), RT2002TextAsAudioTests.Libraries);
}
