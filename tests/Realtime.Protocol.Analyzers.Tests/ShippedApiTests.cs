using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>The rules against the API that ships: its members carry the marks that the rules look for.</summary>
public class ShippedApiTests
{
    private const string Usings = "using System; using System.Buffers; using System.Text; using Realtime.Protocol; using Realtime.Protocol.Events;\n";

    [Fact]
    public Task ResponseCreate_IsForTheSequencer() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(Usings + """
        class Caller
        {
            void Talk(IBufferWriter<byte> output) { EventWriter.{|RT1001:Write|}(output, new ResponseCreate()); }
            void Pass(IBufferWriter<byte> output, ResponseCreateView view) { view.{|RT1001:WriteTo|}(output); }
            void PassAny(IBufferWriter<byte> output, ClientEvent any) { any.{|RT1001:WriteTo|}(output); }
        }
        """);

    [Fact]
    public Task OtherEvents_AreForEveryone() => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(Usings + """
        class Caller
        {
            void Talk(IBufferWriter<byte> output) { EventWriter.Write(output, new InputAudioBufferCommit()); _ = new ResponseCreate { EventId = "evt_1" }; }
            void Pass(IBufferWriter<byte> output, InputAudioBufferCommitView view, ServerEvent any) { view.WriteTo(output); any.WriteTo(output); }
            [SequencerEntry] void Relay(IBufferWriter<byte> output, ResponseCreateView view) { view.WriteTo(output); EventWriter.Write(output, new ResponseCreate()); }
        }
        """);

    [Fact]
    public Task AudioOfAnEvent_IsRaw() => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(Usings + """
        class Caller
        {
            void Talk(IBufferWriter<byte> output, byte[] pcm) =>
                EventWriter.Write(output, new InputAudioBufferAppend { Audio = {|RT2001:Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))|} });
            void Pass(IBufferWriter<byte> output, ResponseOutputAudioDeltaView view) =>
                EventWriter.Write(output, new InputAudioBufferAppend { Audio = {|RT2001:Encoding.UTF8.GetBytes(view.Delta.Encoded.ToString())|} });
        }
        """);

    [Fact]
    public Task RawAudio_IsWelcome() => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(Usings + """
        class Caller
        {
            void Talk(IBufferWriter<byte> output, byte[] pcm) => EventWriter.Write(output, new InputAudioBufferAppend { Audio = pcm });
            void Pass(IBufferWriter<byte> output, ResponseOutputAudioDeltaView view) => EventWriter.Write(output, new InputAudioBufferAppend { Audio = view.Delta.Bytes });
            void Decode(IBufferWriter<byte> output, ResponseOutputAudioDeltaView view) =>
                EventWriter.Write(output, new InputAudioBufferAppend { Audio = Convert.FromBase64String(view.Delta.Encoded.ToString()) });
        }
        """);
}
