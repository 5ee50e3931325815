using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3001 leaves alone: values in their time, copies, what only resembles a lender, and what it would have to guess.</summary>
public class RT3001SilenceTests
{
    private const string Usings = RT3001BorrowedValueAfterItsTimeTests.Usings;
    private const string Lender = RT3001BorrowedValueAfterItsTimeTests.Lender;

    [Theory]
    [InlineData("var x = reader.Current; use(x); reader.MoveNext();")]
    [InlineData("var x = reader.Current.ToArray(); reader.MoveNext(); use(x);")]
    [InlineData("var x = reader.Current; var y = x.Span.ToArray(); reader.MoveNext(); use(y);")]
    [InlineData("var x = reader.Current; reader.MoveNext(); x = reader.Current; use(x);")]
    [InlineData("while (reader.MoveNext()) { var x = reader.Current; use(x); }")]
    [InlineData("while (reader.TryTake(out var x)) { use(x); }")]
    [InlineData("ReadOnlyMemory<byte> x = default; while (reader.MoveNext()) { x = reader.Current; use(x); }")]
    [InlineData("var x = reader.Current; reader.MoveNext(); int n = x.Length; bool e = x.IsEmpty;")]
    [InlineData("var x = reader.Current; other.MoveNext(); use(x);")]
    [InlineData("var x = reader.Current; reader = other; reader.MoveNext(); use(x);")]
    [InlineData("var x = reader.Current; if (b) { reader.MoveNext(); return; } use(x);")]
    [InlineData("var x = reader.Current; if (b) { reader.MoveNext(); x = default; } use(x);")]
    [InlineData("var x = reader.Current; reader.MoveNext(); _ = nameof(x);")]
    [InlineData("var x = reader.Current; reader.MoveNext(); var y = x; y = default; use(y);")]
    [InlineData("var x = reader.Current; try { use(x); } finally { reader.MoveNext(); }")]
    [InlineData("var x = reader.Current; try { use(x); reader.MoveNext(); } catch (Exception) { use(x); }")]
    [InlineData("var x = reader.Current; Action move = () => reader.MoveNext(); use(x);")]
    [InlineData("var x = reader.Current; Action move = () => reader = other; reader.MoveNext(); use(x);")]
    [InlineData("var x = reader.Current; Action set = () => x = default; reader.MoveNext(); set(); use(x);")]
    [InlineData("var x = Copy(reader.Current); reader.MoveNext(); use(x);")]
    [InlineData("var x = All()[0].Current; All()[0].MoveNext(); use(x);")]
    [InlineData("foreach (var r in All()) { var x = r.Current; use(x); r.MoveNext(); }")]
    [InlineData("ReadOnlyMemory<byte> x = default; foreach (var r in All()) { use(x); x = r.Current; } ")]
    [InlineData("var x = reader.Current; reader.MoveNext(); Func<ReadOnlyMemory<byte>> later = () => x;")]
    [InlineData("ReadOnlySpan<byte> found = reader.Find(text); reader.MoveNext(); _ = found[0];")]
    [InlineData("int n; { var x = reader.Current; n = x.Span[0]; } reader.MoveNext(); _ = n;")]
    [InlineData("goto end; end: var x = reader.Current; use(x); if (reader.MoveNext()) goto end;")]
    public Task Marked(string statements) => Silent(Lender + $$"""
        class Caller
        {
            void Talk(Reader reader, Reader other, bool b, byte[] text, Action<ReadOnlyMemory<byte>> use) { {{statements}} }
            static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> memory) => memory.ToArray();
            static List<Reader> All() => [];
        }
        """);

