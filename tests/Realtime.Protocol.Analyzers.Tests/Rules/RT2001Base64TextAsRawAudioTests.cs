using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>Which places RT2001 watches and which values it knows for base64 text. How it follows them is in <see cref="RT2001FlowTests"/>.</summary>
public class RT2001Base64TextAsRawAudioTests
{
    internal const string Line = """
        using System;
        using System.Buffers;
        using System.Buffers.Text;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Text;
        using System.Text.Unicode;
        using System.Threading.Tasks;
        using Realtime.Protocol;

        public static class Line
        {
            public static void Append([RawAudio] byte[] audio) { }
            public static void AppendSpan([RawAudio] ReadOnlySpan<byte> audio) { }
            public static void AppendMemory([RawAudio] ReadOnlyMemory<byte> audio, int priority = 0) { }
            public static void AppendSequence([RawAudio] ReadOnlySequence<byte> audio) { }
            public static void AppendAudio([RawAudio] Audio audio) { }
            public static void Log(byte[] text) { }
            public static int Read(byte[] buffer) => 0;
            public static void FillSpan(Span<byte> buffer) { }
        }

        public readonly ref struct Audio
        {
            public static implicit operator Audio(byte[] bytes) => default;
            public static implicit operator Audio(ReadOnlySpan<byte> bytes) => default;
        }

        public readonly struct Checked { public static implicit operator Checked([RawAudio] byte[] bytes) => default; }

        public ref struct AppendEvent { [RawAudio] public Audio Audio { get; set; } public Audio Note { get; set; } }

        public class Item { [RawAudio] public byte[]? Bytes; [RawAudio] public ReadOnlyMemory<byte> Sound { get; set; } public byte[]? Free; }
        public interface IAppender { void Append([RawAudio] byte[] audio); }
        public class Appender : IAppender { public void Append(byte[] audio) { } public virtual void Hear([RawAudio] byte[] audio) { } }
        public class Louder : Appender { public override void Hear(byte[] audio) { } }
        public abstract class Input : Stream { public override void Write([RawAudio] byte[] buffer, int offset, int count) { } }
        public class Sink { public Sink([RawAudio] byte[] audio) { } [RawAudio] public byte[] this[[RawAudio] byte[] key] { set { } } }
        public delegate void OnAudio([RawAudio] byte[] audio);

        public class View { public override string ToString() => ""; public bool TryCopyTo(Span<byte> utf8, out int written) => (written = 0) == 0; }

        public class Source
        {
            [Base64Text] public string Property { get; set; } = "";
            [Base64Text] public string Field = "";
            [Base64Text] public string Method() => "";
            [return: Base64Text] public string Returning() => "";
            [return: Base64Text] public Task<string> LaterAsync() => Task.FromResult("");
            public void Out([Base64Text] out string text) => text = "";
            public void Into([Base64Text] Span<byte> utf8) { }
            public string Plain() => "";
            [Base64Text] public View View => new();
        }

        """;

    private const string Encoded = "Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))";

    [Theory]
    [InlineData("Line.Append({|RT2001:§|});")]
    [InlineData("Line.Append(audio: {|RT2001:§|});")]
    [InlineData("Line.AppendSpan({|RT2001:§|});")]
    [InlineData("Line.AppendMemory(priority: 1, audio: {|RT2001:§|});")]
    [InlineData("Line.AppendSequence({|RT2001:new(§)|});")]
    [InlineData("Line.AppendAudio({|RT2001:§|});")]
    [InlineData("new Appender().Append({|RT2001:§|});")]
    [InlineData("new Louder().Hear({|RT2001:§|});")]
    [InlineData("Input? input = null; input!.Write({|RT2001:§|}, 0, 1);")]
    [InlineData("IAppender appender = new Appender(); appender.Append({|RT2001:§|});")]
    [InlineData("_ = new Sink({|RT2001:§|});")]
    [InlineData("OnAudio handler = Line.Append; handler({|RT2001:§|});")]
    [InlineData("new Sink(pcm)[{|RT2001:§|}] = pcm;")]
    public Task RawAudioParameter(string statement) => VerifyStatement(statement.Replace("§", Encoded));

    [Theory]
    [InlineData("_ = new AppendEvent { Audio = {|RT2001:§|} };")]
    [InlineData("var e = new AppendEvent(); e.Audio = {|RT2001:§|};")]
    [InlineData("_ = new Item { Bytes = {|RT2001:§|}, Free = § };")]
    [InlineData("new Item().Bytes = {|RT2001:§|};")]
    [InlineData("new Item().Bytes ??= {|RT2001:§|};")]
    [InlineData("new Item().Sound = {|RT2001:§|};")]
    [InlineData("var i = new Item(); (i.Free, i.Bytes) = (pcm, {|RT2001:§|});")]
    [InlineData("new Sink(pcm)[pcm] = {|RT2001:§|};")]
    [InlineData("Checked c = {|RT2001:§|};")]
    public Task RawAudioPropertyFieldOrConversion(string statement) => VerifyStatement(statement.Replace("§", Encoded));

