using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1003 reports: an entry through which anybody sends a response.create past the sequencer.</summary>
public class RT1003SequencerEntryForAnyoneTests
{
    internal const string Usings = "using System; using System.Buffers; using Realtime.Protocol; using Realtime.Protocol.Events; using Realtime.Protocol.Wire;\n";

    [Theory]
    [InlineData("[SequencerEntry] public static void {|RT1003:Send|}<T>(IBufferWriter<byte> output, T command) where T : struct, IJsonWritable => JsonWrite.Write(output, command);")]
    [InlineData("[SequencerEntry] public static void {|RT1003:Send|}(IBufferWriter<byte> output, ResponseCreate command) { EventWriter.Write(output, command); }")]
    [InlineData("[SequencerEntry] public void {|RT1003:Send|}(IBufferWriter<byte> output, in ResponseCreate command) { EventWriter.Write(output, in command); }")]
    [InlineData("[SequencerEntry] public void {|RT1003:Send|}(IBufferWriter<byte> output, ClientEvent command) { if (output is not null) { command.WriteTo(output); } }")]
    [InlineData("[SequencerEntry] public void {|RT1003:Send|}(ResponseCreate command) { Run(() => EventWriter.Write(Output, command)); }")]
    [InlineData("[SequencerEntry] protected void {|RT1003:Send|}(ResponseCreate command) => EventWriter.Write(Output, command);")]
    [InlineData("[SequencerEntry] public {|RT1003:Caller|}(ResponseCreate command) { EventWriter.Write(Output, command); }")]
    public Task PublicEntryThatSendsWhatItIsGiven(string member) => Verify(member);

    internal static Task Verify(string member) => AnalyzerVerifier.Verify<RT1003SequencerEntryForAnyone>(Usings + $$"""
        public class Caller
        {
            static IBufferWriter<byte> Output = null!;
            static void Run(Action send) { }
            {{member}}
        }
        """);
}
