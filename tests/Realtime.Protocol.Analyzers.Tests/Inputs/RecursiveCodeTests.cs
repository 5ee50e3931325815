using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Inputs;

/// <summary>Types that contain themselves and functions that call themselves: the rules come to an end, and say what there is to say.</summary>
public class RecursiveCodeTests
{
    private const string Usings = "using System; using System.Buffers; using System.Collections.Generic; using System.Text; using System.Threading.Tasks; using Realtime.Protocol;\n";

    [Theory]
    [InlineData("class C<T> : B<C<T>> { public static void M() => B<C<T>>.{|RT1001:Send|}(); } class B<T> { [Sequenced] public static void Send() { } }")]
    [InlineData("abstract class C<T> where T : C<T> { [Sequenced] public abstract T Send(T next); } class D : C<D> { public override D Send(D next) => next.Send(this); D Twice(D next) => next.{|RT1001:Send|}(this); }")]
    [InlineData("interface I<T> where T : I<T> { [Sequenced] static abstract void Send(T next); } struct S : I<S> { public static void Send(S next) { } } class C { void M() { S.{|RT1001:Send|}(default); } }")]
    [InlineData("class Tree : Dictionary<string, Tree> { [Sequenced] public new void Add(string name, Tree tree) { } void M() { this.{|RT1001:Add|}(\"type\", this); } }")]
    [InlineData("record R(R? Next, [property: RawAudio] byte[] Audio) { R Again() => this with { Audio = {|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String(Audio))|} }; }")]
    [InlineData("record struct P<T>(T[]? Next) where T : struct { [Sequenced] public void Send() { } void M() { new P<P<P<T>>>().{|RT1001:Send|}(); } }")]
    [InlineData("struct S<T> { public S<T>[]? Inner; [Borrowed] public ReadOnlyMemory<byte> Text => default; } class C { S<S<S<int>>> _kept; void M(S<S<S<int>>> s) { _kept = s; _kept.Inner = [s.Inner![0]]; } }")]
    [InlineData("class A { class B : A { class C : B { [Sequenced] public static void Send() { } void M() => {|RT1001:Send|}(); } } }")]
    [InlineData("[AttributeUsage(AttributeTargets.All)] class MineAttribute : Attribute { [Mine, Sequenced] public MineAttribute() { } [Mine] static object M() => new {|RT1001:MineAttribute|}(); }")]
    public Task TypeThatContainsItself_IsReadToTheEnd(string source) => AllRules.Verify(Usings + source);

    [Theory]
    [InlineData("Func<int, byte[]>? f = null; f = n => n == 0 ? Encoding.UTF8.GetBytes(text) : f!(n - 1); Line([..f(1)]);")]
    [InlineData("byte[] F(int n) => n == 0 ? Encoding.UTF8.GetBytes(text) : F(n - 1); Line({|RT2001:F(1)|});")]
    [InlineData("byte[] F(int n) => n == 0 ? Encoding.UTF8.GetBytes(text) : G(n); byte[] G(int n) => F(n - 1); Line({|RT2001:G(1)|});")]
    [InlineData("void F(byte[] pcm) { Line({|RT2001:pcm|}); F(pcm); } F(Encoding.UTF8.GetBytes(text));")]
    [InlineData("void F(int n) { void G() { F(n); void H() { G(); F(n); Line({|RT2001:Encoding.UTF8.GetBytes(text)|}); } H(); } G(); } F(1);")]
    [InlineData("Action a = null!; a = () => { Action b = () => { a(); Line({|RT2001:Encoding.UTF8.GetBytes(text)|}); }; b(); }; a();")]
    [InlineData("IEnumerable<byte[]> F(int n) { foreach (var inner in F(n - 1)) { yield return inner; } yield return Encoding.UTF8.GetBytes(text); } foreach (var pcm in F(3)) { Line(pcm); }")]
    [InlineData("async Task<byte[]> F() => await F(); Line(F().Result);")]
    public Task FunctionThatCallsItself_IsFollowedToTheEnd(string statements) =>
        AllRules.Verify($"{Usings}class Caller {{ static void Line([RawAudio] byte[] pcm) {{ }} void Talk([Base64Text] string text) {{ {statements} }} }}");

    [Theory]
    [InlineData("class C<T> : C<C<T>> { [Sequenced] public void Send() { } void M() => Send(); }")]
    [InlineData("struct S { S _inner; [Borrowed] public ReadOnlyMemory<byte> Text => _inner.Text; ReadOnlyMemory<byte> M() => Text; }")]
    [InlineData("struct S<T> { S<S<S<T>>> _inner; [Borrowed] public ReadOnlyMemory<byte> Text => _inner.Text; object M() => this; }")]
    [InlineData("interface I : I { [Sequenced] void Send(); } class C : I { public void Send() => ((I)this).Send(); }")]
    [InlineData("class A : B { [Sequenced] public virtual void Send() { } } class B : A { public override void Send() => base.Send(); }")]
    [InlineData("class C<T> where T : T { [RawAudio] public T Audio = default!; void M(T t) { Audio = t; Audio = Convert.ToBase64String([]); } }")]
    [InlineData("record R(R Next) : R(Next) { [Sequenced] public R Send() => this with { Next = Next.Send() }; }")]
    [InlineData("enum E { A = B, B = A } class C { const string X = Y, Y = X; [Sequenced] void M(E e) => M(E.A); [RawAudio] string F = X + \"response.create\"; }")]
    public Task TypeThatCannotContainItself_IsReadToTheEnd(string source) => AllRules.ComeToAnEnd(TestProject.Compile(Usings + source));
}
