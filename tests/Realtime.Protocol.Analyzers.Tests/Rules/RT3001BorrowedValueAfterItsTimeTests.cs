using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3001 reports: memory that is looked at after its lender moved on, on every path or on some.</summary>
public class RT3001BorrowedValueAfterItsTimeTests
{
    internal const string Usings = """
        using System; using System.Buffers; using System.Collections.Generic; using System.IO.Pipelines; using System.Threading; using System.Threading.Tasks;
        using Realtime.Protocol; using Realtime.Protocol.Events;

        """;

    // A lender of the user's own, in the user's own namespace.
    internal const string Lender = Usings + """
        class Reader
        {
            [Borrowed] public ReadOnlyMemory<byte> Current { get; private set; }
            [Borrowed, InvalidatesBorrows] public ReadOnlyMemory<byte> Next() => Current;
            [InvalidatesBorrows] public bool MoveNext() => true;
            [InvalidatesBorrows] public bool TryTake([Borrowed] out ReadOnlyMemory<byte> piece) { piece = Current; return true; }
            [Borrowed(FromArgumentsOnly = true)] public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> text) => text;
        }

        """;

    [Fact]
    public Task PipesBuffer_AfterAdvance() => Verify(Usings + """
        class Player
        {
            async Task Play(PipeReader audio, Action<byte[]> play)
            {
                ReadResult result = await audio.ReadAsync();
                ReadOnlySequence<byte> buffer = result.Buffer;
                audio.AdvanceTo(buffer.End);
                play({|RT3001:buffer|}.ToArray());
            }
        }
        """);

    [Fact]
    public Task TurnsAudio_AfterAdvance() => Verify(Usings + """
        class Player
        {
            long _played;
            async Task Play(Turn turn)
            {
                while (true)
                {
                    var result = await turn.Audio.ReadAsync().ConfigureAwait(false);
                    turn.Audio.AdvanceTo(result.Buffer.End);
                    _played += {|RT3001:result.Buffer|}.Length;
                    if (result.IsCompleted) { break; }
                }
            }
        }
        """, Knows.Ours | Knows.Session);

    [Fact]
    public Task PieceOfABuffer_AfterComplete() => Verify(Usings + """
        class Player
        {
            void Play(PipeReader audio, Action<ReadOnlyMemory<byte>> play)
            {
                if (audio.TryRead(out ReadResult result))
                {
                    var first = result.Buffer.Slice(2).First[1..];
                    audio.Complete();
                    play({|RT3001:first|});
                }
            }
        }
        """);

    [Fact]
    public Task EnumeratedPieces_AreLookedAtInEachRound() => Verify(Usings + """
        class Player
        {
            async Task Play(PipeReader audio, Action<ReadOnlyMemory<byte>> play)
            {
                var buffer = (await audio.ReadAsync()).Buffer;
                foreach (var piece in {|RT3001:buffer|})
                {
                    play({|RT3001:piece|});
                    audio.AdvanceTo(buffer.End);
                }
            }
        }
        """);

    [Fact]
    public Task BorrowedBeforeTheLoop_IsOverInTheSecondRound() => Verify(Lender + """
        class Caller
        {
            void Talk(Reader reader, Action<ReadOnlyMemory<byte>> use)
            {
                var first = reader.Next();
                do { use({|RT3001:first|}); } while (reader.MoveNext());
            }
        }
        """);

    [Fact]
    public Task LastRoundsValue_IsOver() => Verify(Lender + """
        class Caller
        {
            void Talk(Reader reader, Action<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> compare)
            {
                ReadOnlyMemory<byte> last = default;
                while (reader.TryTake(out var piece))
                {
                    compare({|RT3001:last|}, piece);
                    last = piece;
                }
            }
        }
        """);

    [Fact]
    public Task EveryPath_IsAnError_SomePath_IsAWarning() => VerifySeverities(Lender + """
        class Caller
        {
            int Every(Reader reader, bool b) { var x = reader.Current; if (b) { reader.MoveNext(); } else { reader.Next(); } return x.Span[0]; }
            int Some(Reader reader, bool b) { var x = reader.Current; if (b) { reader.MoveNext(); } return x.Span[1]; }
        }
        """, "Error x.Span", "Warning x.Span");

    [Fact]
    public Task PositionThatMayBeTheStart_IsAWarning() => VerifySeverities(Usings + """
        class Caller
        {
            void Talk(PipeReader pipe, ReadResult result, SequencePosition consumed)
            {
                pipe.TryRead(out result);
                pipe.AdvanceTo(consumed, result.Buffer.End);
                result.Buffer.ToArray();
            }
        }
        """, "Warning result.Buffer");

    [Fact]
    public Task EndOfTheWholeBuffer_IsAnError_EndOfASlice_IsAWarning() => VerifySeverities(Usings + """
        class Caller
        {
            async Task Direct(PipeReader pipe) { var r = await pipe.ReadAsync(); pipe.AdvanceTo(r.Buffer.End); _ = r.Buffer.Length; }
            async Task Named(PipeReader pipe) { var r = await pipe.ReadAsync(); var b = r.Buffer; pipe.AdvanceTo(b.End); _ = b.Length; }
            async Task Part(PipeReader pipe) { var r = await pipe.ReadAsync(); var s = r.Buffer.Slice(0, 3); pipe.AdvanceTo(s.End); _ = s.Length; }
            async Task Ended(PipeReader pipe) { var r = await pipe.ReadAsync(); var s = r.Buffer.Slice(0, 3); await pipe.CompleteAsync(); _ = s.Length; }
        }
        """, "Error r.Buffer", "Error b", "Warning s", "Error s");

