using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Inputs;

/// <summary>Sources that are rarely written by hand and still compile: encodings, directives, scripts, interceptors, and members without a body here.</summary>
public class UnusualSourceTests
{
    private const string Wire = "using System; using System.Runtime.InteropServices; using Realtime.Protocol; static class Wire { [Sequenced] public static void Write(object i) { } }\n";

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32", "iso-8859-1"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task EveryEncoding_IsRead(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var (code, expected) = Markup.Parse(Wire + "class Größe { void Über(string ä) { ä = \"é\"; Wire.{|RT1001:Write|}(ä); } }");
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(code)];
        var compilation = TestProject.Compile("").AddSyntaxTrees(Parse(SourceText.From(new MemoryStream(bytes), encoding), TestProject.Syntax));

        Assert.Equal(expected, await AllRules.Say(compilation));
    }

    // An attribute cannot carry half of a pair: ¤ stands for one.
    [Theory]
    [InlineData("class C { void M() { Wire.{|RT1001:Wr\uFEFFite|}(1); Wire.{|RT1001:Write|}(2); } }")] // a byte order mark in a name is part of no name
    [InlineData("class C { void M() { Wire.Wr\uFEFFite(1); } }")] // and the search for words does not find it
    [InlineData("class C { void M() { Wire.{|RT1001:Wr\\u0069te|}(1); Wire.{|RT1001:@Write|}(2); } }")]
    [InlineData("class C { void M() { var lone = \"¤\"; Wire.{|RT1001:Write|}(\"¤ response.create\" + lone); } }")]
    [InlineData("class C { void M() { var c = '¤'; /* ¤ */ Wire.{|RT1001:Write|}($\"{c}¤\"); } } // ¤")]
    [InlineData("class C\u0085{ void M()\u2028{ Wire.{|RT1001:Write|}(1);\u2029\u000b\u000c } }")]
    public Task CharactersThatAreNoText_AreRead(string source) => AllRules.Verify(Wire + source.Replace('¤', '\uD800'));

    [Theory]
    [InlineData("class C { void M() {\n#if NEVER\nWire.Write(1); unfinished(\n#else\nWire.{|RT1001:Write|}(2);\n#endif\n} }")]
    [InlineData("class C {\n#if NEVER\nvoid M() { Wire.Write(1); }\n#endif\n#region Write\n#pragma warning disable CS0168\n#line 1 \"Write.cs\"\nvoid N() { Wire.{|RT1001:Write|}(2); }\n#line default\n#endregion\n}")]
    [InlineData("#nullable disable\nclass C { void M() { Wire.{|RT1001:Write|}(null); } }\n#if true\n#else\nWire.Write(\n#endif")]
    public Task CodeThatIsSwitchedOff_IsNotRead(string source) => AllRules.Verify(Wire + source);

    [Theory]
    [InlineData("unsafe class C { void M(int* p) { Wire.{|RT1001:Write|}(*p); int* q = stackalloc int[2]; fixed (char* c = \"response.create\") { Wire.{|RT1001:Write|}(c[0] + q[0]); } delegate*<object, void> f = &Wire.{|RT1001:Write|}; } }")]
    [InlineData("static class C { [DllImport(\"c\"), Sequenced] public static extern void Send([RawAudio] byte[] pcm); static void M() { {|RT1001:Send|}([]); } }")]
    [InlineData("partial class C { [Sequenced] partial void Send(); partial void Never(); void M() { {|RT1001:Send|}(); Never(); } } partial class C { partial void Send() => Never(); }")]
    [InlineData("partial class C { [Sequenced] public partial int Send(int i); public partial int P { get; } } partial class C { public partial int Send(int i) => Send(i); public partial int P => {|RT1001:Send|}(1); }")]
    [InlineData("abstract class C { [Sequenced] public abstract void Send(); ~C() { {|RT1001:Send|}(); } static C() { Wire.{|RT1001:Write|}(1); } event Action E { add => {|RT1001:Send|}(); remove { } } }")]
    [InlineData("static class X { extension(string text) { [Sequenced] public void Send() { } public void Twice() { text.{|RT1001:Send|}(); } } static void M() => \"\".{|RT1001:Send|}(); }")]
    public Task MemberOfAnyKind_IsRead(string source) => AllRules.Verify(Wire + source);

    [Fact]
    public async Task Statements_OfAProgramWithoutAClass()
    {
        var (code, expected) = Markup.Parse("using Realtime.Protocol;\nWire.{|RT1001:Write|}(args.Length);\nvoid Local() => Wire.{|RT1001:Write|}(2);\nLocal();\nawait System.Threading.Tasks.Task.Yield();\nreturn 0;\nstatic class Wire { [Sequenced] public static void Write(int i) { } }");
        var compilation = TestProject.Compile(code).WithOptions(TestProject.Options.WithOutputKind(OutputKind.ConsoleApplication));
        TestProject.AssertCompiles(compilation);

        Assert.Equal(expected, await AllRules.Say(compilation));
    }

    // A script's statements are the initializer of a class that nobody sees; the rules look into its methods only.
    [Fact]
    public async Task Script_IsReadInItsMembers()
    {
        var (code, expected) = Markup.Parse("using Realtime.Protocol; [Sequenced] void Send() { }\nSend();\nint Twice() { {|RT1001:Send|}(); return 1; }\nvar i = Twice();\nclass Inner { [Sequenced] void Send() { } void M() => {|RT1001:Send|}(); }\nSend()");
        var tree = Parse(SourceText.From(code, Encoding.UTF8), TestProject.Syntax.WithKind(SourceCodeKind.Script));
        var compilation = CSharpCompilation.CreateScriptCompilation("Talk", tree, TestProject.References(Knows.Ours), TestProject.Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));
        TestProject.AssertCompiles(compilation);

        Assert.Equal(expected, await AllRules.Say(compilation));
    }

    [Fact]
    public async Task Interceptor_IsReadWhereItStands()
    {
        var syntax = TestProject.Syntax.WithFeatures([new("InterceptorsNamespaces", "Intercepted")]);
        var (code, expected) = Markup.Parse("using Realtime.Protocol; public static class Wire { [Sequenced] public static void Write(int i) { } } class C { void M() => Wire.{|RT1001:Write|}(1); }");
        var called = Parse(SourceText.From(code, Encoding.UTF8), syntax);
        var compilation = CSharpCompilation.Create("Intercepting", [called], TestProject.References(Knows.Ours), TestProject.Options);
        var call = (await called.GetRootAsync(TestContext.Current.CancellationToken)).DescendantNodes().OfType<InvocationExpressionSyntax>().Single();
        var place = compilation.GetSemanticModel(called).GetInterceptableLocation(call, TestContext.Current.CancellationToken)!;
        var (interceptor, expectedThere) = Markup.Parse(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            namespace System.Runtime.CompilerServices { [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)] sealed class InterceptsLocationAttribute(int version, string data) : Attribute; }
            namespace Intercepted { static class Interceptors { {{place.GetInterceptsLocationAttributeSyntax()}} public static void Write(int i) => Wire.{|RT1001:Write|}(i); } }
            """));
        compilation = compilation.AddSyntaxTrees(Parse(SourceText.From(interceptor, Encoding.UTF8), syntax, "Interceptors.cs"));
        TestProject.AssertCompiles(compilation);

        Assert.Equal([.. expected.Concat(expectedThere).Order()], await AllRules.Say(compilation));
    }

    [Fact]
    public Task LoneSurrogate_InUtf8Text_IsRead() => AllRules.Say(TestProject.Compile(
        RT1020ResponseIsNullTests.Usings + "class C { void M() { var json = \"{\\\"type\\\":\\\"response.create\\\",\\\"response\\\":null,\\\"x\\\":\\\"\\uD800\\\"}\"u8; } }", RT1020ResponseIsNullTests.Libraries));

    private static SyntaxTree Parse(SourceText text, CSharpParseOptions syntax, string name = TestProject.FileName) => CSharpSyntaxTree.ParseText(text, syntax, name);
}
