using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT2001 at the main door: what is written or copied into a session's input, or into any writer or stream that is marked.</summary>
public class RT2001WriterTests
{
    private const string Head = """
        using System; using System.Buffers; using System.Buffers.Text; using System.Collections.Generic; using System.IO; using System.IO.Pipelines; using System.Linq;
        using System.Security.Cryptography; using System.Text; using System.Threading.Tasks; using Realtime.Protocol; using Realtime.Protocol.Events;

        """;

    private const string Encoded = "Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))";

    [Theory]
    [InlineData("await session.Input.WriteAsync({|RT2001:§|});")]
    [InlineData("var input = session.Input; await input.WriteAsync({|RT2001:§|});")]
    [InlineData("PipeWriter input = session.Input; await input.WriteAsync({|RT2001:§|});")]
    [InlineData("session.Input.Write({|RT2001:§|});")]
    [InlineData("session.Input.AsStream().Write({|RT2001:§|});")]
    [InlineData("var stream = session.Input.AsStream(); await stream.WriteAsync({|RT2001:§|});")]
    [InlineData("Base64.EncodeToUtf8(pcm, {|RT2001:session.Input.GetSpan(64)|}, out _, out var n); session.Input.Advance(n);")]
    [InlineData("Encoding.UTF8.GetBytes({|RT2001:Convert.ToBase64String(pcm).AsSpan()|}, session.Input);")]
    [InlineData("await {|RT2001:new MemoryStream(§)|}.CopyToAsync(session.Input);")]
    [InlineData("await {|RT2001:new CryptoStream(File.OpenRead(\"a.pcm\"), new ToBase64Transform(), CryptoStreamMode.Read)|}.CopyToAsync(session.Input);")]
    [InlineData("using var encoded = new CryptoStream(new MemoryStream(pcm), new ToBase64Transform(), CryptoStreamMode.Read); await {|RT2001:encoded|}.CopyToAsync(session.Input.AsStream());")]
    [InlineData("using var encoding = new CryptoStream(session.Input.AsStream(), {|RT2001:new ToBase64Transform()|}, CryptoStreamMode.Write); encoding.Write(pcm);")]
    [InlineData("await line.Writer.WriteAsync({|RT2001:§|});")]
    [InlineData("line.Buffer.Write({|RT2001:§|});")]
    [InlineData("await marked.WriteAsync({|RT2001:§|}, 0, 4);")]
    public Task WriteIntoAMarkedPlace(string statements) => Verify(statements.Replace("§", Encoded));

    [Theory]
    [InlineData("await session.Input.WriteAsync(pcm);")]
    [InlineData("session.Input.Write(pcm);")]
    [InlineData("await new MemoryStream(pcm).CopyToAsync(session.Input);")]
    [InlineData("await File.OpenRead(\"a.pcm\").CopyToAsync(session.Input);")]
    [InlineData("await new CryptoStream(File.OpenRead(\"a.b64\"), new FromBase64Transform(), CryptoStreamMode.Read).CopyToAsync(session.Input);")]
    [InlineData("using var decoding = new CryptoStream(session.Input.AsStream(), new FromBase64Transform(), CryptoStreamMode.Write); decoding.Write(§);")]
    [InlineData("using var copy = new MemoryStream(); using var encoding = new CryptoStream(copy, new ToBase64Transform(), CryptoStreamMode.Write); encoding.Write(pcm); await session.Input.WriteAsync(pcm);")]
    [InlineData("await line.Free.WriteAsync(§); await session.Input.WriteAsync(pcm);")]
    [InlineData("PipeWriter input = session.Input; input = line.Free; await input.WriteAsync(§);")]
    [InlineData("var copy = new ArrayBufferWriter<byte>(); copy.Write(§); await session.Input.WriteAsync(pcm);")]
    [InlineData("Base64.EncodeToUtf8(pcm, new byte[64], out _, out _); session.Input.Advance(0);")]
    [InlineData("var memory = session.Input.GetMemory(64); pcm.CopyTo(memory); Console.WriteLine(Convert.ToBase64String(pcm));")]
    [InlineData("Base64.DecodeFromUtf8(§, session.Input.GetSpan(64), out _, out var n); session.Input.Advance(n);")]
    public Task WriteOfRawAudio_OrElsewhere(string statements) => Verify(statements.Replace("§", Encoded));

    [Theory]
    [InlineData("var b = new StringBuilder(); b.Append(Convert.ToBase64String(pcm)); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(b.ToString())|});")]
    [InlineData("var b = new StringBuilder(\"data:\").Append(\"x\").Append(Convert.ToBase64String(pcm)); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(b.ToString())|});")]
    [InlineData("var b = new StringBuilder(Convert.ToBase64String(pcm)); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(b.ToString())|});")]
    [InlineData("using var m = new MemoryStream(); m.Write(§); await session.Input.WriteAsync({|RT2001:m.ToArray()|});")]
    [InlineData("foreach (var t in new[] { pcm }.Select(Convert.ToBase64String)) { await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(t)|}); }")]
    [InlineData("foreach (var t in new[] { pcm }.Select(c => Convert.ToBase64String(c))) { await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(t)|}); }")]
    [InlineData("var t = string.Concat(new[] { pcm }.Select(Convert.ToBase64String)); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(t)|});")]
    [InlineData("foreach (var b in new[] { pcm }.Select(c => { var t = Convert.ToBase64String(c); return Encoding.UTF8.GetBytes(t); }).ToList()) { await session.Input.WriteAsync({|RT2001:b|}); }")]
    [InlineData("var t = new[] { pcm }.Select(Convert.ToBase64String).First(); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(t)|});")]
    [InlineData("string Text() => Convert.ToBase64String(pcm); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(Text())|});")]
    public Task TextInABuilderAStreamOrASequence(string statements) => Verify(statements.Replace("§", Encoded));

