using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3002 leaves alone: copies, what stays in its time, holders that own the lender, and what says itself that it is lent.</summary>
public class RT3002SilenceTests
{
    private const string Lender = RT3002BorrowedValueKeptTests.Lender;

    [Theory]
    [InlineData("Kept = reader.Current.ToArray();")]
    [InlineData("Kept = Copy(reader.Current);")]
    [InlineData("Kept = own;")]
    [InlineData("Kept = own[..2];")]
    [InlineData("Known = reader.Current;")]
    [InlineData("Kept = _mine.Current;")]
    [InlineData("KnownQueue.Enqueue(reader.Current);")]
    [InlineData("KnownAll[0] = reader.Current;")]
    [InlineData("ReadResult r = await pipe.ReadAsync(); results.SetResult(r);")]
    [InlineData("other.Kept = other._mine.Current;")]
    [InlineData("Length = reader.Current.Length;")]
    [InlineData("Name = System.Text.Encoding.UTF8.GetString(reader.Current.Span);")]
    [InlineData("Queue.Enqueue(reader.Current.ToArray());")]
    [InlineData("Queue.Enqueue(own);")]
    [InlineData("Queue.Contains(reader.Current);")]
    [InlineData("Lengths.Add(reader.Current.Length);")]
    [InlineData("ByName[\"a\"] = reader.Current.ToArray();")]
    [InlineData("Pairs.Add((1, reader.Current.ToArray()));")]
    [InlineData("channel.Writer.TryWrite(reader.Current.ToArray());")]
    [InlineData("await channel.Writer.WriteAsync(own);")]
    [InlineData("done.TrySetResult(own);")]
    [InlineData("(Kept, var n) = (own, reader.Current);")]
    [InlineData("var x = reader.Current; x = own; Kept = x;")]
    [InlineData("var local = new Holder(); local.Inner = reader.Current; use(local.Inner);")]
    [InlineData("var slot = new ReadOnlyMemory<byte>[1]; while (reader.MoveNext()) { slot[0] = reader.Current; Send(slot); }")]
    [InlineData("var made = new Caller(null) { Kept = reader.Current }; use(made.Kept);")]
    [InlineData("var x = reader.Current; await Task.Run(() => use(x));")]
    [InlineData("var x = reader.Current; var running = Task.Run(() => use(x)); await running; reader.MoveNext();")]
    [InlineData("var x = reader.Current.ToArray(); _ = Task.Run(() => use(x));")]
    [InlineData("var x = reader.Current; Action at = () => use(x); at();")]
    [InlineData("var x = reader.Current; own.AsSpan().Sort((a, b) => a + x.Length);")]
    [InlineData("_ = Task.Run(() => { var x = reader.Current; use(x); });")]
    [InlineData("Later = () => { var x = reader.Current; use(x); };")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); all.Add(reader.Current); Send(all);")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); all.Add(reader.Current); Send(all); reader.MoveNext();")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); while (reader.MoveNext()) { all.Clear(); all.Add(reader.Current); Send(all); }")]
    [InlineData("while (reader.MoveNext()) { var all = new List<ReadOnlyMemory<byte>>(); all.Add(reader.Current); Send(all); }")]
    [InlineData("var all = new List<byte[]>(); while (reader.MoveNext()) { all.Add(reader.Current.ToArray()); } Send(all);")]
    [InlineData("var all = new ReadOnlyMemory<byte>[2]; all[0] = reader.Current; all[1] = own; Send(all); reader.MoveNext();")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); all.Add(reader.Current); other._mine.MoveNext(); Send(all);")]
    [InlineData("use(reader.Current); Send([reader.Current]);")]
    [InlineData("object boxed = reader.Current.Length; Kept = default;")]
    [InlineData("var strange = new Strange(); strange.Add(reader.Current); strange.Enqueue(reader.Current);")]
    [InlineData("await Task.Run(() => { Local(reader.Current); }); void Local(ReadOnlyMemory<byte> x) => use(x);")]
    public Task Marked(string statements) => Silent(Lender + $$"""
        class Holder { public ReadOnlyMemory<byte> Inner { get; set; } }
        class Strange { public void Add(ReadOnlyMemory<byte> x) { } public void Enqueue<T>(T x) { } }
        class Caller(PipeReader taken)
        {
            ReadOnlySequence<byte> InHand; void Take() { if (taken.TryRead(out var r)) { InHand = r.Buffer; } }
            [Borrowed] readonly Queue<ReadOnlyMemory<byte>> KnownQueue = new(); [Borrowed] readonly ReadOnlyMemory<byte>[] KnownAll = new ReadOnlyMemory<byte>[1];
            public ReadOnlyMemory<byte> Kept; [Borrowed] ReadOnlyMemory<byte> Known; readonly Reader _mine = new(); int Length; string Name;
            readonly Queue<ReadOnlyMemory<byte>> Queue = new(); readonly List<int> Lengths = [];
            readonly Dictionary<string, ReadOnlyMemory<byte>> ByName = []; readonly List<(int, ReadOnlyMemory<byte>)> Pairs = [];
            Action Later;
            async Task Talk(Reader reader, Caller other, byte[] own, PipeReader pipe, TaskCompletionSource<ReadResult> results, Channel<ReadOnlyMemory<byte>> channel,
                TaskCompletionSource<ReadOnlyMemory<byte>> done, Action<ReadOnlyMemory<byte>> use) { await Task.Yield(); {{statements}} }
            static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> memory) => memory.ToArray();
            static void Send(IEnumerable<ReadOnlyMemory<byte>> all) { }
            static void Send(IEnumerable<byte[]> all) { }
        }
        """);

    [Theory]
    [InlineData("[Borrowed] public ReadOnlyMemory<byte> Current => _reader.Current;")]
    [InlineData("[return: Borrowed] public ReadOnlyMemory<byte> Next() => _reader.Next();")]
    [InlineData("[Borrowed] public IEnumerable<ReadOnlyMemory<byte>> Each() { while (_reader.MoveNext()) { yield return _reader.Current; } }")]
    [InlineData("public ReadOnlyMemory<byte> Current => _reader.Current.ToArray();")]
    [InlineData("private ReadOnlyMemory<byte> Current => _reader.Current;")]
    [InlineData("public ReadOnlySpan<byte> Current => _reader.Current.Span;")]
    [InlineData("public ReadOnlyMemory<byte> Cut([Borrowed] ReadOnlyMemory<byte> piece) => piece[1..];")]
    [InlineData("public ValueTask<ReadResult> ReadAsync() => _pipe.ReadAsync();")]
    [InlineData("public async ValueTask<ReadResult> ReadAsync(int n) => await _pipe.ReadAtLeastAsync(n);")]
    [InlineData("public async Task<byte[]> ReadAsync(bool b) => (await _pipe.ReadAsync()).Buffer.ToArray();")]
    [InlineData("public async Task<long> Count() => (await _pipe.ReadAsync()).Buffer.Length;")]
    public Task Results(string member) => Silent(Lender + $$"""
        class Player { readonly Reader _reader = new(); readonly PipeReader _pipe = null; {{member}} }
        """);

    [Fact]
    public Task SilenceableReaders() => Silent(Lender + """
        class Wrapped(PipeReader inner) : PipeReader
        {
            ReadOnlySequence<byte> _inHand;
            public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Hand(await inner.ReadAsync(cancellationToken));
            public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
            public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);
            public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);
            public override void CancelPendingRead() => inner.CancelPendingRead();
            public override void Complete(Exception exception = null) => inner.Complete(exception);
            ReadResult Hand(ReadResult read) { _inHand = read.Buffer; return read; }
        }
        """);

    [Fact]
    public Task BorrowedParameters_UsedInTheirTime() => Silent("using Realtime.Protocol.Transport; " + Lender + """
        class Store : ISessionJournal
        {
            readonly Dictionary<string, byte[]> _calls = []; System.IO.Stream _file;
            public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => new(new JournalClaim(1, _calls[callId]));
            public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => default;
            public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
            {
                _calls[callId] = checkpoint.ToArray();
                await _file.WriteAsync(checkpoint, cancellationToken);
                return await Task.Run(() => checkpoint.Length > 1);
            }
        }
        """, Knows.Ours | Knows.Session);

    [Fact]
    public Task LookAlikes_InOtherNamespaces() => Silent("""
        using System; using System.Collections.Generic; using Realtime.Protocol;
        namespace Other
        {
            class BorrowedAttribute : Attribute;
            class PipeReader { public ReadOnlyMemory<byte> ReadAsync() => default; }
            class Source { [Borrowed] public ReadOnlyMemory<byte> Current => default; }
            class Caller
            {
                readonly List<ReadOnlyMemory<byte>> _all = [];
                void Talk(Source s, PipeReader p) { _all.Add(s.Current); _all.Add(p.ReadAsync()); }
            }
        }
        """);

    [Fact]
    public Task GeneratedCode() => AnalyzerVerifier.Verify<RT3002BorrowedValueKept>(
        Lender + "class Caller { ReadOnlyMemory<byte> _kept; void Talk(Reader r) { _kept = r.Current; } }", fileName: "Caller.g.cs");

    private static Task Silent(string source, Knows knows = Knows.Ours) => AnalyzerVerifier.Verify<RT3002BorrowedValueKept>(source, knows);
}
