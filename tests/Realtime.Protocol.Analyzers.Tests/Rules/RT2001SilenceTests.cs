using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using static Realtime.Protocol.Analyzers.Tests.Rules.RT2001Base64TextAsRawAudioTests;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2001 leaves alone: raw audio, decoded text, text that is not base64, places that take anything, and look-alikes.</summary>
public class RT2001SilenceTests
{
    [Theory]
    [InlineData("Line.Append(pcm);")]
    [InlineData("Line.Append(pcm[2..]);")]
    [InlineData("Line.AppendSpan(pcm);")]
    [InlineData("Line.AppendAudio(pcm);")]
    [InlineData("Line.AppendMemory(pcm.AsMemory(0, 4));")]
    [InlineData("_ = new AppendEvent { Audio = pcm };")]
    [InlineData("_ = new Item { Bytes = pcm, Sound = pcm };")]
    [InlineData("Line.Append(File.ReadAllBytes(\"question.pcm\"));")]
    [InlineData("var text = Convert.ToBase64String(pcm); Console.WriteLine(text); Line.Append(pcm);")]
    public Task RawAudio(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("Line.Append(Convert.FromBase64String(Convert.ToBase64String(pcm)));")]
    [InlineData("var t = Convert.ToBase64String(pcm); var b = Convert.FromBase64String(t); Line.Append(b);")]
    [InlineData("var t = Convert.ToBase64String(pcm).ToCharArray(); Line.Append(Convert.FromBase64CharArray(t, 0, t.Length));")]
    [InlineData("Line.Append(Convert.FromBase64String(new Source().Property));")]
    [InlineData("Line.Append(Base64Url.DecodeFromChars(Base64Url.EncodeToString(pcm)));")]
    [InlineData("var b = new byte[64]; Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)), b, out _, out _); Line.Append(b);")]
    [InlineData("var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); Base64.DecodeFromUtf8InPlace(b, out var n); Line.Append(b[..n]);")]
    [InlineData("var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); Span<byte> s = b; Base64.DecodeFromUtf8InPlace(s, out var n); Line.Append(b);")]
    [InlineData("var b = new byte[64]; Convert.TryFromBase64String(Convert.ToBase64String(pcm), b, out var n); Line.AppendMemory(b.AsMemory(0, n));")]
    public Task DecodedText(string statements) => VerifyStatement(statements);

    [Theory]
    [InlineData("var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); pcm.CopyTo(b, 0); Line.Append(b);")]
    [InlineData("var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); Line.Read(b); Line.Append(b);")]
    [InlineData("var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); Line.FillSpan(b); Line.Append(b);")]
    [InlineData("var b = new byte[64]; Base64.EncodeToUtf8(pcm, b, out _, out _); new MemoryStream(pcm).ReadExactly(b); Line.Append(b);")]
    [InlineData("var b = new byte[64]; var s = b.AsSpan(); b = pcm; Base64.EncodeToUtf8(pcm, s, out _, out _); Line.Append(b);")]
    public Task BufferThatHoldsSomethingElseByThen(string statements) => VerifyStatement(statements);

