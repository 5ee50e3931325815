using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT3002KeepACopyTests
{
    // A lender that overwrites what it lent: what was not copied shows the next piece.
    private const string Head = """
        using System; using System.Buffers; using System.Collections.Generic; using Realtime.Protocol;
        class Reader
        {
            byte[] _bytes = new byte[1];
            [Borrowed] public ReadOnlyMemory<byte> Current => _bytes;
            [Borrowed] public ReadOnlySequence<byte> Pieces => new(_bytes);
            [InvalidatesBorrows] public bool MoveNext() => ++_bytes[0] < 3;
        }

        """;

    [Theory]
    [InlineData("Memories.Add(reader.Current);", "Memories.Add(reader.Current.ToArray());", "0 1 2 ")]
    [InlineData("Memories.Add(/* all of it */ reader.Current[..1] /* here */);", "Memories.Add(/* all of it */ reader.Current[..1].ToArray() /* here */);", "0 1 2 ")]
    [InlineData("Pairs.Add((1, reader.Current));", "Pairs.Add((1, reader.Current.ToArray()));", "0 1 2 ")]
    [InlineData("Sequences.Add(reader.Pieces);", "Sequences.Add(new ReadOnlySequence<byte>(reader.Pieces.ToArray()));", "0 1 2 ")]
    [InlineData("Memories.Add(first ? reader.Current : default);", "Memories.Add(first ? reader.Current.ToArray() : default);", "0 1 2 ")]
    [InlineData("if (first) { Last = reader.Current; first = false; }", "if (first) { Last = reader.Current.ToArray(); first = false; }", "0 ")]
    public async Task Kept_BecomesACopy_AndTheProgramKeepsWhatItSaw(string before, string after, string said)
    {
        await CodeFixVerifier.VerifyFix<RT3002BorrowedValueKept, RT3002KeepACopy>(Program(before), Program(after));

        Assert.NotEqual(said, await FixedProgram.Run(Program(before)));
        Assert.Equal(said, await FixedProgram.Run(Program(after)));
    }

    [Fact]
    public async Task All_AtOnce()
    {
        const string After = "Memories.Add(reader.Current.ToArray()); Pairs.Add((1, reader.Current[..1].ToArray())); Sequences.Add(new ReadOnlySequence<byte>(reader.Pieces.ToArray()));";
        await CodeFixVerifier.VerifyFixAll<RT3002BorrowedValueKept, RT3002KeepACopy>(
            Program("Memories.Add(reader.Current); Pairs.Add((1, reader.Current[..1])); Sequences.Add(reader.Pieces);"),
            Program(After));

        Assert.Equal("0 1 2 0 1 2 0 1 2 ", await FixedProgram.Run(Program(After)));
    }

    [Fact]
    public Task WithoutTheUsing_TheCopyIsMadeByItsFullName() => CodeFixVerifier.VerifyFix<RT3002BorrowedValueKept, RT3002KeepACopy>(
        Sequence("reader.Pieces"),
        Sequence("new System.Buffers.ReadOnlySequence<byte>(System.Buffers.BuffersExtensions.ToArray(reader.Pieces))"));

    [Theory]
    [InlineData("var x = reader.Current; System.Threading.ThreadPool.QueueUserWorkItem(_ => Console.Write(x.Length));")]
    [InlineData("Boxed = reader.Current;")]
    public Task Captured_OrOfAnotherType_HasNoFix(string statement) =>
        CodeFixVerifier.VerifyNoFix<RT3002BorrowedValueKept, RT3002KeepACopy>(Program(statement));

    private static string Sequence(string value) => $$"""
        using Realtime.Protocol;
        class Reader { [Borrowed] public System.Buffers.ReadOnlySequence<byte> Pieces => default; }
        class Caller { System.Buffers.ReadOnlySequence<byte> _kept; void Talk(Reader reader) { _kept = {{value}}; } }
        """;

    private static string Program(string statement) => Head + $$"""
        public class Program
        {
            static List<ReadOnlyMemory<byte>> Memories = []; static List<(int, ReadOnlyMemory<byte> Bytes)> Pairs = []; static List<ReadOnlySequence<byte>> Sequences = [];
            static ReadOnlyMemory<byte> Last; static object Boxed;
            public static string Run()
            {
                var reader = new Reader();
                var first = true;
                do { {{statement}} } while (reader.MoveNext());
                var said = "";
                foreach (var m in Memories) { said += m.Span[0] + " "; }
                foreach (var p in Pairs) { said += p.Bytes.Span[0] + " "; }
                foreach (var s in Sequences) { said += s.FirstSpan[0] + " "; }
                if (Last.Length > 0) { said += Last.Span[0] + " "; }
                return said;
            }
        }
        """;
}