    [Fact]
    public Task FieldAndPropertyInitializer() => VerifyMembers(
        """
        static byte[] pcm = [];
        [RawAudio] byte[] _field = {|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))|};
        [RawAudio] byte[] Property { get; } = {|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))|};
        """);

    [Fact]
    public Task ConstructorInitializerAndBody_AreReportedOnce() => VerifyMembers(
        """
        class Special : Sink
        {
            Special(string a) : base({|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String([1]))|}) { Line.Append({|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String([2]))|}); }
        }
        """);

    [Theory]
    [InlineData("Encoding.ASCII.GetBytes(Convert.ToBase64String(pcm))")]
    [InlineData("new UTF8Encoding(false).GetBytes(Convert.ToBase64String(pcm, 0, 2))")]
    [InlineData("Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm, Base64FormattingOptions.InsertLineBreaks))")]
    [InlineData("Encoding.UTF8.GetBytes(Base64Url.EncodeToString(pcm))")]
    [InlineData("Base64Url.EncodeToUtf8(pcm)")]
    [InlineData("Encoding.UTF8.GetBytes(source.Property)")]
    [InlineData("Encoding.UTF8.GetBytes(source.Field)")]
    [InlineData("Encoding.UTF8.GetBytes(source.Method())")]
    [InlineData("Encoding.UTF8.GetBytes(source.Returning())")]
    [InlineData("Encoding.UTF8.GetBytes(await source.LaterAsync())")]
    [InlineData("Encoding.UTF8.GetBytes(await source.LaterAsync().ConfigureAwait(false))")]
    [InlineData("Encoding.UTF8.GetBytes(marked)")]
    public Task Source(string value) => VerifyMembers(
        $"async Task Talk(byte[] pcm, Source source, [Base64Text] string marked) {{ Line.Append({{|RT2001:{value}|}}); await Task.Yield(); }}");

    [Theory]
    [InlineData("char[] text = new char[8]; Convert.ToBase64CharArray(pcm, 0, 2, text, 0); Line.Append({|RT2001:Encoding.UTF8.GetBytes(text)|});")]
    [InlineData("Span<char> text = stackalloc char[8]; Convert.TryToBase64Chars(pcm, text, out var n); Line.Append({|RT2001:Encoding.UTF8.GetBytes(new string(text[..n]))|});")]
    [InlineData("var utf8 = new byte[8]; Base64.EncodeToUtf8(pcm, utf8, out _, out var n); Line.AppendMemory({|RT2001:utf8.AsMemory(0, n)|});")]
    [InlineData("Span<byte> utf8 = stackalloc byte[8]; Base64.EncodeToUtf8(pcm, utf8, out _, out var n); Line.AppendSpan({|RT2001:utf8[..n]|});")]
    [InlineData("var utf8 = ArrayPool<byte>.Shared.Rent(8); Base64.EncodeToUtf8(pcm, utf8.AsSpan(1), out _, out _); Line.Append({|RT2001:utf8|});")]
    [InlineData("Span<byte> b = pcm; Base64.EncodeToUtf8InPlace(b, 2, out var n); Line.Append({|RT2001:pcm|});")]
    [InlineData("var utf8 = new byte[8]; Base64Url.TryEncodeToUtf8(pcm, utf8, out var n); Line.Append({|RT2001:utf8[..n]|});")]
    [InlineData("new Source().Out(out var text); Line.Append({|RT2001:Encoding.UTF8.GetBytes(text)|});")]
    [InlineData("var utf8 = new byte[8]; new Source().Into(utf8); Line.Append({|RT2001:utf8|});")]
    public Task SourceThatFillsABuffer(string statements) => VerifyStatement(statements);

    [Fact]
    public Task SetterOfAMarkedProperty_ReceivesBase64Text() => VerifyMembers(
        """
        [Base64Text] string Delta { set => Line.Append({|RT2001:Encoding.UTF8.GetBytes(value)|}); }
        """);

    [Fact]
    public Task PrimaryConstructorParameter_KeepsItsMark() => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        Line + "class Caller([Base64Text] string text) { void Talk() => Line.Append({|RT2001:Encoding.UTF8.GetBytes(text)|}); }");

    internal static Task VerifyStatement(string statements) => VerifyMembers($"void Talk(byte[] pcm) {{ {statements} }}");

    internal static Task VerifyMembers(string members) => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>($"{Line}class Caller\n{{\n{members}\n}}");
}
