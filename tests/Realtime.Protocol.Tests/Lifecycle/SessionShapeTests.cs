using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Shapes of a session that services other than OpenAI send: they are no oddity, and mean what they say.</summary>
public class SessionShapeTests
{
    [Theory]
    [InlineData("""{"turn_detection":null}""", true, false)]
    [InlineData("""{"turn_detection":{"type":"server_vad","create_response":false}}""", true, true)]
    [InlineData("""{"turn_detection":{"type":"azure_semantic_vad"}}""", true, true)]
    [InlineData("""{"turn_detection":{"type":"server_vad"},"audio":{"input":{"turn_detection":null}}}""", true, false)]
    [InlineData("""{"voice":"marin"}""", false, false)]
    public void SE07_TurnDetectionAtTheTop_IsTheSessions(string session, bool isStated, bool isEnabled)
    {
        SessionFact fact = Of(session);
        Assert.Equal((isStated, isEnabled), (fact.ServerTurns.IsStated, fact.ServerTurns.IsEnabled));
    }

    [Theory]
    [InlineData("""{"input_audio_format":"pcm16","output_audio_format":"g711_ulaw"}""", SampleFormat.Pcm16, SampleFormat.G711)]
    [InlineData("""{"input_audio_format":"g711_alaw","output_audio_format":"opus"}""", SampleFormat.G711, SampleFormat.Unknown)]
    [InlineData("""{"input_audio_format":"pcm16","audio":{"input":{"format":{"type":"audio/pcmu"}}}}""", SampleFormat.G711, SampleFormat.Unknown)]
    public void SE07_FormatsAtTheTop_AreTheSessions(string session, SampleFormat input, SampleFormat output)
    {
        SessionFact fact = Of(session);
        Assert.Equal((input, output), (fact.InputEncoding, fact.OutputEncoding));
    }

    [Fact]
    public void AVoiceAndModalitiesAtTheTop_AreNoOddity() => Of("""{"voice":{"id":"v"},"modalities":["text","audio"],"audio":{"input":{"noise_reduction":{"type":"deep","strength":0.5}}}}""");

    private static SessionFact Of(string session)
    {
        Assert.True(ServerEvent.TryRead(System.Text.Encoding.UTF8.GetBytes($$"""{"type":"session.updated","event_id":"e","session":{{session}}}"""), out ServerEvent e, out ReadError error), error.ToString());
        return FactOf.Of(in e);
    }
}