    [Fact]
    public Task FieldThatMayBeAssignedMeanwhile_IsAWarning() => VerifySeverities(Lender + """
        class Caller
        {
            Reader _reader = new(); readonly Reader _kept = new();
            void Renew() => _reader = new();
            int Field() { var x = _reader.Current; Renew(); _reader.MoveNext(); return x.Span[0]; }
            int Kept() { var y = _kept.Current; Renew(); _kept.MoveNext(); return y.Span[0]; }
            int AtOnce() { var z = _reader.Current; _reader.MoveNext(); return z.Span[0]; }
        }
        """, "Warning x.Span", "Error y.Span", "Error z.Span");

    [Fact]
    public Task Returned() => Verify(Lender + """
        class Caller
        {
            Reader _reader = new();
            ReadOnlyMemory<byte> Talk(Reader reader) { var x = reader.Current; reader.MoveNext(); return {|RT3001:x|}; }
            IEnumerable<ReadOnlyMemory<byte>> Each(Reader reader) { var x = reader.Current; reader.MoveNext(); yield return {|RT3001:x|}; }
        }
        """);

    [Fact]
    public Task Stored() => Verify(Lender + """
        class Caller
        {
            ReadOnlyMemory<byte> _kept;
            void Talk(Reader reader, ReadOnlyMemory<byte>[] all) { var x = reader.Current; reader.MoveNext(); _kept = {|RT3001:x|}; all[0] = {|RT3001:x|}; }
        }
        """);

    [Fact]
    public Task AsAnArgument_WithTheNextBesideIt() => Verify(Lender + """
        class Caller
        {
            void Talk(Reader reader, Action<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> compare)
            {
                var first = reader.Next();
                var second = reader.Next();
                compare({|RT3001:first|}, second);
            }
        }
        """);

    [Fact]
    public Task ThroughPatternsTuplesAndSpans() => Verify(Lender + """
        class Caller
        {
            void Talk(Reader reader, PipeReader pipe)
            {
                (var x, var n) = (reader.Current, 1);
                var span = x.Span.Slice(n);
                if (pipe.TryRead(out var result) && result is { Buffer: { IsEmpty: false } buffer })
                {
                    pipe.AdvanceTo(buffer.End);
                    _ = {|RT3001:buffer|}.Length;
                }
                reader.MoveNext();
                _ = {|RT3001:span|}[0];
                byte[] copy = [.. {|RT3001:span|}];
            }
        }
        """);

    [Fact]
    public Task InNestedFunctions() => Verify(Lender + """
        class Caller
        {
            Action<Reader> Talk()
            {
                void Local(Reader reader) { var x = reader.Current; reader.MoveNext(); _ = {|RT3001:x.Span|}[0]; }
                return reader => { Local(reader); var y = reader.Current; reader.MoveNext(); _ = {|RT3001:y.Span|}[0]; };
            }
        }
        """);

    [Fact]
    public Task InHandlersAndFinally() => Verify(Lender + """
        class Caller
        {
            void Talk(Reader reader, Action<ReadOnlyMemory<byte>> use)
            {
                var x = reader.Current;
                try { reader.MoveNext(); use(default); } finally { use({|RT3001:x|}); }
            }
        }
        """);

    [Fact]
    public Task EventInAPipe_AfterAdvance() => Verify(Usings + """
        class Relay
        {
            readonly ServerEventReader _events = new();
            void Pass(PipeReader pipe, Action<string> say)
            {
                if (pipe.TryRead(out ReadResult result) && _events.TryRead(result.Buffer.FirstSpan, default, out ServerEvent e, out _))
                {
                    pipe.AdvanceTo(result.Buffer.End);
                    say({|RT3001:e.EventId|}.ToString());
                }
            }
        }
        """);

    [Fact]
    public Task EventInPieces_AfterTheNext() => Verify(Usings + """
        class Relay
        {
            void Pass(ServerEventReader events, ReadOnlySequence<byte> one, ReadOnlySequence<byte> two, IBufferWriter<byte> output)
            {
                events.TryRead(one, default, out ServerEvent first, out _);
                events.TryRead(two, default, out ServerEvent second, out _);
                {|RT3001:first|}.WriteTo(output);
                second.WriteTo(output);
            }
        }
        """);

    [Fact]
    public Task ReceivedMessage_AfterTheNext() => Verify("using Realtime.Protocol.Transport; " + Usings + """
        class Relay
        {
            async Task<int> Pass(IRealtimeTransport transport)
            {
                ReceivedMessage first = await transport.ReceiveAsync();
                ReceivedMessage second = await transport.ReceiveAsync();
                return {|RT3001:first.Body.Span|}[0] + second.Body.Span[0];
            }
        }
        """, Knows.Ours | Knows.Session);

    [Fact]
    public Task InheritedMarks() => Verify(Usings + """
        interface ISource { [Borrowed] ReadOnlyMemory<byte> Current { get; } [InvalidatesBorrows] void Move(); }
        class Source : ISource { public ReadOnlyMemory<byte> Current => default; public void Move() { } }
        class Caller { byte Talk(Source s) { var x = s.Current; s.Move(); return {|RT3001:x.Span|}[0]; } }
        """);

    private static Task Verify(string source, Knows knows = Knows.Ours) => AnalyzerVerifier.Verify<RT3001BorrowedValueAfterItsTime>(source, knows);

    private static async Task VerifySeverities(string source, params string[] expected)
    {
        var reported = await AnalyzerVerifier.RunOnWhatCompiles(TestProject.Compile(source), new RealtimeAnalyzer([new RT3001BorrowedValueAfterItsTime()]));

        Assert.Equal(expected, reported.OrderBy(finding => finding.Location.SourceSpan.Start).Select(finding => $"{finding.Severity} {Finding.Of(finding).Text}"));
    }
}
