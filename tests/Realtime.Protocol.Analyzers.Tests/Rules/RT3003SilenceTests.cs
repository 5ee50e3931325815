using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3003 leaves alone: references, looking ahead, the last use, methods that only look, and structs that remember nothing.</summary>
public class RT3003SilenceTests
{
    private const string Head = RT3003CursorMovedAsACopyTests.Head;

    [Theory]
    [InlineData("SkipOwn(ref walker); walker.MoveNext();")]
    [InlineData("Skip(walker);")]
    [InlineData("walker.MoveNext(); Skip(walker);")]
    [InlineData("Skip(walker); _ = walker.At; _ = walker.IsAt(1);")]
    [InlineData("Skip(walker); walker = new(); walker.MoveNext();")]
    [InlineData("Skip(walker); Renew(out walker); walker.MoveNext();")]
    [InlineData("if (b) { Skip(walker); return; } walker.MoveNext();")]
    [InlineData("if (b) { Skip(walker); } else { walker.MoveNext(); }")]
    [InlineData("while (b) { Walker each = default; Skip(each); }")]
    [InlineData("while (b) { Walker each = new(); each.MoveNext(); Skip(each); }")]
    [InlineData("var ahead = walker; ahead.MoveNext(); walker.MoveNext();")]
    [InlineData("var ahead = walker; Skip(ahead); walker.MoveNext();")]
    [InlineData("Look(walker); walker.MoveNext();")]
    [InlineData("walker.MoveNext(); walker.MoveNext();")]
    [InlineData("while (walker.MoveNext()) { Look(walker); }")]
    [InlineData("Skip(new Walker()); walker.MoveNext();")]
    [InlineData("Skip(Made()); walker.MoveNext();")]
    [InlineData("_ = constant.At; _ = constant.IsAt(2); Look(constant);")]
    [InlineData("_ = _kept.At; _ = _kept.IsAt(2);")]
    [InlineData("_moved.MoveNext();")]
    [InlineData("var own = constant; own.MoveNext();")]
    [InlineData("ref var same = ref walker; same.MoveNext();")]
    [InlineData("Walker[] all = [walker]; all[0].MoveNext();")]
    [InlineData("_moved = walker; walker.MoveNext();")]
    [InlineData("SkipPlain(plain); plain.MoveNext();")]
    [InlineData("numbers.MoveNext();")]
    [InlineData("_ = constant.ToString();")]
    [InlineData("Action a = () => { Walker inner = default; Skip(inner); };")]
    public Task Marked(string statements) => Silent(Head + $$"""
        struct Plain { int _at; public bool MoveNext() => ++_at < 3; }
        class Caller
        {
            readonly Walker _kept; Walker _moved;
            Caller() { _kept.MoveNext(); }
            void Talk(Walker walker, in Walker constant, Plain plain, List<int>.Enumerator numbers, bool b) { {{statements}} }
            static bool Skip(Walker walker) => walker.MoveNext();
            static bool SkipOwn(ref Walker walker) => walker.MoveNext();
            static bool SkipPlain(Plain plain) => plain.MoveNext();
            static int Look(Walker walker) => walker.At;
            static void Renew(out Walker walker) => walker = default;
            static Walker Made() => default;
        }
        """);

    [Fact]
    public Task KnownReaders() => Silent(Head + """
        class Caller
        {
            static bool Header(ref SequenceReader<byte> reader) => reader.TryAdvanceTo(10);
            void Lines(ReadOnlySequence<byte> text) { var reader = new SequenceReader<byte>(text); Header(ref reader); var ahead = reader; ahead.Advance(1); reader.Advance(1); }
            void Read(ref Utf8JsonReader json) { var ahead = json; ahead.Skip(); json.Read(); }
            void Walk(ReadOnlySpan<byte> text) { var json = new JsonCursor(text); json.BeginObject(out var more); while (more) { json.ReadName(out _); json.NextMember(out more); } }
            void Pairs(StringMapView map) { foreach (var pair in map) { _ = pair.Key; } }
        }
        """);

    [Fact]
    public Task LookAlikes_InOtherNamespaces() => Silent("""
        using System; using Realtime.Protocol;
        namespace Other
        {
            class CursorAttribute : Attribute;
            [Cursor] struct Walker { int _at; public bool MoveNext() => ++_at < 3; }
            struct SequenceReader<T> { int _at; public bool MoveNext() => ++_at < 3; }
            class Caller
            {
                void Talk(Walker w, SequenceReader<int> s) { Skip(w); w.MoveNext(); Skip(s); s.MoveNext(); }
                void Skip(Walker w) => w.MoveNext();
                void Skip(SequenceReader<int> s) => s.MoveNext();
            }
        }
        """);

    [Fact]
    public Task GeneratedCode() => AnalyzerVerifier.Verify<RT3003CursorMovedAsACopy>(
        Head + "class Caller { readonly Walker _kept; void Talk() => _kept.MoveNext(); }", fileName: "Caller.g.cs");

    private static Task Silent(string source) => AnalyzerVerifier.Verify<RT3003CursorMovedAsACopy>(source);
}
