using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1001 reports. What it leaves alone is in <see cref="RT1001SilenceTests"/>.</summary>
public class RT1001ResponseCreateOutsideSequencerTests
{
    internal const string Wire = """
        using System;
        using System.Collections.Generic;
        using Realtime.Protocol;

        public static class Wire
        {
            [Sequenced] public static void Write(object request) { }
            [Sequenced] public static void Write<T>(in T request) where T : struct { }
            [Sequenced] public static void Send(this List<int> output, int request) { }
            public static void WriteFreely(object request) { }
        }

        public class Request
        {
            [Sequenced] public Request() { }
            public Request(int free) { }
            [Sequenced] public string? Body { get; set; }
            public string? Note { get; set; }
            public string? Half { get; [Sequenced] set; }
            [Sequenced] public string this[int index] { get => ""; set { } }
        }

        [Sequenced]
        public class Line
        {
            public Line() { }
            public static void Flush() { }
            public int Depth { get; set; }
        }

        public class LongLine : Line { }

        public interface ISender { [Sequenced] void Send(); }
        public abstract class Sender { [Sequenced] public abstract void Send(); }
        public readonly struct Ticket { [Sequenced] public static implicit operator Ticket(string text) => default; }

        """;

    [Theory]
    [InlineData("Wire.{|RT1001:Write|}(new object());")]
    [InlineData("Wire.{|RT1001:Write|}(1);")]
    [InlineData("Wire.{|RT1001:Write<int>|}(1);")]
    [InlineData("new List<int>().{|RT1001:Send|}(1);")]
    [InlineData("List<int>? list = null; list?.{|RT1001:Send|}(1);")]
    [InlineData("Wire.{|RT1001:Send|}([], 1);")]
    public Task Call_IsReported(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("_ = new {|RT1001:Request|}();")]
    [InlineData("Request r = {|RT1001:new()|};")]
    [InlineData("_ = new {|RT1001:Line|}();")]
    [InlineData("_ = new {|RT1001:LongLine|}();")]
    public Task Construction_IsReported(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("var r = new Request(1); r.{|RT1001:Body|} = null;")]
    [InlineData("var r = new Request(1); r.{|RT1001:Body|} += null;")]
    [InlineData("var r = new Request(1); r.{|RT1001:Body|} ??= null;")]
    [InlineData("var r = new Request(1); (r.{|RT1001:Body|}, r.Note) = (null, null);")]
    [InlineData("var r = new Request(1); {|RT1001:r[0]|} = null!;")]
    [InlineData("var r = new Request(1); r.{|RT1001:Half|} = null;")]
    [InlineData("_ = new Request(1) { {|RT1001:Body|} = null };")]
    public Task PropertyWrite_IsReported(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("Action<object> send = Wire.{|RT1001:Write|};")]
    [InlineData("var send = new Action<object>(Wire.{|RT1001:Write|});")]
    [InlineData("new List<object>().ForEach(Wire.{|RT1001:Write|});")]
    [InlineData("Action send = Line.{|RT1001:Flush|};")]
    [InlineData("unsafe { delegate*<object, void> send = &Wire.{|RT1001:Write|}; }")]
    public Task DelegateMadeOfIt_IsReported(string statement) => VerifyStatement(statement);

    [Theory]
    [InlineData("Action send = () => Wire.{|RT1001:Write|}(1);")]
    [InlineData("Action send = static delegate { Wire.{|RT1001:Write|}(1); };")]
    [InlineData("void Send() { Wire.{|RT1001:Write|}(1); }")]
    [InlineData("void Send() { Action inner = () => Wire.{|RT1001:Write|}(1); }")]
    public Task LambdaOrLocalFunction_InheritsTheLackOfAMark(string statement) => VerifyStatement(statement);

    [Fact]
    public Task LocalFunctionBesideAMarkedOne_IsReported() => VerifyStatement(
        "[SequencerEntry] void Entry() { Wire.Write(1); } void Other() { Wire.{|RT1001:Write|}(1); }");

    [Fact]
    public Task CallThroughAnInterfaceOrBase_IsReported() => VerifyMembers(
        "void Talk(ISender a, Sender b) { a.{|RT1001:Send|}(); b.{|RT1001:Send|}(); }");

    [Fact]
    public Task OverrideAndImplementation_AreSequencedToo() => VerifyMembers(
        """
        sealed class A : Sender { public override void Send() { } }
        sealed class B : ISender { public void Send() { } }
        void Talk(A a, B b) { a.{|RT1001:Send|}(); b.{|RT1001:Send|}(); }
        """);

    [Fact]
    public Task UserDefinedConversion_IsReported() => VerifyMembers("""Ticket ticket = {|RT1001:"now"|};""");

    [Fact]
    public Task FieldInitializerAndExpressionBody_AreReported() => VerifyMembers(
        """
        readonly Request _request = {|RT1001:new()|};
        Line Line => new {|RT1001:Line|}();
        """);

    [Fact]
    public Task MemberOfAnExtensionBlock_IsReported() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(
        """
        using Realtime.Protocol;
        static class Marked { extension(int request) { [Sequenced] public void Send() { } public void Keep() { } } }
        [Sequenced] static class Whole { extension(int request) { public void Forward() { } } }
        class Caller { void Talk() { 1.{|RT1001:Send|}(); 1.{|RT1001:Forward|}(); 1.Keep(); } }
        """);

    [Fact]
    public Task ConstructorInitializer_IsReported() => VerifyMembers(
        "class Special : Request { public Special() {|RT1001:: base()|} { } public Special(int free) : base(free) { } }");

    [Fact]
    public Task MarkOnTheBaseClass_DoesNotCoverTheDerivedOne() => VerifyMembers(
        """
        [SequencerEntry] class Entry { protected virtual void Talk() => Wire.Write(1); }
        class Derived : Entry { protected override void Talk() => Wire.{|RT1001:Write|}(1); }
        """);

    [Fact]
    public Task OtherAccessorOfTheProperty_IsReported() => VerifyMembers(
        "int Depth { [SequencerEntry] get { Wire.Write(1); return 1; } set { Wire.{|RT1001:Write|}(1); } }");

    [Fact]
    public Task TopLevelProgram_IsReported() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(
        """
        using Realtime.Protocol;
        class Program { static void Main() { Wire.{|RT1001:Write|}(1); } }
        static class Wire { [Sequenced] public static void Write(int request) { } }
        """);

    private static Task VerifyStatement(string statement) => VerifyMembers($"void Talk() {{ {statement} }}");

    private static Task VerifyMembers(string members) =>
        AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>($"{Wire}class Caller\n{{\n{members}\n}}");
}
