using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Inputs;

/// <summary>A member of an <c>extension</c> block is read like any other member: what is wrong in it is reported, and its receiver is a parameter of it.</summary>
public class ExtensionBlockTests
{
    private const string Session = "using System; using System.Threading.Tasks; using System.IO.Pipelines; using System.Buffers; using System.Text; using Realtime.Protocol; using Realtime.Protocol.Events;\n";
    private const string Wire = Session + "static class Wire { [Sequenced] public static void Write(object i) { } [Sequenced] public static int Next => 1; }\n";

    [Theory]
    [InlineData("public void Ask() => Wire.{|RT1001:Write|}(text);")]
    [InlineData("public void Ask() { Action a = () => Wire.{|RT1001:Write|}(text); a(); }")]
    [InlineData("public int Length2 { get { Wire.{|RT1001:Write|}(text); return 2; } }")]
    [InlineData("public int Length3 => Count(() => Wire.{|RT1001:Write|}(text));")]
    [InlineData("public static void Ask() { Wire.{|RT1001:Write|}(1); }")]
    [InlineData("public static int Count2 { get => 1; set { Wire.{|RT1001:Write|}(value); } }")]
    public Task SequencedUse_IsReported(string member) => AllRules.Verify(Wire + $$"""static class X { static int Count(Action a) => 1; extension(string text) { {{member}} } }""");

    [Theory]
    [InlineData("public async Task Cut(string id) => await session.Conversation.TruncateAsync(id, {|RT1022:TimeSpan.Zero|});")]
    [InlineData("public async Task Cut(string id, System.Diagnostics.Stopwatch watch) { await session.Conversation.TruncateAsync(id, {|RT1036:watch.Elapsed|}); }")]
    [InlineData("public void Cut(string id, TimeSpan at) { session.Conversation.{|RT1012:TruncateAsync|}(id, at); }")]
    [InlineData("public async Task Wait2() { await session.UpdateAsync(new() { Instructions = \"Be short.\" }); await Task.{|RT1035:Delay|}(500); session.Respond(); }")]
    [InlineData("public void Answer() { session.SubmitToolOutput(\"call_1\", \"ok\"); session.{|RT1033:Respond|}(); }")]
    [InlineData("public async Task Say(byte[] pcm) { var text = Convert.ToBase64String(pcm); await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(text)|}); }")]
    public Task WhatASessionIsToldWrong_IsReported(string member) => AllRules.Verify(Session + $$"""static class X { extension(VoiceSession session) { {{member}} } }""", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("public async Task Play(Action<byte[]> play) { var result = await audio.ReadAsync(); var buffer = result.Buffer; audio.AdvanceTo(buffer.End); play({|RT3001:buffer|}.ToArray()); }")]
    [InlineData("public async Task<ReadOnlySequence<byte>> Take() { var result = await audio.ReadAsync(); return {|RT3002:result.Buffer|}; }")]
    public Task MemoryThatIsLent_IsReported(string member) => AllRules.Verify(Session + $$"""public static class X { extension(PipeReader audio) { {{member}} } }""", Knows.Ours | Knows.Session);

    [Fact]
    public Task ReaderThatIsMovedAsACopy_IsReported() => AllRules.Verify(
        "using Realtime.Protocol; [Cursor] struct Cursor { public bool Read() => true; }\nstatic class X { extension(Cursor cursor) { public void Skip() { Take({|RT3003:cursor|}); cursor.Read(); } } static void Take(Cursor c) => c.Read(); }");

