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
    public async Task BytesThatWereEncoded_ArePassedThemselves(string before, string after)
    {
        await VerifyFix(before, after);
        await AssertPassesTheAudio(before, after);
    }

    [Theory]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text));", "Line.Append(Convert.FromBase64String(text));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text.Trim()));", "Line.Append(Convert.FromBase64String(text.Trim()));")]
    [InlineData("Line.AppendSpan(Encoding.UTF8.GetBytes(text).AsSpan());", "Line.AppendSpan(Convert.FromBase64String(text).AsSpan());")]
    [InlineData("_ = new Item { Bytes = Encoding.UTF8.GetBytes(new Source().Property) };", "_ = new Item { Bytes = Convert.FromBase64String(new Source().Property) };")]
    public async Task TextThatCameFromElsewhere_IsDecoded(string before, string after)
    {
        await VerifyFix(before, after);
        await AssertPassesTheAudio(before, after);
    }

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
        await AssertPassesTheAudio(before, after);
    }

    [Fact]
    public Task NameOfConvert_IsWrittenAsTheFileNeedsIt() => CodeFixVerifier.VerifyFix<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(
        "class C { void M([Realtime.Protocol.RawAudio] byte[] a, [Realtime.Protocol.Base64Text] string t) => M(System.Text.Encoding.UTF8.GetBytes(t), t); }",
        "class C { void M([Realtime.Protocol.RawAudio] byte[] a, [Realtime.Protocol.Base64Text] string t) => M(System.Convert.FromBase64String(t), t); }");

    [Fact]
    public Task FixAll_RepairsBothForms() => CodeFixVerifier.VerifyFixAll<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(
        Source("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))); Line.Append(Encoding.UTF8.GetBytes(text)); Line.AppendSpan(Encoding.ASCII.GetBytes(Convert.ToBase64String(pcm)));"),
        Source("Line.Append(pcm); Line.Append(Convert.FromBase64String(text)); Line.AppendSpan(pcm);"));

    [Theory]
    [InlineData("new Item().Bytes = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); _ = new AppendEvent { Audio = Encoding.UTF8.GetBytes(text) };", "new Item().Bytes = pcm; _ = new AppendEvent { Audio = Convert.FromBase64String(text) };")]
    [InlineData("foreach (var t in new[] { text }) { Line.Append(Encoding.UTF8.GetBytes(text)); } Action a = () => Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));", "foreach (var t in new[] { text }) { Line.Append(Convert.FromBase64String(text)); } Action a = () => Line.Append(pcm);")]
    [InlineData("Line.Append(pcm.Length > 1 ? Encoding.UTF8.GetBytes(text) : Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));", "Line.Append(pcm.Length > 1 ? Convert.FromBase64String(text) : pcm);")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(text));\n        // the rest\n        Line.AppendSpan(Base64Url.EncodeToUtf8(pcm));", "Line.Append(Convert.FromBase64String(text));\n        // the rest\n        Line.AppendSpan(pcm);")]
    public Task FixAll_RepairsEachPlace(string before, string after) => CodeFixVerifier.VerifyFixAll<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(Source(before), Source(after));

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

    // Before, the place is given the characters of the text; after, a piece of the audio itself.
    private static async Task AssertPassesTheAudio(string before, string after)
    {
        byte[] pcm = [1, 2, 3, 4];
        byte[] passed = Convert.FromHexString(await FixedProgram.Run(Running(after)));

        Assert.True(pcm.AsSpan().IndexOf(passed) >= 0 && passed.Length >= 2, Convert.ToHexString(passed));
        Assert.NotEqual(Convert.ToHexString(passed), await FixedProgram.Run(Running(before)));
    }

    private static string Running(string statement) => $$"""
        using System; using System.Text; using System.Buffers.Text; using Realtime.Protocol;
        public static class Line
        {
            public static byte[] Got = [];
            public static void Append([RawAudio] byte[] audio) => Got = audio;
            public static void AppendSpan([RawAudio] ReadOnlySpan<byte> audio) => Got = audio.ToArray();
            public static void AppendMemory([RawAudio] ReadOnlyMemory<byte> audio) => Got = audio.ToArray();
        }
        public class Item { [RawAudio] public byte[] Bytes { set => Line.Got = value; } }
        public struct AppendEvent { [RawAudio] public byte[] Audio { set => Line.Got = value; } }
        public class Source { [Base64Text] public string Property => Convert.ToBase64String([1, 2, 3, 4]); }
        public static class Program
        {
            public static string Run() { Talk([1, 2, 3, 4], null, Convert.ToBase64String([1, 2, 3, 4])); return Convert.ToHexString(Line.Got); }
            static void Talk(byte[] pcm, byte[]? n, string text) { {{statement}} }
        }
        """;

    private static Task VerifyFix(string before, string after) =>
        CodeFixVerifier.VerifyFix<RT2001Base64TextAsRawAudio, RT2001PassRawAudio>(Source(before), Source(after));

    private static string Source(string statements) =>
        $"{RT2001Base64TextAsRawAudioTests.Line}class Caller\n{{\n    void Talk(byte[] pcm, byte[]? n, [Base64Text] string text) {{ {statements} }}\n}}\n";
}
