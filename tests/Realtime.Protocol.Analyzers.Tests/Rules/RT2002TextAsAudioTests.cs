using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>What RT2002 reports. What it leaves alone is in <see cref="RT2002SilenceTests"/>.</summary>
public class RT2002TextAsAudioTests
{
    internal const Knows Libraries = Knows.Ours | Knows.Session | Knows.OpenAI | Knows.OpenAIBeta | Knows.VoiceLive | Knows.ExtensionsAI;

    internal const string Usings = """
        using System; using System.Buffers; using System.Buffers.Text; using System.Collections.Generic; using System.IO; using System.IO.Pipelines; using System.Linq; using System.Text; using System.Threading; using System.Threading.Tasks;
        using Azure.AI.VoiceLive; using Microsoft.Extensions.AI; using OpenAI.Realtime; using Realtime.Protocol; using Realtime.Protocol.Events; using BetaSession = OpenAI.RealtimeConversation.RealtimeConversationSession;

        #pragma warning disable OPENAI002, MEAI001, CS8602, CS8604

        """;

    [Theory]
    [InlineData("""await session.Input.WriteAsync({|RT2002:Encoding.UTF8.GetBytes(text)|});""")]
    [InlineData("""var bytes = Encoding.ASCII.GetBytes(text); await session.Input.WriteAsync({|RT2002:bytes|});""")]
    [InlineData("""await session.Input.WriteAsync({|RT2002:Encoding.UTF8.GetBytes(text).AsMemory(2)|});""")]
    [InlineData("""var bytes = pcm; if (pcm.Length == 0) bytes = Encoding.UTF8.GetBytes(text); await session.Input.WriteAsync({|RT2002:bytes|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2002:BinaryData.FromString(text)|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2002:new BinaryData(text)|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2002:BinaryData.FromBytes(Encoding.UTF8.GetBytes(text))|});""")]
    [InlineData("""await sdk.SendInputAudioAsync({|RT2002:new MemoryStream(Encoding.UTF8.GetBytes(text))|});""")]
    [InlineData("""await live.SendInputAudioAsync({|RT2002:Encoding.UTF8.GetBytes(text)|});""")]
    [InlineData("""beta.SendInputAudio({|RT2002:BinaryData.FromString(text)|});""")]
    [InlineData("""_ = new RealtimeClientCommandInputAudioBufferAppend({|RT2002:BinaryData.FromString(text)|});""")]
    [InlineData("""_ = new RealtimeClientCommandInputAudioBufferAppend { AudioBytes = {|RT2002:BinaryData.FromString(text)|} };""")]
    [InlineData("""var e = new InputAudioBufferAppend { Audio = {|RT2002:Encoding.UTF8.GetBytes(text)|} };""")]
    public Task CharactersSentAsSamples_AreReported(string statements) => Verify(statements);

    internal static string Source(string statements) => $"{Usings}class Caller\n{{\nasync Task Talk(VoiceSession session, RealtimeSessionClient sdk, BetaSession beta, VoiceLiveSession live, byte[] pcm, string text, Turn turn, RealtimeServerUpdateResponseOutputAudioDelta delta, SessionUpdateResponseAudioDelta liveDelta, Stream stream) {{ {statements} await Task.Yield(); }}\n}}";

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2002TextAsAudio>(Source(statements), Libraries);
}
