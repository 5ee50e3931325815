using static Realtime.Protocol.Analyzers.Tests.Rules.RT2001Base64TextAsRawAudioTests;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>How RT2001 follows base64 text through a method: each reported case stands beside its clean twin.</summary>
public class RT2001FlowTests
{
    private const string Bytes = "Encoding.UTF8.GetBytes";
    private const string Text = "Convert.ToBase64String(pcm)";

    [Theory]
    [InlineData("var t = §; var b = ¤(t); Line.Append({|RT2001:b|});")]
    [InlineData("string t; t = §; byte[] b; b = ¤(t); Line.Append({|RT2001:b|});")]
    [InlineData("pcm = ¤(§); Line.Append({|RT2001:pcm|});")]
    [InlineData("byte[] b; Line.Append({|RT2001:b = ¤(§)|});")]
    [InlineData("var (t, n) = (§, 1); Line.Append({|RT2001:¤(t)|});")]
    [InlineData("string t, u; (t, u) = (\"\", §); Line.Append({|RT2001:¤(u)|}); Line.Append(¤(t));")]
    [InlineData("string t = §, u = \"\"; (t, u) = (u, t); Line.Append(¤(t)); Line.Append({|RT2001:¤(u)|});")]
    [InlineData("var (t, (u, _)) = (1, (§, 2)); Line.Append({|RT2001:¤(u)|});")]
    [InlineData("var t = \"\"; t += §; Line.Append({|RT2001:¤(t)|});")]
    [InlineData("string? t = null; t ??= §; Line.Append({|RT2001:¤(t)|});")]
    [InlineData("if (§ is { Length: > 2 } t) { Line.Append({|RT2001:¤(t)|}); }")]
    [InlineData("object o = §; if (o is string t and not \"\") { Line.Append({|RT2001:¤(t)|}); }")]
    [InlineData("if (new Source() is { Property: var t }) { Line.Append({|RT2001:¤(t)|}); }")]
    [InlineData("var b = § switch { \"\" => pcm, var t => ¤(t) }; Line.Append({|RT2001:b|});")]
    [InlineData("using var s = new MemoryStream(); var b = ¤(§); Line.Log(b); Line.Append({|RT2001:b|});")]
    public Task Assignment(string statements) => Verify(statements);

    [Theory]
    [InlineData("¤(§)[2..]")]
    [InlineData("¤(§).ToArray()")]
    [InlineData("¤(§.Trim())")]
    [InlineData("¤(§.Substring(1, 4))")]
    [InlineData("¤(§[1..])")]
    [InlineData("¤(§.TrimEnd('=').Replace('+', '-'))")]
    [InlineData("¤(§.ToCharArray())")]
    [InlineData("¤(§ + \"=\")")]
    [InlineData("¤($\"data:audio/pcm;base64,{§}\")")]
    [InlineData("¤(string.Concat(\"data:\", §))")]
    [InlineData("¤(§).AsSpan(1).ToArray()")]
    [InlineData("new ReadOnlySpan<byte>(¤(§)).Slice(1).ToArray()")]
    [InlineData("((ReadOnlyMemory<byte>)¤(§)).Span.ToArray()")]
    [InlineData("new ArraySegment<byte>(¤(§)).Array")]
    [InlineData("¤(§).Take(4).ToArray()")]
    [InlineData("(byte[])[.. ¤(§)]")]
    [InlineData("(byte[])(object)¤(§)")]
    [InlineData("MemoryMarshal.AsBytes(§.AsSpan()).ToArray()")]
    [InlineData("¤(Encoding.ASCII.GetString(¤(§)))")]
    public Task PartCopyOrConversion(string value) => Verify($"Line.Append({{|RT2001:{value}|}});");

