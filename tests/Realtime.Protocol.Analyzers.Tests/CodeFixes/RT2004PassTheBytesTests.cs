using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT2004PassTheBytesTests
{
    [Theory]
    [InlineData("await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm)));", "await sdk.SendInputAudioAsync(BinaryData.FromBytes(pcm));")]
    [InlineData("await sdk.SendInputAudioAsync(new BinaryData(Convert.ToBase64String(pcm)));", "await sdk.SendInputAudioAsync(BinaryData.FromBytes(pcm));")]
    [InlineData("await sdk.SendInputAudioAsync(/* a */ BinaryData.FromBytes(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))) /* b */);", "await sdk.SendInputAudioAsync(/* a */ BinaryData.FromBytes(pcm) /* b */);")]
    public Task BytesThatWereEncoded_ArePassedThemselves(string before, string after) => CodeFixVerifier.VerifyFix<RT2004AudioEncodedTwice, RT2004PassTheBytes>(
        RT2004AudioEncodedTwiceTests.Source(before), RT2004AudioEncodedTwiceTests.Source(after), RT2002TextAsAudioTests.Libraries);

    /// <summary>A session that keeps what it is given to encode: the text of the audio before, the audio after.</summary>
    [Theory]
    [InlineData("BinaryData.FromString(Convert.ToBase64String(pcm))")]
    [InlineData("new BinaryData(Convert.ToBase64String(pcm))")]
    [InlineData("BinaryData.FromBytes(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)))")]
    public async Task Program_SendsTheAudioItself(string data)
    {
        string source = $$"""
            using System; using System.Text; using System.Threading; using System.Threading.Tasks; using Azure.AI.VoiceLive;
            class Line : VoiceLiveSession
            {
                public string Sent = "";
                public override Task SendInputAudioAsync(BinaryData audio, CancellationToken cancellationToken = default) { Sent += Convert.ToHexString(audio.ToArray()); return Task.CompletedTask; }
            }
            public static class Program
            {
                public static async Task<string> Run() { var line = new Line(); await Talk(line, [1, 2, 3, 4]); return line.Sent; }
                static Task Talk(VoiceLiveSession live, byte[] pcm) => live.SendInputAudioAsync({{data}});
            }
            """;
        string repaired = await CodeFixVerifier.Fixed<RT2004AudioEncodedTwice, RT2004PassTheBytes>(source, Knows.Ours | Knows.VoiceLive);

        Assert.Equal(Convert.ToHexString("AQIDBA=="u8), await FixedProgram.Run(source, Knows.Ours | Knows.VoiceLive));
        Assert.Equal("01020304", await FixedProgram.Run(repaired, Knows.Ours | Knows.VoiceLive));
    }

    [Fact]
    public Task FixAll_PassesEach() => CodeFixVerifier.VerifyFixAll<RT2004AudioEncodedTwice, RT2004PassTheBytes>(
        RT2004AudioEncodedTwiceTests.Source("await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm))); beta.SendInputAudio(new BinaryData(Convert.ToBase64String(pcm)));"),
        RT2004AudioEncodedTwiceTests.Source("await sdk.SendInputAudioAsync(BinaryData.FromBytes(pcm)); beta.SendInputAudio(BinaryData.FromBytes(pcm));"),
        RT2002TextAsAudioTests.Libraries);

    [Theory]
    [InlineData("var t = Convert.ToBase64String(pcm); await sdk.SendInputAudioAsync(BinaryData.FromString(t));")]
    [InlineData("await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm, 0, 2)));")]
    [InlineData("await sdk.SendInputAudioAsync(BinaryData.FromString(Convert.ToBase64String(pcm.AsSpan())));")]
    public Task OtherForms_AreLeftToAPerson(string statements) =>
        CodeFixVerifier.VerifyNoFix<RT2004AudioEncodedTwice, RT2004PassTheBytes>(RT2004AudioEncodedTwiceTests.Source(statements), RT2002TextAsAudioTests.Libraries);
}
