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

    [Fact]
    public Task FixAll_UsesEach() => CodeFixVerifier.VerifyFixAll<RT2003AudioDecodedTwice, RT2003UseTheBytes>(
        RT2003AudioDecodedTwiceTests.Source("pcm = Convert.FromBase64String(delta.Delta.ToString()); pcm = Convert.FromBase64String(liveDelta.Delta.ToString());"),
        RT2003AudioDecodedTwiceTests.Source("pcm = delta.Delta.ToArray(); pcm = liveDelta.Delta.ToArray();"),
        RT2002TextAsAudioTests.Libraries);

    [Fact]
    public Task TextMadeElsewhere_IsLeftToAPerson() => CodeFixVerifier.VerifyNoFix<RT2003AudioDecodedTwice, RT2003UseTheBytes>(
        RT2003AudioDecodedTwiceTests.Source("var t = delta.Delta.ToString(); pcm = Convert.FromBase64String(t);"), RT2002TextAsAudioTests.Libraries);
}