    [Theory]
    [InlineData("var a = ¤(§); var b = new byte[64]; a.CopyTo(b, 0); Line.Append({|RT2001:b|});")]
    [InlineData("var a = ¤(§); Span<byte> b = stackalloc byte[64]; a.AsSpan().CopyTo(b); Line.AppendSpan({|RT2001:b|});")]
    [InlineData("var a = ¤(§); var b = new byte[64]; Array.Copy(a, b, 4); Line.Append({|RT2001:b|});")]
    [InlineData("var a = ¤(§); var b = new byte[64]; Buffer.BlockCopy(a, 0, b, 0, 4); Line.Append({|RT2001:b|});")]
    [InlineData("var b = new byte[64]; var n = Encoding.UTF8.GetBytes(§, b); Line.Append({|RT2001:b|});")]
    [InlineData("var b = new byte[64]; var n = Encoding.UTF8.GetBytes(§, 0, 4, b, 0); Line.Append({|RT2001:b|});")]
    [InlineData("var b = new byte[64]; Utf8.FromUtf16(§, b, out _, out var n); Line.Append({|RT2001:b|});")]
    [InlineData("var w = new ArrayBufferWriter<byte>(); Encoding.UTF8.GetBytes(§.AsSpan(), w); Line.AppendSpan({|RT2001:w.WrittenSpan|});")]
    [InlineData("var v = new Source().View; Line.Append({|RT2001:¤(v.ToString())|});")]
    [InlineData("var b = new byte[64]; new Source().View.TryCopyTo(b, out var n); Line.Append({|RT2001:b|});")]
    [InlineData("var b = new byte[64]; var m = b.AsMemory(4); Base64.EncodeToUtf8(pcm, m.Span, out _, out _); Line.Append({|RT2001:b|});")]
    [InlineData("var b = new byte[64]; var s = b.AsSpan(); s = s[4..]; Base64.EncodeToUtf8(pcm, s, out _, out _); Line.Append({|RT2001:b|});")]
    [InlineData("using var o = MemoryPool<byte>.Shared.Rent(); Base64.EncodeToUtf8(pcm, o.Memory.Span, out _, out _); Line.AppendMemory({|RT2001:o.Memory|});")]
    public Task ContentOfABuffer(string statements) => Verify(statements);

    [Theory]
    [InlineData("var b = pcm; if (pcm.Length > 1) { b = ¤(§); } Line.Append({|RT2001:b|});")]
    [InlineData("Line.Append(pcm.Length > 1 ? {|RT2001:¤(§)|} : pcm);")]
    [InlineData("byte[]? n = null; Line.Append(n ?? {|RT2001:¤(§)|});")]
    [InlineData("string? t = §; Line.Append({|RT2001:¤(t?.Trim() ?? \"\")|});")]
    [InlineData("var b = pcm; for (var i = 0; i < 3; i++) { Line.Append({|RT2001:b|}); b = ¤(§); }")]
    [InlineData("var t = \"\"; var b = pcm; while (b.Length > 0) { Line.Append({|RT2001:b|}); b = ¤(t); t = §; }")]
    [InlineData("var b = pcm; try { b = ¤(§); Line.Log(b); b = pcm; } catch (Exception) { Line.Append({|RT2001:b|}); }")]
    [InlineData("var b = pcm; try { b = ¤(§); Line.Log(b); b = pcm; } finally { Line.Append({|RT2001:b|}); }")]
    [InlineData("var b = pcm; try { Line.Log(b); } finally { b = ¤(§); } Line.Append({|RT2001:b|});")]
    [InlineData("var b = pcm; try { try { return; } finally { b = ¤(§); } } finally { Line.Append({|RT2001:b|}); }")]
    [InlineData("var b = ¤(§); try { b = pcm; } catch (Exception) when (b.Length > 0) { Line.Append({|RT2001:b|}); }")]
    [InlineData("var b = ¤(§); goto end; end: Line.Append({|RT2001:b|});")]
    [InlineData("var b = ¤(§); foreach (var x in pcm) { Line.Append({|RT2001:b|}); b = pcm; }")]
    public Task Path(string statements) => Verify(statements);

    [Theory]
    [InlineData("var b = ¤(§); b = pcm; Line.Append(b);")]
    [InlineData("byte[] b; if (pcm.Length > 1) { b = ¤(§); b = pcm; } else { b = pcm; } Line.Append(b);")]
    [InlineData("var b = ¤(§); try { } finally { b = pcm; } Line.Append(b);")]
    [InlineData("var b = pcm; try { b = pcm; } finally { Line.Append(b); } b = ¤(§);")]
    [InlineData("var b = ¤(§); if (pcm.Length > 1) { return; b = ¤(§); } b = pcm; Line.Append(b);")]
    [InlineData("while (true) { var b = pcm; Line.Append(b); b = ¤(§); Line.Log(b); }")]
    [InlineData("string? t = §; t = null; t ??= \"\"; Line.Append(¤(t));")]
    public Task ReassignmentOnEveryPath_IsClean(string statements) => Verify(statements);

