using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3002 reports: borrowed memory that is put where it outlives the borrowing.</summary>
public class RT3002BorrowedValueKeptTests
{
    internal const string Lender = "using System.Threading.Channels; " + RT3001BorrowedValueAfterItsTimeTests.Lender;

    [Theory]
    [InlineData("Kept = {|RT3002:reader.Current|};")]
    [InlineData("Shared = {|RT3002:reader.Current|};")]
    [InlineData("var x = reader.Current; Kept = {|RT3002:x[1..]|};")]
    [InlineData("Property = {|RT3002:reader.Next()|};")]
    [InlineData("other.Kept = {|RT3002:reader.Current|};")]
    [InlineData("All[0] = {|RT3002:reader.Current|};")]
    [InlineData("Queue.Enqueue({|RT3002:reader.Current|});")]
    [InlineData("Queue.Enqueue(b ? {|RT3002:reader.Current|} : default);")]
    [InlineData("ByName[\"a\"] = {|RT3002:reader.Current|};")]
    [InlineData("Pairs.Add((1, {|RT3002:reader.Current|}));")]
    [InlineData("list.Add({|RT3002:reader.Current|});")]
    [InlineData("channel.Writer.TryWrite({|RT3002:reader.Current|});")]
    [InlineData("await channel.Writer.WriteAsync({|RT3002:reader.Current|});")]
    [InlineData("var writer = channel.Writer; writer.TryWrite({|RT3002:reader.Current|});")]
    [InlineData("done.TrySetResult({|RT3002:reader.Current|});")]
    [InlineData("(Kept, var n) = ({|RT3002:reader.Current|}, 1);")]
    [InlineData("if (reader.TryTake(out var x)) { Kept = {|RT3002:x|}; }")]
    [InlineData("var x = reader.Current; _ = Task.Run(() => use({|RT3002:x|}));")]
    [InlineData("var x = reader.Current; Task.Run(() => use({|RT3002:x|}));")]
    [InlineData("var x = reader.Current; ThreadPool.QueueUserWorkItem(_ => use({|RT3002:x|}));")]
    [InlineData("var x = reader.Current; Later = () => use({|RT3002:x|});")]
    [InlineData("var x = reader.Current; Happened += () => use({|RT3002:x|});")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); while (reader.MoveNext()) { all.Add({|RT3002:reader.Current|}); } foreach (var x in all) { use(x); }")]
    [InlineData("var all = new List<ReadOnlyMemory<byte>>(); do { all.Add({|RT3002:reader.Current|}); } while (reader.MoveNext()); Send(all);")]
    [InlineData("var all = new ReadOnlyMemory<byte>[2]; all[0] = {|RT3002:reader.Next()|}; all[1] = reader.Next(); Send(all);")]
    [InlineData("var all = new Queue<(int, ReadOnlyMemory<byte>)>(); all.Enqueue((1, {|RT3002:reader.Current|})); reader.MoveNext(); use(all.Dequeue().Item2);")]
    public Task Marked(string statements) => Verify(Lender + $$"""
        class Caller
        {
            static ReadOnlyMemory<byte> Shared;
            public ReadOnlyMemory<byte> Kept; ReadOnlyMemory<byte> Property { get; set; }
            readonly ReadOnlyMemory<byte>[] All = new ReadOnlyMemory<byte>[3]; readonly Queue<ReadOnlyMemory<byte>> Queue = new();
            readonly Dictionary<string, ReadOnlyMemory<byte>> ByName = []; readonly List<(int, ReadOnlyMemory<byte>)> Pairs = [];
            Action Later; event Action Happened;
            async Task Talk(Reader reader, Caller other, bool b, List<ReadOnlyMemory<byte>> list, Channel<ReadOnlyMemory<byte>> channel,
                TaskCompletionSource<ReadOnlyMemory<byte>> done, Action<ReadOnlyMemory<byte>> use) { await Task.Yield(); {{statements}} }
            static void Send(IEnumerable<ReadOnlyMemory<byte>> all) { }
        }
        """);

    [Fact]
    public Task Pipes_PiecesInAList() => Verify(Lender + """
        class Player
        {
            readonly List<ReadOnlyMemory<byte>> _chunks = [];
            async Task Play(PipeReader audio)
            {
                var result = await audio.ReadAsync();
                foreach (var piece in result.Buffer) { _chunks.Add({|RT3002:piece|}); }
                audio.AdvanceTo(result.Buffer.End);
            }
        }
        """);

    [Fact]
    public Task Results_ThatDoNotSayWhatTheyAre() => Verify(Lender + """
        class Player(PipeReader pipe)
        {
            readonly Reader _reader = new();
            public async Task<ReadOnlySequence<byte>> Next() => {|RT3002:(await pipe.ReadAsync()).Buffer|};
            public ReadOnlyMemory<byte> Current => {|RT3002:_reader.Current|};
            public IEnumerable<ReadOnlyMemory<byte>> Each() { while (_reader.MoveNext()) { yield return {|RT3002:_reader.Current|}; } }
            internal async IAsyncEnumerable<ReadOnlySequence<byte>> Pieces()
            {
                var result = await pipe.ReadAsync();
                yield return {|RT3002:result.Buffer|};
                pipe.AdvanceTo(result.Buffer.End);
            }
        }
        """);

    [Fact]
    public Task BorrowedParameters() => Verify("using Realtime.Protocol.Transport; " + Lender + """
        class Store : ISessionJournal
        {
            readonly Dictionary<string, ReadOnlyMemory<byte>> _calls = []; readonly Channel<ReadOnlyMemory<byte>> _sent = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
            public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => default;
            public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => default;
            public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
            {
                _calls[callId] = {|RT3002:checkpoint|};
                return new(_sent.Writer.TryWrite({|RT3002:checkpoint|}));
            }
            void Own([Borrowed] ReadOnlyMemory<byte> piece, Action<ReadOnlyMemory<byte>> use) { Task.Run(() => use({|RT3002:piece|})); }
        }
        """, Knows.Ours | Knows.Session);

    private static Task Verify(string source, Knows knows = Knows.Ours) => AnalyzerVerifier.Verify<RT3002BorrowedValueKept>(source, knows);
}