    [Theory]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(\"RIFF\"));")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(new Source().Plain()));")]
    [InlineData("Line.AppendSpan(\"AAAA\"u8);")]
    [InlineData("var b = new byte[64]; new View().TryCopyTo(b, out _); Line.Append(b); Line.Append(Encoding.UTF8.GetBytes(new View().ToString()));")]
    [InlineData("Line.Append([(byte)Convert.ToBase64String(pcm)[0]]);")]
    [InlineData("Line.Append(new byte[Convert.ToBase64String(pcm).Length]);")]
    [InlineData("Line.Append(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(Convert.ToBase64String(pcm))));")]
    [InlineData("Base64.EncodeToUtf8(pcm, new byte[64], out _, out var n); Line.Append(BitConverter.GetBytes(n));")]
    [InlineData("Line.Append(Convert.FromHexString(Convert.ToHexString(pcm)));")]
    [InlineData("Line.AppendMemory(pcm, Convert.ToBase64String(pcm).Length);")]
    public Task ValueThatIsNotBase64Text(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("Line.Log(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));")]
    [InlineData("_ = new AppendEvent { Note = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) };")]
    [InlineData("new Item().Free = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm));")]
    [InlineData("var s = new Source(); s.Property = Convert.ToBase64String(pcm); s.Field = s.Property;")]
    [InlineData("using var s = new MemoryStream(); s.Write(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));")]
    public Task PlaceThatTakesAnything(string statement) => VerifyStatement(statement);

    [Fact]
    public Task UnknownMethod_MayWellDecode() => VerifyMembers(
        """
        static byte[] Decode(string text) => [];
        static byte[] Slice(byte[] text) => [];
        void Talk(byte[] pcm) { var t = Convert.ToBase64String(pcm); Line.Append(Decode(t)); Line.Append(Slice(Encoding.UTF8.GetBytes(t))); }
        """);

    [Fact]
    public Task FieldWithoutAMark_IsNotFollowed() => VerifyMembers(
        """
        string _text = "";
        void Talk(byte[] pcm) { _text = Convert.ToBase64String(pcm); Line.Append(Encoding.UTF8.GetBytes(_text)); }
        """);

    [Theory]
    [InlineData("#pragma warning disable RT2001\n Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));\n#pragma warning restore RT2001\n", "")]
    [InlineData("Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));", """[System.Diagnostics.CodeAnalysis.SuppressMessage("Realtime.Audio", "RT2001")]""")]
    public Task SuppressedUse(string statement, string attribute) => VerifyMembers($"{attribute} void Talk(byte[] pcm)\n{{\n{statement}\n}}");

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        Line + "class Caller { void Talk(byte[] pcm) => Line.Append(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))); }",
        fileName: "Caller.g.cs");

    [Fact]
    public Task LookAlikeAttributes_InAnotherNamespace() => Verify(
        """
        using Other;
        namespace Other
        {
            [System.AttributeUsage(System.AttributeTargets.All)] class RawAudioAttribute : System.Attribute { }
            [System.AttributeUsage(System.AttributeTargets.All)] class Base64TextAttribute : System.Attribute { }
        }
        class Line { [RawAudio] public byte[]? Audio; public static void Append([RawAudio] byte[] audio) { } }
        class Caller
        {
            void Talk([Base64Text] string text)
            {
                Line.Append(System.Text.Encoding.UTF8.GetBytes(text));
                Line.Append(System.Text.Encoding.UTF8.GetBytes(System.Convert.ToBase64String([1])));
                new Line().Audio = System.Text.Encoding.UTF8.GetBytes(text);
            }
        }
        """);

    [Fact]
    public Task LookAlikeLibrary_ThatEncodesSomethingElse() => Verify(
        """
        using Other;
        using Realtime.Protocol;
        namespace Other
        {
            static class Convert { public static string ToBase64String(byte[] bytes) => "decoded"; }
            static class Base64 { public static byte[] EncodeToUtf8(byte[] bytes) => bytes; }
            class Encoding { public static Encoding UTF8 = new(); public byte[] GetBytes(string text) => []; public byte[] Trim([Base64Text] string text) => []; }
        }
        class Line { public static void Append([RawAudio] byte[] audio) { } }
        class Caller
        {
            void Talk(byte[] pcm, [Base64Text] string text)
            {
                Line.Append(System.Text.Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));
                Line.Append(Base64.EncodeToUtf8(pcm));
                Line.Append(Encoding.UTF8.GetBytes(text));
                Line.Append(Encoding.UTF8.Trim(text));
            }
        }
        """);

    [Fact]
    public Task CompilationWithoutOurAssembly() => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        "class Line { public static void Append(byte[] audio) { } static void Talk(byte[] pcm) => Append(System.Text.Encoding.UTF8.GetBytes(System.Convert.ToBase64String(pcm))); }",
        Knows.Nothing);

    private static Task Verify(string source) => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(source);
}