    [Theory]
    [InlineData("var b = ¤(§); Action send = () => Line.Append({|RT2001:b|});")]
    [InlineData("Action send = () => { var b = ¤(§); Line.Append({|RT2001:b|}); };")]
    [InlineData("Action<byte[]> send = x => { Action inner = () => Line.Append({|RT2001:¤(Convert.ToBase64String(x))|}); };")]
    [InlineData("void Send() { Line.Append({|RT2001:¤(§)|}); }")]
    [InlineData("Line.Log(pcm); Line.Log(pcm); try { Line.Log(pcm); Action send = () => Line.Append({|RT2001:¤(§)|}); } finally { Line.Log(pcm); }")]
    [InlineData("try { Line.Log(pcm); } finally { Action send = () => { Line.Append({|RT2001:¤(§)|}); }; }")]
    [InlineData("var b = ¤(§); Send(); void Send() { Line.Append({|RT2001:b|}); }")]
    [InlineData("Send(¤(§)); void Send(byte[] x) { Line.Append({|RT2001:x|}); }")]
    [InlineData("Send(¤(§), 3); void Send(byte[] x, int n) { Line.Append({|RT2001:x|}); if (n > 0) { Send(x, n - 1); } }")]
    [InlineData("var b = ¤(§); Action send = Send; void Send() { Line.Append({|RT2001:b|}); }")]
    [InlineData("Func<string, byte[]> f = ([Base64Text] string t) => { Line.Append({|RT2001:¤(t)|}); return pcm; };")]
    [InlineData("void Send([Base64Text] string t) { Line.Append({|RT2001:¤(t)|}); }")]
    public Task LambdaOrLocalFunction(string statements) => Verify(statements);

    [Theory]
    [InlineData("var b = ¤(§); Line.Log(b); b = pcm; Action send = () => Line.Append(b);")]
    [InlineData("Send(pcm); Line.Log(¤(§)); void Send(byte[] x) { Line.Append(x); }")]
    [InlineData("var b = ¤(§); Decode(); Line.Append(b); void Decode() { b = pcm; }")]
    [InlineData("var b = ¤(§); Action decode = () => b = pcm; decode(); Line.Append(b);")]
    [InlineData("Action<byte[]> send = x => Line.Append(x); send(pcm);")]
    public Task LambdaOrLocalFunction_IsClean(string statements) => Verify(statements);

    [Fact]
    public Task IteratorAndAsyncMethod() => VerifyMembers(
        """
        IEnumerable<int> Iterate(byte[] pcm) { var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); yield return 1; Line.Append({|RT2001:b|}); }
        async Task SendAsync(byte[] pcm) { var b = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)); await Task.Yield(); Line.Append({|RT2001:b|}); }
        """);

    [Fact]
    public Task MarkedParameter_IsCleanOnceReassigned() => VerifyMembers(
        """
        void Talk([Base64Text] string t) { Line.Append({|RT2001:Encoding.UTF8.GetBytes(t)|}); t = ""; Line.Append(Encoding.UTF8.GetBytes(t)); }
        """);

    [Fact]
    public Task ChainOfAThousandAssignments_IsFollowedToItsEnd()
    {
        var chain = string.Concat(Enumerable.Range(1, 1_000).Select(i => $"var v{i} = v{i - 1};\n"));
        return Verify("var v0 = ¤(§);\n" + chain + "Line.Append({|RT2001:v1000|});");
    }

    [Fact]
    public Task LoopThatCarriesTextOneVariablePerRound_ReachesTheFixpoint()
    {
        // Each round of the loop moves the text by one variable only, so a bound on the rounds would lose it.
        const int Length = 60;
        var declared = string.Concat(Enumerable.Range(0, Length + 1).Select(i => $"var v{i} = pcm; "));
        var shifted = string.Concat(Enumerable.Range(0, Length).Select(i => $"v{Length - i} = v{Length - i - 1}; "));
        return Verify($"{declared} while (pcm.Length > 0) {{ Line.Append({{|RT2001:v{Length}|}}); {shifted} v0 = ¤(§); }}");
    }

    [Fact]
    public Task ConcatenationOfAThousandTerms_DoesNotExhaustTheStack() =>
        Verify($"var t = § {string.Concat(Enumerable.Repeat("+ pcm.Length ", 1_000))}; Line.Append({{|RT2001:¤(t)|}});");

    private static Task Verify(string statements) => VerifyStatement(statements.Replace("¤", Bytes).Replace("§", Text));
}
