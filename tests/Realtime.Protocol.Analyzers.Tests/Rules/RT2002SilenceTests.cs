using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2002 leaves alone.</summary>
public class RT2002SilenceTests
{
    [Theory]
    [InlineData("""await session.Input.WriteAsync(pcm);""")]
    [InlineData("""await session.Input.WriteAsync(Convert.FromBase64String(text));""")]
    [InlineData("""await session.Input.WriteAsync(Encoding.Latin1.GetBytes(text));""")]
    [InlineData("""await sdk.SendInputAudioAsync(BinaryData.FromBytes(pcm));""")]
    [InlineData("""await sdk.SendInputAudioAsync(new BinaryData(pcm));""")]
    [InlineData("""await sdk.SendInputAudioAsync(new MemoryStream(pcm));""")]
    [InlineData("""await sdk.SendInputAudioAsync(stream);""")]
    [InlineData("""await live.SendInputAudioAsync(pcm);""")]
    [InlineData("""await live.SendInputAudioAsync(File.ReadAllBytes(text));""")]
    [InlineData("""beta.SendInputAudio(BinaryData.FromStream(stream));""")]
    [InlineData("""var bytes = Encoding.UTF8.GetBytes(text); bytes = pcm; await session.Input.WriteAsync(bytes);""")]
    [InlineData("""var bytes = Encoding.UTF8.GetBytes(text); Console.WriteLine(bytes.Length); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""var bytes = Convert.FromBase64String(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))); await session.Input.WriteAsync(bytes);""")]
    [InlineData("""var n = Encoding.UTF8.GetByteCount(text); await session.Input.WriteAsync(new byte[n]);""")]
    public Task Samples_AreSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await session.Input.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));""")]
    [InlineData("""await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm)));""")]
    [InlineData("""var t = Convert.ToBase64String(pcm); await live.SendInputAudioAsync(Encoding.UTF8.GetBytes(t));""")]
    public Task TextThatIsBase64_IsSaidByOtherRules(string statements) => Verify(statements);

    [Theory]
    [InlineData("""new Line().SendInputAudioAsync(Encoding.UTF8.GetBytes(text));""")]
    [InlineData("""session.SendMessage(text); await Task.Yield();""")]
    [InlineData("""await session.SendRawAsync(RawJson.FromUtf8(Encoding.UTF8.GetBytes(text)));""")]
    [InlineData("""await sdk.SendCommandAsync(BinaryData.FromString(text), null!);""")]
    [InlineData("""await live.SendCommandAsync(BinaryData.FromString(text));""")]
    [InlineData("""await stream.WriteAsync(Encoding.UTF8.GetBytes(text)); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""await live.AppendAudioToTurnAsync(Encoding.UTF8.GetString(pcm), pcm);""")]
    [InlineData("""await live.AppendAudioToTurnAsync(text, pcm); _ = Encoding.UTF8.GetBytes(text);""")]
    [InlineData("""var bytes = Map(Encoding.UTF8.GetBytes(text)); await session.Input.WriteAsync(bytes); byte[] Map(byte[] b) => pcm;""")]
    public Task SomethingElse_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await new Look.VoiceLiveSession().SendInputAudioAsync(Encoding.UTF8.GetBytes(text));""")]
    [InlineData("""await new Look.VoiceSession().Input.WriteAsync(Encoding.UTF8.GetBytes(text));""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT2002TextAsAudio>(
        RT2002TextAsAudioTests.Source("""await session.Input.WriteAsync(Encoding.UTF8.GetBytes(text));"""), RT2002TextAsAudioTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2002TextAsAudio>(
        RT2002TextAsAudioTests.Source(statements) + "\nclass Line { public void SendInputAudioAsync(object audio) { } public BinaryData Delta => null!; public byte[] Audio => []; }\nnamespace Look { class RealtimeSessionClient { public Task SendInputAudioAsync(object audio) => Task.CompletedTask; } class VoiceLiveSession { public Task SendInputAudioAsync(byte[] audio) => Task.CompletedTask; } class VoiceSession { public PipeWriter Input => null!; } class RealtimeServerUpdateResponseOutputAudioDelta { public BinaryData Delta => null!; } class SessionUpdateResponseAudioDelta { public BinaryData Delta => null!; } }", RT2002TextAsAudioTests.Libraries);
}
