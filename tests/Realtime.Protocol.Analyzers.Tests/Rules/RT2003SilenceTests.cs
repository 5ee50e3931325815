using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2003 leaves alone.</summary>
public class RT2003SilenceTests
{
    [Theory]
    [InlineData("""_ = Convert.FromBase64String(text); _ = delta.Delta;""")]
    [InlineData("""_ = Convert.FromBase64String(Convert.ToBase64String(delta.Delta.ToArray()));""")]
    [InlineData("""var t = Convert.ToBase64String(delta.Delta.ToMemory().Span); _ = Convert.FromBase64String(t);""")]
    [InlineData("""var t = delta.Delta.ToString(); t = text; _ = Convert.FromBase64String(t);""")]
    [InlineData("""_ = Convert.FromBase64String(delta.ItemId);""")]
    [InlineData("""_ = Convert.FromBase64String(new Line().Delta.ToString());""")]
    [InlineData("""_ = Convert.FromBase64String(Encoding.UTF8.GetString(new Line().Audio));""")]
    [InlineData("""var buffer = new byte[10]; Base64.EncodeToUtf8(delta.Delta.ToMemory().Span, buffer, out _, out var n); Base64.DecodeFromUtf8(buffer, pcm, out _, out _);""")]
    [InlineData("""_ = Convert.FromBase64String(Text(delta.Delta)); string Text(BinaryData d) => text;""")]
    public Task Text_MayBeDecoded(string statements) => Verify(statements);

    [Theory]
    [InlineData("""pcm = delta.Delta.ToArray(); _ = Convert.FromBase64String(text);""")]
    [InlineData("""_ = Convert.ToBase64String(delta.Delta.ToArray());""")]
    [InlineData("""Console.WriteLine(delta.Delta.ToString());""")]
    [InlineData("""await stream.WriteAsync(delta.Delta.ToMemory()); _ = Convert.FromBase64String(text);""")]
    [InlineData("""_ = Convert.FromHexString(delta.Delta.ToString()); _ = nameof(Convert.FromBase64String);""")]
    [InlineData("""var read = await turn.Audio.ReadAsync(); pcm = read.Buffer.ToArray(); _ = Convert.FromBase64String(text);""")]
    [InlineData("""_ = Convert.FromBase64String(delta.Delta.Length.ToString());""")]
    [InlineData("""_ = new Decoder().FromBase64String(delta.Delta.ToString());""")]
    public Task RawAudioUsedOtherwise_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""_ = Convert.FromBase64String(new Look.RealtimeServerUpdateResponseOutputAudioDelta().Delta.ToString());""")]
    [InlineData("""_ = Convert.FromBase64String(new Look.SessionUpdateResponseAudioDelta().Delta.ToString());""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT2003AudioDecodedTwice>(
        RT2003AudioDecodedTwiceTests.Source("""_ = Convert.FromBase64String(delta.Delta.ToString());"""), RT2002TextAsAudioTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2003AudioDecodedTwice>(
        RT2003AudioDecodedTwiceTests.Source(statements) + "\nclass Line { public void SendInputAudioAsync(object audio) { } public BinaryData Delta => null!; public byte[] Audio => []; }\nclass Decoder { public object FromBase64String(string s) => s; }\nnamespace Look { class RealtimeSessionClient { public Task SendInputAudioAsync(object audio) => Task.CompletedTask; } class VoiceLiveSession { public Task SendInputAudioAsync(byte[] audio) => Task.CompletedTask; } class VoiceSession { public PipeWriter Input => null!; } class RealtimeServerUpdateResponseOutputAudioDelta { public BinaryData Delta => null!; } class SessionUpdateResponseAudioDelta { public BinaryData Delta => null!; } }", RT2002TextAsAudioTests.Libraries);
}
