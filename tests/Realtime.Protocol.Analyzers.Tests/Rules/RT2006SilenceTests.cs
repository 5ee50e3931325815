using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2006 leaves alone.</summary>
public class RT2006SilenceTests
{
    [Theory]
    [InlineData("""using var audio = File.OpenRead("hello.wav"); audio.Position = 44; await sdk.SendInputAudioAsync(audio);""")]
    [InlineData("""using var audio = File.OpenRead("hello.wav"); audio.Seek(44, SeekOrigin.Begin); await audio.CopyToAsync(session.Input);""")]
    [InlineData("""using var audio = File.OpenRead("hello.wav"); audio.ReadExactly(pcm, 0, 44); await sdk.SendInputAudioAsync(audio);""")]
    [InlineData("""using var audio = File.OpenRead("hello.wav"); Skip(audio); await sdk.SendInputAudioAsync(audio); void Skip(Stream s) { }""")]
    [InlineData("""await session.Input.WriteAsync(File.ReadAllBytes("hello.wav").AsMemory(44));""")]
    [InlineData("""await session.Input.WriteAsync(File.ReadAllBytes("hello.wav")[44..]);""")]
    [InlineData("""await live.SendInputAudioAsync(File.ReadAllBytes("hello.wav").Skip(44).ToArray());""")]
    [InlineData("""var bytes = File.ReadAllBytes("hello.wav"); bytes = pcm; await session.Input.WriteAsync(bytes);""")]
    [InlineData("""await session.Input.WriteAsync(Decode(File.ReadAllBytes("hello.mp3"))); byte[] Decode(byte[] b) => b[44..];""")]
    public Task HeaderThatMayBeSkipped_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await sdk.SendInputAudioAsync(File.OpenRead("hello.pcm"));""")]
    [InlineData("""await sdk.SendInputAudioAsync(File.OpenRead("hello.raw"));""")]
    [InlineData("""await sdk.SendInputAudioAsync(File.OpenRead(text));""")]
    [InlineData("""await session.Input.WriteAsync(File.ReadAllBytes("hello.wave.bin"));""")]
    [InlineData("""await File.OpenRead("hello.wav").CopyToAsync(stream);""")]
    [InlineData("""new Line().SendInputAudioAsync(File.OpenRead("hello.wav"));""")]
    [InlineData("""Console.WriteLine(File.ReadAllBytes("hello.wav").Length); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""await sdk.SendInputAudioAsync(stream); File.Delete("hello.wav");""")]
    [InlineData("""await File.OpenRead("hello.ulaw").CopyToAsync(session.Input);""")]
    [InlineData("""var wav = "hello.wav"; await live.SendInputAudioAsync(File.ReadAllBytes(Path.ChangeExtension(wav, ".pcm")));""")]
    public Task RawFileOrOtherPlace_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await new Look.RealtimeSessionClient().SendInputAudioAsync(File.OpenRead("hello.wav"));""")]
    [InlineData("""await File.OpenRead("hello.wav").CopyToAsync(new Look.VoiceSession().Input);""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT2006FileAsRawAudio>(
        RT2006FileAsRawAudioTests.Source("""await sdk.SendInputAudioAsync(File.OpenRead("hello.wav"));"""), RT2002TextAsAudioTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2006FileAsRawAudio>(
        RT2006FileAsRawAudioTests.Source(statements) + "\nclass Line { public void SendInputAudioAsync(object audio) { } public BinaryData Delta => null!; public byte[] Audio => []; }\nnamespace Look { class RealtimeSessionClient { public Task SendInputAudioAsync(object audio) => Task.CompletedTask; } class VoiceLiveSession { public Task SendInputAudioAsync(byte[] audio) => Task.CompletedTask; } class VoiceSession { public PipeWriter Input => null!; } class RealtimeServerUpdateResponseOutputAudioDelta { public BinaryData Delta => null!; } class SessionUpdateResponseAudioDelta { public BinaryData Delta => null!; } }", RT2002TextAsAudioTests.Libraries);
}
