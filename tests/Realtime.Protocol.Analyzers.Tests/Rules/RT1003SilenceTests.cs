using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using static Realtime.Protocol.Analyzers.Tests.Rules.RT1003SequencerEntryForAnyoneTests;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT1003 leaves alone: entries that make the event themselves, that only their own code reaches, or that pass the question on.</summary>
public class RT1003SilenceTests
{
    [Theory]
    [InlineData("[SequencerEntry] public void Ask() => EventWriter.Write(Output, new ResponseCreate());")]
    [InlineData("[SequencerEntry] public void Ask(string instructions) => EventWriter.Write(Output, new ResponseCreate { Response = new() { Instructions = instructions } });")]
    [InlineData("[SequencerEntry] public void Ask(IBufferWriter<byte> output) => EventWriter.Write(output, new ResponseCreate());")]
    [InlineData("[SequencerEntry] public void Note(ResponseCreate command) => Console.WriteLine(command.ToString());")]
    [InlineData("[SequencerEntry] public void Replace(ResponseCreate command) { var own = new ResponseCreate(); EventWriter.Write(Output, own); }")]
    public Task EntryThatMakesItsOwnEvent(string member) => Verify(member);

    [Theory]
    [InlineData("[SequencerEntry] void Forward(in ResponseCreateView request) => request.WriteTo(Output);")]
    [InlineData("[SequencerEntry] private static void Send<T>(T command) where T : struct, IJsonWritable => JsonWrite.Write(Output, command);")]
    [InlineData("[SequencerEntry] internal void Send(ResponseCreate command) => EventWriter.Write(Output, command);")]
    [InlineData("class Relay { [SequencerEntry] public void Send(ResponseCreate command) => EventWriter.Write(Output, command); }")]
    public Task EntryThatOnlyItsOwnCodeReaches(string member) => Verify(member);

    [Theory]
    [InlineData("[Sequenced] public void Send(ResponseCreate command) => EventWriter.Write(Output, command);")]
    [InlineData("[Sequenced, SequencerEntry] public void Send(ResponseCreate command) => EventWriter.Write(Output, command);")]
    [InlineData("public void Send<T>(T command) where T : struct, ISendableEvent => JsonWrite.Write(Output, command);")]
    [InlineData("[SequencerEntry] public void Send<T>(T command) where T : struct, ISendableEvent => JsonWrite.Write(Output, command);")]
    [InlineData("[SequencerEntry] public void Send(InputAudioBufferCommit command) => EventWriter.Write(Output, command);")]
    public Task EntryThatPassesTheQuestionOn_OrTakesWhatIsFree(string member) => Verify(member);

    [Fact]
    public Task WholeTypeThatIsARelay() => AnalyzerVerifier.Verify<RT1003SequencerEntryForAnyone>(Usings +
        "[SequencerEntry] public class Relay { public void Forward(IBufferWriter<byte> output, ClientEvent any) => any.WriteTo(output); }");

    [Fact]
    public Task GeneratedFile() => AnalyzerVerifier.Verify<RT1003SequencerEntryForAnyone>(
        Usings + "public class Caller { [SequencerEntry] public void Send(IBufferWriter<byte> output, ResponseCreate command) => EventWriter.Write(output, command); }",
        fileName: "Caller.g.cs");

    [Fact]
    public Task LookAlikeAttributes_InAnotherNamespace() => AnalyzerVerifier.Verify<RT1003SequencerEntryForAnyone>(
        """
        using Other;
        namespace Other
        {
            [System.AttributeUsage(System.AttributeTargets.All)] public class SequencedAttribute : System.Attribute { }
            [System.AttributeUsage(System.AttributeTargets.All)] public class SequencerEntryAttribute : System.Attribute { }
        }
        public static class Wire { [Sequenced] public static void Write(object request) { } }
        public class Caller { [SequencerEntry] public void Send(object command) => Wire.Write(command); }
        """);

    [Fact]
    public Task CompilationWithoutOurAssembly() => AnalyzerVerifier.Verify<RT1003SequencerEntryForAnyone>("public class Caller { public void Send(object command) { } }", Knows.Nothing);
}