    [Fact]
    public Task ReceiverThatIsBase64Text_IsFollowed() => AllRules.Verify(
        Session + "static class X { extension([Base64Text] string text) { public async Task Say(VoiceSession session) { await session.Input.WriteAsync({|RT2001:Encoding.UTF8.GetBytes(text)|}); } } }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("public void Keep() { _kept = {|RT3002:memory|}; }")]
    [InlineData("public bool Keep() { _all.Add({|RT3002:memory|}); return true; }")]
    public Task ReceiverThatIsBorrowed_IsFollowed(string member) => AllRules.Verify(
        Session + $$"""static class X { static ReadOnlyMemory<byte> _kept; static System.Collections.Generic.List<ReadOnlyMemory<byte>> _all = []; extension([Borrowed] ReadOnlyMemory<byte> memory) { {{member}} } }""");

    [Theory]
    [InlineData("public void Keep() { _kept = memory.ToArray(); }")]
    [InlineData("public int Count() { var other = memory; return other.Length; }")]
    [InlineData("public void Keep(ReadOnlyMemory<byte> mine) { _kept = mine; Console.WriteLine(memory.Length); }")]
    public Task ReceiverThatIsBorrowed_AndCopied_IsSilent(string member) => AllRules.Verify(
        Session + $$"""static class X { static ReadOnlyMemory<byte> _kept; extension([Borrowed] ReadOnlyMemory<byte> memory) { {{member}} } }""");

    [Fact]
    public Task ReceiverThatIsAnEvent_MakesAHandler() => AllRules.Verify(
        Session + "static class X { extension(VoiceSessionUpdate.SpeechStarted started) { public void Handle() { Console.WriteLine(started); Task.Delay(1).{|RT1014:Wait|}(); } } }", Knows.Ours | Knows.Session);

    [Fact]
    public Task ReceiverThatIsNoEvent_MakesNone() => AllRules.Verify(
        Session + "static class X { extension(VoiceSession session) { public void Handle() { Console.WriteLine(session); Task.Delay(1).Wait(); } } }", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("public void Ask() => Wire.Read(text);")]
    [InlineData("[SequencerEntry] public void Ask() => Wire.Write(text);")]
    [InlineData("[Sequenced] public void Ask() => Wire.Write(text);")]
    [InlineData("public string Ask() => nameof(Wire.Write);")]
    public Task RightCode_IsSilent(string member) => AllRules.Verify(
        "using System; using Realtime.Protocol; static class Wire { [Sequenced] public static void Write(object i) { } public static void Read(object i) { } }\n" + $$"""static class X { extension(string text) { {{member}} } }""");

    [Theory]
    [InlineData("public async Task Cut(string id, TimeSpan heard) => await session.Conversation.TruncateAsync(id, heard);")]
    [InlineData("public Task Cut(string id, TimeSpan heard) => session.Conversation.TruncateAsync(id, heard);")]
    [InlineData("public void Cut(string id, TimeSpan heard) { _ = session.Conversation.TruncateAsync(id, heard); }")]
    [InlineData("public async Task Say(byte[] pcm) { await session.Input.WriteAsync(pcm); }")]
    [InlineData("public void Answer() { session.SubmitToolOutput(\"call_1\", \"ok\"); }")]
    [InlineData("public bool Is => session.GetHashCode() == 0;")]
    public Task WhatASessionIsToldRight_IsSilent(string member) => AllRules.Verify(Session + $$"""static class X { extension(VoiceSession session) { {{member}} } }""", Knows.Ours | Knows.Session);

    [Theory]
    [InlineData("public async Task Play(Action<byte[]> play) { var result = await audio.ReadAsync(); var buffer = result.Buffer; play(buffer.ToArray()); audio.AdvanceTo(buffer.End); }")]
    [InlineData("public async Task<byte[]> Take() { var result = await audio.ReadAsync(); return result.Buffer.ToArray(); }")]
    public Task MemoryThatIsGivenBackInTime_IsSilent(string member) => AllRules.Verify(Session + $$"""public static class X { extension(PipeReader audio) { {{member}} } }""", Knows.Ours | Knows.Session);

    [Fact]
    public Task GeneratedFile_IsSilent() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(Wire + "static class X { extension(string text) { public void Ask() => Wire.Write(text); } }", fileName: "Caller.g.cs");
}
