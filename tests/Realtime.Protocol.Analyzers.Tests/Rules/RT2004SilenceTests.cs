using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2004 leaves alone.</summary>
public class RT2004SilenceTests
{
    [Theory]
    [InlineData("""await sdk.SendInputAudioAsync(BinaryData.FromBytes(pcm)); _ = Convert.ToBase64String(pcm);""")]
    [InlineData("""var t = Convert.ToBase64String(pcm); await sdk.SendInputAudioAsync(BinaryData.FromBytes(Convert.FromBase64String(t)));""")]
    [InlineData("""var data = BinaryData.FromString(Convert.ToBase64String(pcm)); data = BinaryData.FromBytes(pcm); await sdk.SendInputAudioAsync(data);""")]
    [InlineData("""Console.WriteLine(Convert.ToBase64String(pcm)); await live.SendInputAudioAsync(pcm);""")]
    [InlineData("""await sdk.SendInputAudioAsync(stream); _ = Convert.ToBase64String(pcm);""")]
    [InlineData("""var t = Convert.ToBase64String(pcm); await live.SendInputAudioAsync(Decode(t)); byte[] Decode(string s) => Convert.FromBase64String(s);""")]
    [InlineData("""await sdk.SendInputAudioAsync(BinaryData.FromString(text)); _ = Convert.ToBase64String(pcm);""")]
    [InlineData("""beta.SendInputAudio(BinaryData.FromBytes(pcm)); _ = Convert.ToBase64String(pcm);""")]
    public Task RawAudio_IsSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await sdk.SendCommandAsync(BinaryData.FromString("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + Convert.ToBase64String(pcm) + "\"}"), null!); await sdk.SendInputAudioAsync(stream);""")]
    [InlineData("""await live.SendCommandAsync(BinaryData.FromString(Convert.ToBase64String(pcm))); await live.SendInputAudioAsync(pcm);""")]
    [InlineData("""new Line().SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm)));""")]
    [InlineData("""await session.Input.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));""")]
    [InlineData("""await live.AppendAudioToTurnAsync(Convert.ToBase64String(pcm), pcm);""")]
    [InlineData("""_ = new InputAudioBufferAppend { Audio = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) }; await sdk.SendInputAudioAsync(stream);""")]
    [InlineData("""var items = new List<BinaryData> { BinaryData.FromString(Convert.ToBase64String(pcm)) }; await sdk.SendInputAudioAsync(items[0]);""")]
    [InlineData("""_ = new DataContent(Convert.FromBase64String(Convert.ToBase64String(pcm)), "audio/pcm");""")]
    [InlineData("""_ = new InputAudioBufferAppendRealtimeClientMessage(new DataContent(pcm, "audio/pcm")); _ = Convert.ToBase64String(pcm);""")]
    [InlineData("""_ = new InputAudioBufferAppendRealtimeClientMessage(new DataContent("data:audio/pcm;base64," + Convert.ToBase64String(pcm)));""")]
    [InlineData("""var held = new Line(); held.SendInputAudioAsync(Convert.ToBase64String(pcm)); await sdk.SendInputAudioAsync(stream);""")]
    [InlineData("""await sdk.ClearInputAudioAsync(); _ = Convert.ToBase64String(pcm);""")]
    public Task OtherPlaces_AreSilent(string statements) => Verify(statements);

    [Theory]
    [InlineData("""await new Look.RealtimeSessionClient().SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm)));""")]
    [InlineData("""await new Look.VoiceLiveSession().SendInputAudioAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT2004AudioEncodedTwice>(
        RT2004AudioEncodedTwiceTests.Source("""await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm)));"""), RT2002TextAsAudioTests.Libraries, "Caller.g.cs");

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2004AudioEncodedTwice>(
        RT2004AudioEncodedTwiceTests.Source(statements) + "\nclass Line { public void SendInputAudioAsync(object audio) { } public BinaryData Delta => null!; public byte[] Audio => []; }\nnamespace Look { class RealtimeSessionClient { public Task SendInputAudioAsync(object audio) => Task.CompletedTask; } class VoiceLiveSession { public Task SendInputAudioAsync(byte[] audio) => Task.CompletedTask; } class VoiceSession { public PipeWriter Input => null!; } class RealtimeServerUpdateResponseOutputAudioDelta { public BinaryData Delta => null!; } class SessionUpdateResponseAudioDelta { public BinaryData Delta => null!; } }", RT2002TextAsAudioTests.Libraries);
}
