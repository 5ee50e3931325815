using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT2003UseTheBytesTests
{
    [Theory]
    [InlineData("pcm = Convert.FromBase64String(delta.Delta.ToString());", "pcm = delta.Delta.ToArray();")]
    [InlineData("pcm = /* a */ Convert.FromBase64String(liveDelta.Delta.ToString()) /* b */;", "pcm = /* a */ liveDelta.Delta.ToArray() /* b */;")]
    public Task BytesOfTheEvent_AreUsed(string before, string after) => CodeFixVerifier.VerifyFix<RT2003AudioDecodedTwice, RT2003UseTheBytes>(
        RT2003AudioDecodedTwiceTests.Source(before), RT2003AudioDecodedTwiceTests.Source(after), RT2002TextAsAudioTests.Libraries);

    /// <summary>The event as it comes from the wire: what the SDK has decoded is no base64 any more.</summary>
    [Fact]
    public async Task Program_ThrowsBefore_AndHearsTheAudioAfter()
    {
        const string Source = """
            #pragma warning disable OPENAI002
            using System; using System.ClientModel.Primitives; using OpenAI.Realtime;
            public static class Program
            {
                public static string Run()
                {
                    var delta = (RealtimeServerUpdateResponseOutputAudioDelta)ModelReaderWriter.Read<RealtimeServerUpdate>(BinaryData.FromString("{\"type\":\"response.output_audio.delta\",\"event_id\":\"e\",\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"AQIDBA==\"}"))!;
                    return Convert.ToHexString(Convert.FromBase64String(delta.Delta.ToString()));
                }
            }
            """;
        string repaired = await CodeFixVerifier.Fixed<RT2003AudioDecodedTwice, RT2003UseTheBytes>(Source, Knows.Ours | Knows.OpenAI);

        await Assert.ThrowsAsync<FormatException>(() => FixedProgram.Run(Source, Knows.Ours | Knows.OpenAI));
        Assert.Equal("01020304", await FixedProgram.Run(repaired, Knows.Ours | Knows.OpenAI));
    }

    [Fact]
    public Task FixAll_UsesEach() => CodeFixVerifier.VerifyFixAll<RT2003AudioDecodedTwice, RT2003UseTheBytes>(
        RT2003AudioDecodedTwiceTests.Source("pcm = Convert.FromBase64String(delta.Delta.ToString()); pcm = Convert.FromBase64String(liveDelta.Delta.ToString());"),
        RT2003AudioDecodedTwiceTests.Source("pcm = delta.Delta.ToArray(); pcm = liveDelta.Delta.ToArray();"),
        RT2002TextAsAudioTests.Libraries);

    [Fact]
    public Task TextMadeElsewhere_IsLeftToAPerson() => CodeFixVerifier.VerifyNoFix<RT2003AudioDecodedTwice, RT2003UseTheBytes>(
        RT2003AudioDecodedTwiceTests.Source("var t = delta.Delta.ToString(); pcm = Convert.FromBase64String(t);"), RT2002TextAsAudioTests.Libraries);
}
