using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT2001PassRawAudioTests
{
    [Theory]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));", "Line.Append(pcm);")]
    [InlineData("Line.Append(Encoding.ASCII.GetBytes(s: Convert.ToBase64String(inArray: pcm)));", "Line.Append(pcm);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm, Base64FormattingOptions.None)));", "Line.Append(pcm);")]
    [InlineData("Line.AppendSpan(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm.AsSpan(2))));", "Line.AppendSpan(pcm.AsSpan(2));")]
    [InlineData("Line.AppendMemory(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)).AsMemory());", "Line.AppendMemory(pcm.AsMemory());")]
    [InlineData("Line.AppendMemory((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Convert.ToBase64String(n ?? pcm)));", "Line.AppendMemory((ReadOnlyMemory<byte>)(n ?? pcm));")]
    [InlineData("Line.Append((Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))));", "Line.Append((pcm));")]
    [InlineData("Line.Append(/* a */ Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) /* b */);", "Line.Append(/* a */ pcm /* b */);")]
    [InlineData("new Item().Bytes = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm));", "new Item().Bytes = pcm;")]
    [InlineData("_ = new AppendEvent { Audio = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) };", "_ = new AppendEvent { Audio = pcm };")]
    public Task BytesThatWereEncoded_ArePassedThemselves(string before, string after) => VerifyFix(before, after);

    [Theory]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text));", "Line.Append(Convert.FromBase64String(text));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text.Trim()));", "Line.Append(Convert.FromBase64String(text.Trim()));")]
    [InlineData("Line.AppendSpan(Encoding.UTF8.GetBytes(text).AsSpan());", "Line.AppendSpan(Convert.FromBase64String(text).AsSpan());")]
    [InlineData("_ = new Item { Bytes = Encoding.UTF8.GetBytes(new Source().Property) };", "_ = new Item { Bytes = Convert.FromBase64String(new Source().Property) };")]
    public Task TextThatCameFromElsewhere_IsDecoded(string before, string after) => VerifyFix(before, after);

    [Theory]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(\"data:audio/wav;base64,\" + Convert.ToBase64String(pcm)));", "Line.Append(pcm);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes($\"data:audio/wav;base64,{Convert.ToBase64String(pcm)}\"));", "Line.Append(pcm);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(\"data:audio/wav;base64,\" + text));", "Line.Append(Convert.FromBase64String(text));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Base64Url.EncodeToString(pcm)));", "Line.Append(pcm);")]
    [InlineData("Line.Append(Base64Url.EncodeToUtf8(pcm));", "Line.Append(pcm);")]
    [InlineData("Line.AppendMemory(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm, 0, 2)));", "Line.AppendMemory(pcm.AsMemory(0, 2));")]
    [InlineData("Line.AppendSpan(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm, 2, 2)));", "Line.AppendSpan(pcm.AsSpan(2, 2));")]
    [InlineData("Line.Append(pcm.Length > 1 ? Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) : pcm);", "Line.Append(pcm.Length > 1 ? pcm : pcm);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(/* why */ Convert.ToBase64String(/* what */ pcm /* raw */)));", "Line.Append(/* why */ /* what */ /* raw */ pcm);")]
    [InlineData("Line.Append(/* a */ Encoding.UTF8.GetBytes(/* b */ text) /* c */);", "Line.Append(/* a */ /* b */ Convert.FromBase64String(text) /* c */);")]
    public async Task Result_CompilesAndPassesTheAudio(string before, string after)
    {
        await VerifyFix(before, after);
        byte[] pcm = [1, 2, 3, 4];
        byte[] passed = FixedProgram.Run(after, pcm, Convert.ToBase64String(pcm));
        Assert.True(pcm.AsSpan().IndexOf(passed) >= 0 && passed.Length >= 2, Convert.ToHexString(passed));
    }

    [Fact]
    public Task NameOfConvert_IsWrittenAsTheFileNeedsIt() => CodeFixVerifier.VerifyFix<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(
        "class C { void M([Realtime.Protocol.RawAudio] byte[] a, [Realtime.Protocol.Base64Text] string t) => M(System.Text.Encoding.UTF8.GetBytes(t), t); }",
        "class C { void M([Realtime.Protocol.RawAudio] byte[] a, [Realtime.Protocol.Base64Text] string t) => M(System.Convert.FromBase64String(t), t); }");

    [Fact]
    public Task FixAll_RepairsBothForms() => CodeFixVerifier.VerifyFixAll<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(
        Source("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))); Line.Append(Encoding.UTF8.GetBytes(text)); Line.AppendSpan(Encoding.ASCII.GetBytes(Convert.ToBase64String(pcm)));"),
        Source("Line.Append(pcm); Line.Append(Convert.FromBase64String(text)); Line.AppendSpan(pcm);"));

    [Fact]
    public Task FirstOfTwo_LeavesTheOtherAlone() => VerifyFix(
        "Line.Append(Encoding.UTF8.GetBytes(text)); Line.Append(Encoding.UTF8.GetBytes(text));",
        "Line.Append(Convert.FromBase64String(text)); Line.Append(Encoding.UTF8.GetBytes(text));");

    [Theory]
    [InlineData("var b = Encoding.UTF8.GetBytes(text); Line.Append(b);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm, 2, 4)));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text + \"=\"));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(\"data:audio/wav,\" + text));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes($\"{text}{text}\"));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(string.Concat(\"data:;base64,\", text)));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm.AsSpan())));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text.ToCharArray()));")]
    [InlineData("Line.Append(Base64Url.EncodeToUtf8(pcm.AsSpan()));")]
    public Task EncodingThatStandsElsewhereOrDoesNotFit_IsLeftToAPerson(string statements) =>
        CodeFixVerifier.VerifyNoFix<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(Source(statements));

    private static Task VerifyFix(string before, string after) =>
        CodeFixVerifier.VerifyFix<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(Source(before), Source(after));

    private static string Source(string statements) =>
        $"{RT2001Base64TextAsRawAudioTests.Line}class Caller\n{{\n    void Talk(byte[] pcm, byte[]? n, [Base64Text] string text) {{ {statements} }}\n}}\n";
}
