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
    [InlineData("""{"input_audio_format":"pcm16","output_audio_format":"g711_ulaw"}""", "audio/pcm 24000", "audio/pcmu 8000")]
    [InlineData("""{"input_audio_format":"g711_alaw","output_audio_format":"opus"}""", "audio/pcma 8000", "")]
    [InlineData("""{"input_audio_format":"pcm16","audio":{"input":{"format":{"type":"audio/pcmu"}}}}""", "audio/pcmu 8000", "")]
    public void SE07_FormatsAtTheTop_AreTheSessions(string session, string input, string output)
    {
        SessionFact fact = SessionShapeTests.Of(session);
        Assert.Equal((input, output), (Of(fact.InputFormat), Of(fact.OutputFormat)));

        static string Of(StatedFormat format) => format.IsStated ? format.Over(default).ToString() : "";
    }

    [Fact]
    public void AVoiceAndModalitiesAtTheTop_AreNoOddity() => Of("""{"voice":{"id":"v"},"modalities":["text","audio"],"audio":{"input":{"noise_reduction":{"type":"deep","strength":0.5}}}}""");

    private static SessionFact Of(string session)
    {
        Assert.True(ServerEvent.TryRead(System.Text.Encoding.UTF8.GetBytes($$"""{"type":"session.updated","event_id":"e","session":{{session}}}"""), out ServerEvent e, out ReadError error), error.ToString());
        return FactOf.Of(in e);
    }
}
