using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1001 leaves alone: marked code, uses that send nothing, and code that only looks like ours.</summary>
public class RT1001SilenceTests
{
    [Theory]
    [InlineData("Wire.WriteFreely(1);")]
    [InlineData("_ = new Request(1);")]
    [InlineData("_ = new Request(1) { Note = null };")]
    [InlineData("_ = new Request(1).Body;")]
    [InlineData("_ = new Request(1)[0];")]
    [InlineData("_ = new Request(1).Half;")]
    [InlineData("if (new Request(1) is { Body: null }) { }")]
    [InlineData("Action<object> send = Wire.WriteFreely;")]
    [InlineData("Action<Request>? send = null; send?.Invoke(null!);")]
    [InlineData("Ticket ticket = default; object boxed = ticket;")]
    public Task UseThatSendsNothing(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("_ = nameof(Wire.Write);")]
    [InlineData("_ = nameof(Request.Body);")]
    [InlineData("_ = nameof(Line.Flush) + nameof(Line);")]
    [InlineData("_ = typeof(Line);")]
    [InlineData("_ = default(Line);")]
    [InlineData("object? o = null; _ = o is Line; _ = o as Line; _ = (Line?)o;")]
    [InlineData("List<Line> lines = []; foreach (var line in lines) { _ = line.Depth; }")]
    public Task NameOrType(string statement) => VerifyStatement(statement);

    [Fact]
    public Task DocumentationComment() => VerifyMembers(
        """
        /// <summary>See <see cref="Wire.Write(object)"/> and <see cref="Request.Body"/>.</summary>
        void Talk() { }
        """);

    [Theory]
    [InlineData("[SequencerEntry] void Talk() { Wire.Write(1); }")]
    [InlineData("[SequencerEntry] void Talk() => Wire.Write(1);")]
    [InlineData("[SequencerEntry] static IEnumerable<int> Talk() { Wire.Write(1); yield return 1; }")]
    [InlineData("[SequencerEntry] Caller() { Wire.Write(1); }")]
    [InlineData("[SequencerEntry] int Talk => Wrote(() => Wire.Write(1)); static int Wrote(Action send) => 1;")]
    [InlineData("[SequencerEntry] int Talk { get { Wire.Write(1); return 1; } set { Wire.Write(value); } }")]
    [InlineData("int Talk { [SequencerEntry] get { Wire.Write(1); return 1; } }")]
    [InlineData("[SequencerEntry] Request Request { get; } = new();")]
    [InlineData("[SequencerEntry] int this[int i] { get { Wire.Write(i); return 1; } }")]
    public Task MarkedMember(string members) => VerifyMembers(members);

    [Theory]
    [InlineData("[SequencerEntry] void Talk() { Action send = () => Wire.Write(1); }")]
    [InlineData("[SequencerEntry] void Talk() { void Send() { Wire.Write(1); } Send(); }")]
    [InlineData("[SequencerEntry] void Talk() { void Send() { Action inner = () => Wire.Write(1); } }")]
    [InlineData("[SequencerEntry] void Talk() { Action<object> send = Wire.Write; }")]
    [InlineData("void Talk() { [SequencerEntry] void Send() { Action inner = () => Wire.Write(1); } }")]
    [InlineData("void Talk() { Action send = [SequencerEntry] () => Wire.Write(1); }")]
    public Task LambdaOrLocalFunction_InheritsTheMark(string members) => VerifyMembers(members);

    [Theory]
    [InlineData("[SequencerEntry] class Entry { readonly Request _r = new(); void Talk() { Wire.Write(_r); } }")]
    [InlineData("[SequencerEntry] class Entry { class Inner { void Talk() { Wire.Write(1); } } }")]
    [InlineData("[SequencerEntry] struct Entry { void Talk() { Wire.Write(1); } }")]
    [InlineData("[SequencerEntry] record Entry(int A) { void Talk() { Wire.Write(A); } }")]
    [InlineData("[SequencerEntry] interface IEntry { void Talk() { Wire.Write(1); } }")]
    [InlineData("[SequencerEntry] partial class Entry { } partial class Entry { void Talk() { Wire.Write(1); } }")]
    public Task MarkedType(string members) => VerifyMembers(members);

    [Fact]
    public Task MarkedAssembly() => Verify(
        """
        using Realtime.Protocol;
        [assembly: SequencerEntry]
        static class Wire { [Sequenced] public static void Write(int request) { } }
        class Relay { void Forward() { Wire.Write(1); } }
        """);

    [Theory]
    [InlineData("[Sequenced] void Forward() { Wire.Write(1); }")]
    [InlineData("class Own : Sender { public override void Send() { Wire.Write(1); } }")]
    [InlineData("class Own : ISender { public void Send() { Wire.Write(1); } }")]
    [InlineData("class Own : ISender { void ISender.Send() { Wire.Write(1); } }")]
    [InlineData("[Sequenced] class Own { public void Forward() { Wire.Write(1); } }")]
    public Task SequencedMember_LeavesTheQuestionToItsUsers(string members) => VerifyMembers(members);

    [Theory]
    [InlineData("#pragma warning disable RT1001\n void Talk() { Wire.Write(1); }\n#pragma warning restore RT1001\n")]
    [InlineData("""[System.Diagnostics.CodeAnalysis.SuppressMessage("Realtime.Lifecycle", "RT1001")] void Talk() { Wire.Write(1); }""")]
    public Task SuppressedUse(string members) => VerifyMembers(members);

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(
        RT1001ResponseCreateOutsideSequencerTests.Wire + "class Caller { void Talk() { Wire.Write(1); } }",
        fileName: "Caller.g.cs");

    [Fact]
    public Task LookAlikeAttributes_InAnotherNamespace() => Verify(
        """
        using Other;
        namespace Other
        {
            [System.AttributeUsage(System.AttributeTargets.All)] class SequencedAttribute : System.Attribute { }
            [System.AttributeUsage(System.AttributeTargets.All)] class SequencerEntryAttribute : System.Attribute { }
        }
        static class EventWriter { [Sequenced] public static void Write(ResponseCreate request) { } }
        [Sequenced] struct ResponseCreate { public ResponseCreate() { } public int Depth { get; set; } }
        class Caller { void Talk() { EventWriter.Write(new ResponseCreate { Depth = 1 }); } }
        """);

    [Fact]
    public Task SameMethodName_OnAnotherType() => VerifyMembers(
        "static class Log { public static void Write(object o) { } public static void Send() { } } void Talk() { Log.Write(1); Log.Send(); }");

    [Fact]
    public Task CompilationWithoutOurAssembly() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(
        "static class EventWriter { public static void Write(object o) { } } class Caller { void Talk() { EventWriter.Write(1); } }",
        Knows.Nothing);

    private static Task VerifyStatement(string statement) => VerifyMembers($"void Talk() {{ {statement} }}");

    private static Task VerifyMembers(string members) =>
        Verify($"{RT1001ResponseCreateOutsideSequencerTests.Wire}class Caller\n{{\n{members}\n}}");

    private static Task Verify(string source) => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(source);
}
