using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT3003 reports: a struct that remembers its place, moved where only a copy moves.</summary>
public class RT3003CursorMovedAsACopyTests
{
    internal const string Head = """
        using System; using System.Buffers; using System.Collections.Generic; using System.Text.Json;
        using Realtime.Protocol; using Realtime.Protocol.Events; using Realtime.Protocol.Wire;
        [Cursor] struct Walker
        {
            int _at;
            public bool MoveNext() => ++_at < 3;
            public readonly int At => _at;
            public readonly bool IsAt(int at) => _at == at;
        }

        """;

    [Theory]
    [InlineData("Skip({|RT3003:walker|}); walker.MoveNext();")]
    [InlineData("while (walker.MoveNext()) { Skip({|RT3003:walker|}); }")]
    [InlineData("if (b) { Skip({|RT3003:walker|}); } walker.MoveNext();")]
    [InlineData("Skip({|RT3003:walker|}); SkipOwn(ref walker);")]
    [InlineData("_ = Skip({|RT3003:walker|}) && walker.MoveNext();")]
    [InlineData("Skip({|RT3003:walker|}); if (b) { walker = default; } walker.MoveNext();")]
    [InlineData("Action a = () => { Walker inner = default; Skip({|RT3003:inner|}); inner.MoveNext(); };")]
    [InlineData("Deep({|RT3003:walker|}); walker.MoveNext();")]
    [InlineData("void Local(Walker w) => w.MoveNext(); Local({|RT3003:walker|}); walker.MoveNext();")]
    [InlineData("{|RT3003:constant|}.MoveNext();")]
    [InlineData("{|RT3003:_kept|}.MoveNext();")]
    [InlineData("while ({|RT3003:this._kept|}.MoveNext()) { }")]
    [InlineData("ref readonly var same = ref walker; {|RT3003:same|}.MoveNext();")]
    public Task Marked(string statements) => Verify(Head + $$"""
        class Caller
        {
            readonly Walker _kept;
            void Talk(Walker walker, in Walker constant, bool b) { {{statements}} }
            static bool Skip(Walker walker) => walker.MoveNext();
            static bool SkipOwn(ref Walker walker) => walker.MoveNext();
            static bool Deep(Walker walker) => SkipOwn(ref walker);
        }
        """);

    [Fact]
    public Task KnownReaders() => Verify(Head + """
        class Caller
        {
            static bool Header(SequenceReader<byte> reader) => reader.TryAdvanceTo(10);
            void Lines(ReadOnlySequence<byte> text) { var reader = new SequenceReader<byte>(text); Header({|RT3003:reader|}); reader.Advance(1); }
            static void Skip(Utf8JsonReader json) => json.Skip();
            void Read(ref Utf8JsonReader json) { Skip({|RT3003:json|}); json.Read(); }
            static void Begin(JsonCursor json) => json.BeginObject(out _);
            void Walk(ReadOnlySpan<byte> text) { var json = new JsonCursor(text); Begin({|RT3003:json|}); json.BeginObject(out _); }
            void Move(in JsonCursor json) => {|RT3003:json|}.BeginObject(out _);
        }
        """);

    private static Task Verify(string source) => AnalyzerVerifier.Verify<RT3003CursorMovedAsACopy>(source);
}
