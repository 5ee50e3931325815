using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1001 where the member takes any event: what decides is the type that it is given, or what was asked about the event before.</summary>
public class RT1001TypeArgumentTests
{
    private const string Usings = "using System; using System.Buffers; using Realtime.Protocol; using Realtime.Protocol.Events; using Realtime.Protocol.Wire;\n";

    [Theory]
    [InlineData("JsonWrite.{|RT1001:Write|}(output, new ResponseCreate());")]
    [InlineData("JsonWrite.{|RT1001:Write<ResponseCreate>|}(output, new());")]
    [InlineData("IJsonWritable boxed = new {|RT1001:ResponseCreate|}();")]
    [InlineData("{|RT1001:Put|}(new ResponseCreate());")]
    [InlineData("Action<ResponseCreate> put = {|RT1001:Put|};")]
    [InlineData("any.{|RT1001:WriteTo|}(output);")]
    [InlineData("if (any.Kind == ClientEventKind.ResponseCreate) any.{|RT1001:WriteTo|}(output);")]
    [InlineData("if (any.Kind != ClientEventKind.SessionUpdate) any.{|RT1001:WriteTo|}(output);")]
    [InlineData("if (any.Kind == ClientEventKind.SessionUpdate) { } else any.{|RT1001:WriteTo|}(output);")]
    [InlineData("if (other.Kind == ClientEventKind.SessionUpdate) any.{|RT1001:WriteTo|}(output);")]
    [InlineData("switch (any.Kind) { case ClientEventKind.SessionUpdate: break; default: any.{|RT1001:WriteTo|}(output); break; }")]
    [InlineData("switch (any.Kind) { case ClientEventKind.ResponseCreate: case ClientEventKind.SessionUpdate: any.{|RT1001:WriteTo|}(output); break; }")]
    [InlineData("if (any.Kind == ClientEventKind.ResponseCreate) { Console.WriteLine(); } any.{|RT1001:WriteTo|}(output);")]
    [InlineData("if (any.TryGetResponseCreate(out _)) any.{|RT1001:WriteTo|}(output);")]
    public Task WhatMayBeACreate_IsReported(string statement) => Verify(statement);

    [Theory]
    [InlineData("JsonWrite.Write(output, default(SessionUpdate));")]
    [InlineData("JsonWrite.Write(output, new InputAudioBufferCommit());")]
    [InlineData("JsonWrite.Write(output, new Own());")]
    [InlineData("IJsonWritable free = new InputAudioBufferCommit();")]
    [InlineData("object boxed = new ResponseCreate();")]
    [InlineData("Put(new InputAudioBufferCommit());")]
    [InlineData("Keep(new ResponseCreate());")]
    [InlineData("if (any.Kind == ClientEventKind.SessionUpdate) any.WriteTo(output);")]
    [InlineData("if (any.Kind != ClientEventKind.ResponseCreate) any.WriteTo(output);")]
    [InlineData("if (!(any.Kind == ClientEventKind.ResponseCreate)) { any.WriteTo(output); }")]
    [InlineData("if (any.Kind == ClientEventKind.ResponseCreate) { } else { any.WriteTo(output); }")]
    [InlineData("if (any.Kind == ClientEventKind.ResponseCreate) { return; } any.WriteTo(output);")]
    [InlineData("if (any.Kind == ClientEventKind.ResponseCreate) { throw new Exception(); } { any.WriteTo(output); }")]
    [InlineData("if (any.Kind is ClientEventKind.SessionUpdate or ClientEventKind.InputAudioBufferCommit) any.WriteTo(output);")]
    [InlineData("if (any.Kind is not ClientEventKind.ResponseCreate && output is not null) any.WriteTo(output);")]
    [InlineData("if (any.TryGetSessionUpdate(out var update)) any.WriteTo(output);")]
    [InlineData("if (!any.TryGetResponseCreate(out _)) any.WriteTo(output);")]
    [InlineData("switch (any.Kind) { case ClientEventKind.SessionUpdate: any.WriteTo(output); break; }")]
    [InlineData("switch (any.Kind) { case ClientEventKind.ResponseCreate: break; default: any.WriteTo(output); break; }")]
    [InlineData("while (any.Kind == ClientEventKind.SessionUpdate) { any.WriteTo(output); }")]
    [InlineData("foreach (var i in new[] { 1 }) { if (any.Kind == ClientEventKind.ResponseCreate) continue; any.WriteTo(output); }")]
    public Task WhatCannotBeACreate_IsSilent(string statement) => Verify(statement);

    [Fact]
    public Task TypeParameter_IsJudgedByItsConstraint() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(Usings + """
        class Caller
        {
            void Any<T>(IBufferWriter<byte> output, T value) where T : struct, IJsonWritable => JsonWrite.{|RT1001:Write|}(output, value);
            void Sendable<T>(IBufferWriter<byte> output, T value) where T : struct, ISendableEvent => JsonWrite.Write(output, value);
        }
        """);

    private static Task Verify(string statement) => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(Usings + $$"""
        struct Own : IJsonWritable { public readonly void WriteTo<TSink>(scoped ref TSink sink) where TSink : struct, IJsonSink, allows ref struct { } }
        class Caller
        {
            static void Put<T>(T value) where T : IJsonWritable { }
            static void Keep<T>(T value) where T : struct { }
            void Talk(IBufferWriter<byte> output, ClientEvent any, ClientEvent other) { {{statement}} }
        }
        """);
}