    [Theory]
    [InlineData("var b = new StringBuilder(); b.Append(Convert.ToBase64String(pcm)); b.Clear(); b.Append(\"x\"); await session.Input.WriteAsync(Encoding.UTF8.GetBytes(b.ToString()));")]
    [InlineData("var b = new StringBuilder(); b.Append(Convert.ToBase64String(pcm).Length); await session.Input.WriteAsync(Encoding.UTF8.GetBytes(b.ToString()));")]
    [InlineData("var b = new StringBuilder(); var other = new StringBuilder(); b.Append(Convert.ToBase64String(pcm)); await session.Input.WriteAsync(Encoding.UTF8.GetBytes(other.ToString()));")]
    [InlineData("using var m = new MemoryStream(); m.Write(§); m.SetLength(0); m.Write(pcm); await session.Input.WriteAsync(m.ToArray());")]
    [InlineData("foreach (var c in new[] { pcm }.Select(Convert.ToBase64String).Select(Convert.FromBase64String)) { await session.Input.WriteAsync(c); }")]
    [InlineData("foreach (var c in new[] { pcm }.Select(c => Convert.FromBase64String(Convert.ToBase64String(c)))) { await session.Input.WriteAsync(c); }")]
    [InlineData("foreach (var c in Convert.ToBase64String(pcm)) { await session.Input.WriteAsync(new[] { (byte)c }); }")]
    [InlineData("var n = new[] { pcm }.Select(Convert.ToBase64String).Count(); await session.Input.WriteAsync(BitConverter.GetBytes(n));")]
    [InlineData("string Text() => Convert.ToBase64String(pcm); Console.WriteLine(Text()); await session.Input.WriteAsync(pcm);")]
    [InlineData("byte[] Raw() => Convert.FromBase64String(Convert.ToBase64String(pcm)); await session.Input.WriteAsync(Raw());")]
    public Task WhatIsDecodedOrEmptied(string statements) => Verify(statements.Replace("§", Encoded));

    [Theory]
    [InlineData("await session.Input.WriteAsync(pcm.Length > 1 ? {|RT2001:§|} : pcm);")]
    [InlineData("await session.Input.WriteAsync(pcm.Length > 1 ? pcm : pcm.Length > 2 ? {|RT2001:§|} : pcm);")]
    [InlineData("await session.Input.WriteAsync(pcm.Length switch { 1 => pcm, 2 => {|RT2001:§|}, _ => {|RT2001:§|} });")]
    [InlineData("byte[]? none = null; session.Input.Write(none ?? {|RT2001:§|});")]
    [InlineData("_ = new InputAudioBufferAppend { Audio = pcm.Length > 1 ? {|RT2001:§|} : pcm };")]
    public Task BranchThatIsWrong_IsUnderlined(string statements) => Verify(statements.Replace("§", Encoded));

    [Theory]
    [InlineData("EventWriter.Write(session.Input, new InputAudioBufferAppend { Audio = {|RT2001:delta.Delta.Encoded.Raw|} });")]
    [InlineData("var b = new byte[64]; delta.Delta.Encoded.TryCopyTo(b, out var n); session.Input.Write({|RT2001:b.AsSpan(0, n)|});")]
    [InlineData("session.Input.Write({|RT2001:delta.Delta.Encoded.Raw|});")]
    [InlineData("AudioBytes audio = {|RT2001:delta.Delta.Encoded.Raw|};")]
    [InlineData("var audio = new AudioBytes({|RT2001:delta.Delta.Encoded.Raw|});")]
    [InlineData("session.Input.Write(delta.Delta.Bytes);")]
    [InlineData("session.Input.Write(delta.ItemId.Raw); Console.WriteLine(delta.Delta.Encoded.ToString());")]
    public Task EncodedOfAView(string statements) => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        Head + $"class Caller {{ void Talk(VoiceSession session, ResponseOutputAudioDeltaView delta) {{ {statements} }} }}", Knows.Ours | Knows.Session);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        Head + $$"""
        class Line { [RawAudio] public PipeWriter Writer = null!; [RawAudio] public IBufferWriter<byte> Buffer => null!; public PipeWriter Free = null!; }
        class Caller { async Task Talk(VoiceSession session, byte[] pcm, Line line, [RawAudio] Stream marked) { {{statements}} await Task.Yield(); } }
        """,
        Knows.Ours | Knows.Session);
}
