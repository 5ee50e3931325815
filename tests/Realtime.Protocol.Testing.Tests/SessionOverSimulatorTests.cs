using System.IO.Pipelines;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>Both sides of the protocol, each written without looking at the other, in one process and without a socket.</summary>
public class SessionOverSimulatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SpokenTurn_GivesTheCallersAudioBack()
    {
        byte[] question = Sound.Speech(1_700);
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);

        await session.Input.WriteAsync(question, Stop);
        Turn turn = session.EndTurn();
        byte[] answer = await ReadAsync(turn.Audio);
        TurnResult result = await turn.Completion;

        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal("I heard 1.7 seconds of speech.", result.Transcript);
        Assert.Equal(question, answer);
        AssertGrammar(transport.Transcript);
    }

    [Fact]
    public async Task ToolRound_IsOneTurn_WithOneRequestForEachResponse()
    {
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => "noon");
        var options = new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk with { Tools = [clock] } };
        await using VoiceSession session = await VoiceSession.ConnectAsync(options.Over(transport), Stop);

        Turn turn = session.SendMessage("tool: what time is it?");
        TurnResult result = await turn.Completion;

        Assert.Equal("The tool returned: noon", result.Transcript);
        Assert.Equal(2, transport.Transcript.ClientTypes.Count(static type => type == "response.create"));
        Assert.Equal(2, transport.Transcript.ServerTypes.Count(static type => type == "response.done"));
        AssertGrammar(transport.Transcript);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task B1_AHundredTurns_NeverDeleteOrTruncateAnything(bool isSpoken, bool isRead)
    {
        byte[] question = Sound.Speech(300);
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);

        for (int i = 0; i < 100; i++)
        {
            if (isSpoken)
            {
                await session.Input.WriteAsync(question, Stop);
            }

            Turn turn = isSpoken ? session.EndTurn() : session.SendMessage($"question {i}");
            if (isRead)
            {
                await turn.Audio.CopyToAsync(Stream.Null, Stop);
            }

            TurnResult result = await turn.Completion;
            Assert.IsType<TurnOutcome.Completed>(result.Outcome);
            Assert.True(result.AudioBytes > 0);
            Assert.False(turn.Silenced.IsCancellationRequested);
        }

        Assert.DoesNotContain(transport.Transcript.ClientTypes, static type => type is "conversation.item.delete" or "conversation.item.truncate" or "response.cancel");
        AssertGrammar(transport.Transcript);
    }

    private static void AssertGrammar(Transcript transcript)
    {
        var grammar = new ServerGrammar();
        foreach (TranscriptLine line in transcript.Lines.Where(static line => line.Speaker == Speaker.Server))
        {
            grammar.Accept(System.Text.Encoding.UTF8.GetBytes(line.Json));
        }

        Assert.Empty(grammar.Violations);
        Assert.DoesNotContain("error", transcript.ServerTypes);
        Assert.Empty(WatchedWire.Judge(transcript));
    }

    private static async Task<byte[]> ReadAsync(PipeReader audio)
    {
        var all = new MemoryStream();
        await audio.CopyToAsync(all, Stop);
        return all.ToArray();
    }
}
