using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT1001 beside programs that work with our events and are right: relays that are marked, recorders and tests that read, clients that send what is free.</summary>
public class RT1001NeighbourTests
{
    [Theory]
    [InlineData("EventWriter.Write(output, new InputAudioBufferAppend { Audio = pcm }); EventWriter.Write(output, new InputAudioBufferCommit());")]
    [InlineData("EventWriter.Write(output, new SessionUpdate { Session = new Session { Instructions = \"Be short.\" } });")]
    [InlineData("EventWriter.Write(output, new ResponseCancel()); EventWriter.Write(output, new ConversationItemDelete { ItemId = \"item_1\" });")]
    [InlineData("ISendableEvent[] script = []; Console.WriteLine(script.Length + nameof(ResponseCreate));")]
    [InlineData("var counts = new Dictionary<ClientEventKind, int> { [ClientEventKind.ResponseCreate] = 1 }; counts[any.Kind]++;")]
    [InlineData("Console.WriteLine(any.Kind == ClientEventKind.ResponseCreate ? \"asks\" : \"says\");")]
    [InlineData("if (any.TryGetResponseCreate(out var create)) { Console.WriteLine(create.EventId.ToString()); }")]
    [InlineData("var kind = any.Kind switch { ClientEventKind.ResponseCreate => typeof(ResponseCreate), _ => typeof(SessionUpdate) }; Console.WriteLine(kind);")]
    [InlineData("ResponseParameters wanted = new() { Instructions = \"Be short.\" }; Console.WriteLine(wanted);")]
    public Task EventsThatAreFree_OrOnlyRead(string statements) => Verify($"void Talk(IBufferWriter<byte> output, ClientEvent any, byte[] pcm) {{ {statements} }}");

    [Theory]
    [InlineData("[SequencerEntry] class Relay(IBufferWriter<byte> output) { public void Forward(ClientEvent any) => any.WriteTo(output); }")]
    [InlineData("[SequencerEntry] class Simulator { public void Answer(IBufferWriter<byte> output) { for (var i = 0; i < 3; i++) { EventWriter.Write(output, new ResponseCreate()); } } }")]
    [InlineData("class Relay { [SequencerEntry] void Forward(IBufferWriter<byte> output, in ResponseCreateView request) { request.WriteTo(output); } void Idle() { } }")]
    [InlineData("class Queue { readonly Queue<Action> _open = new(); [SequencerEntry] void Ask(IBufferWriter<byte> output) => _open.Enqueue(() => EventWriter.Write(output, new ResponseCreate())); void Next() => _open.Dequeue()(); }")]
    public Task RelayOrSimulator_ThatIsMarked(string members) => Verify(members);

    [Theory]
    [InlineData("void Talk(VoiceSession session) { session.Respond(); session.SendMessage(\"hi\"); session.EndTurn(); }")]
    [InlineData("async Task Talk(VoiceSession session) { await session.SendAsync(new OutputAudioBufferClear()); await session.SendAsync(new ConversationItemRetrieve { ItemId = \"item_1\" }); }")]
    [InlineData("void Talk(VoiceSession session) { Func<ResponseRequest?, Turn> ask = session.Respond; ask(null); }")]
    public Task OurSession_IsTheSequencer(string members) => Verify(members);

    private static Task Verify(string members) => AnalyzerVerifier.Verify<RT1001ResponseCreateOutsideSequencer>(
        "using System; using System.Buffers; using System.Collections.Generic; using System.Threading.Tasks; using Realtime.Protocol; using Realtime.Protocol.Events; using Realtime.Protocol.Wire;\nclass Caller { " + members + " }",
        Knows.Ours | Knows.Session);
}