    [Theory]
    [InlineData("while (true) { var r = await pipe.ReadAsync(); foreach (var piece in r.Buffer) { use(piece); } pipe.AdvanceTo(r.Buffer.End); if (r.IsCompleted) { break; } }")]
    [InlineData("var r = await pipe.ReadAsync(); pipe.AdvanceTo(r.Buffer.Start, r.Buffer.End); use(r.Buffer.First);")]
    [InlineData("var r = await pipe.ReadAsync(); var b = r.Buffer; while (TryCut(ref b, out var line)) { use(line.First); } pipe.AdvanceTo(b.Start, b.End); _ = b.Length;")]
    [InlineData("var r = await pipe.ReadAsync(); pipe.AdvanceTo(r.Buffer.End); _ = r.IsCompleted || r.IsCanceled;")]
    [InlineData("var r = await pipe.ReadAsync(); var end = r.Buffer.End; pipe.AdvanceTo(end); await pipe.CompleteAsync();")]
    [InlineData("var r = await pipe.ReadAsync(); var data = r.Buffer.ToArray(); pipe.AdvanceTo(r.Buffer.End); use(data);")]
    [InlineData("var r = await pipe.ReadAsync(); try { use(r.Buffer.First); } finally { pipe.AdvanceTo(r.Buffer.End); }")]
    [InlineData("var r = await pipe.ReadAsync(); pipe.CancelPendingRead(); use(r.Buffer.First);")]
    [InlineData("var r = await pipe.ReadAsync(); long n = r.Buffer.Length; pipe.AdvanceTo(r.Buffer.End); _ = n;")]
    [InlineData("var r = await pipe.ReadAsync(); pipe.AdvanceTo(r.Buffer.End); r = await pipe.ReadAsync(); use(r.Buffer.First);")]
    [InlineData("var r = await pipe.ReadAsync(); await output.WriteAsync(r.Buffer.First); pipe.AdvanceTo(r.Buffer.End);")]
    [InlineData("var r = await pipe.ReadAsync(); var at = r.Buffer.Start; var examined = r.Buffer.End; try { var b = r.Buffer; if (TryCut(ref b, out var line)) { at = line.End; examined = at; } } finally { pipe.AdvanceTo(at, examined); }")]
    [InlineData("var r = await pipe.ReadAsync(); pipe.AdvanceTo(r.Buffer.End); try { await pipe.CompleteAsync(); } catch (Exception e) { pipe.Complete(e); }")]
    [InlineData("pipe.TryRead(out var r); long n = Count(r.Buffer); pipe.AdvanceTo(r.Buffer.GetPosition(n)); if (r.IsCompleted) { pipe.Complete(); }")]
    [InlineData("for (var r = await pipe.ReadAsync(); !r.IsCompleted; r = await pipe.ReadAsync()) { use(r.Buffer.First); pipe.AdvanceTo(r.Buffer.End); }")]
    [InlineData("Again(); void Again() { pipe.TryRead(out var r); var s = new SequenceReader<byte>(r.Buffer); s.Advance(1); pipe.AdvanceTo(s.Position); _ = s.Consumed; }")]
    [InlineData("var duplex = Duplex(); var r = await duplex.Input.ReadAsync(); pipe.AdvanceTo(r.Buffer.End); use(r.Buffer.First);")]
    [InlineData("var m = output.GetMemory(10); output.Advance(10); await output.FlushAsync(); output.Complete();")]
    public Task Pipes(string statements) => Silent(Usings + $$"""
        class Caller
        {
            async Task Talk(PipeReader pipe, PipeWriter output, Action<ReadOnlyMemory<byte>> use) { {{statements}} await Task.Yield(); }
            static long Count(ReadOnlySequence<byte> b) => b.Length; static IDuplexPipe Duplex() => null;
            static bool TryCut(ref ReadOnlySequence<byte> from, out ReadOnlySequence<byte> line) { line = from; return false; }
        }
        """);

    [Fact]
    public Task PropertyThatMayGiveAnotherObject() => Silent(Lender + """
        class Caller
        {
            int _n; Reader Any => _n++ > 0 ? new() : null; virtual protected Reader Own { get; } = new();
            void Talk(Action<ReadOnlyMemory<byte>> use) { var x = Any.Current; Any.MoveNext(); use(x); var y = Own.Current; Own.MoveNext(); use(y); }
        }
        """);

    [Fact]
    public Task EventInOnePiece_OutlivesTheNext() => Silent(Usings + """
        class Relay
        {
            void Pass(ServerEventReader events, byte[] one, byte[] two, IBufferWriter<byte> output)
            {
                events.TryRead(one, default, out ServerEvent first, out _);
                events.TryRead(two, default, out ServerEvent second, out _);
                first.WriteTo(output);
                second.WriteTo(output);
            }
        }
        """);

    [Fact]
    public Task WhatAnEventHoldsItself_StaysTrue() => Silent(Usings + """
        class Relay
        {
            void Pass(ServerEventReader events, ReadOnlySequence<byte> one, ReadOnlySequence<byte> two)
            {
                events.TryRead(one, default, out ServerEvent first, out _);
                string id = first.EventId.ToString();
                events.TryRead(two, default, out _, out _);
                _ = first.Kind == ServerEventKind.Error;
                _ = id;
            }
        }
        """);

    [Fact]
    public Task MessageInItsTime() => Silent("using Realtime.Protocol.Transport; " + Usings + """
        class Relay
        {
            async Task Pass(IRealtimeTransport transport, IRealtimeTransport other)
            {
                while (await transport.ReceiveAsync() is { IsEnd: false } received)
                {
                    await other.SendAsync(received.Body);
                }

                ReceivedMessage last = await transport.ReceiveAsync();
                await transport.ReceiveAsync();
                _ = last.IsEnd || last.IsBinary;
            }
        }
        """, Knows.Ours | Knows.Session);

    [Fact]
    public Task LookAlikes_InOtherNamespaces() => Silent("""
        using System; using Realtime.Protocol;
        namespace Other
        {
            class BorrowedAttribute : Attribute; class InvalidatesBorrowsAttribute : Attribute;
            class PipeReader { public ReadOnlyMemory<byte> ReadAsync() => default; public void AdvanceTo(int n) { } public void Complete() { } }
            class Source { [Borrowed] public ReadOnlyMemory<byte> Current => default; [InvalidatesBorrows] public void Move() { } }
            class Caller
            {
                byte Talk(Source s) { var x = s.Current; s.Move(); return x.Span[0]; }
                byte Read(PipeReader p) { var x = p.ReadAsync(); p.AdvanceTo(1); p.Complete(); return x.Span[0]; }
            }
        }
        """);

    [Fact]
    public Task GeneratedCode() => AnalyzerVerifier.Verify<RT3001BorrowedValueAfterItsTime>(
        Lender + "class Caller { byte Talk(Reader r) { var x = r.Current; r.MoveNext(); return x.Span[0]; } }", fileName: "Caller.g.cs");

    private static Task Silent(string source, Knows knows = Knows.Ours) => AnalyzerVerifier.Verify<RT3001BorrowedValueAfterItsTime>(source, knows);
}
