using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>Responses beside the conversation, from the session's verbs to a server that knows nothing of them, and back.</summary>
public class OutOfBandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAside_IsATurnLikeAnyOther_AndLeavesTheConversationAsItWas()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using VoiceSession owned = session;
        Turn turn = session.SendMessage("hello");
        Assert.False(turn.IsOutOfBand);
        await turn.Completion;

        Turn aside = session.Respond(ResponseRequest.OutOfBand with { Modality = OutputModality.Audio, Metadata = new Dictionary<string, string> { ["topic"] = "mood" } });
        var audio = new MemoryStream();
        await aside.Audio.CopyToAsync(audio, Stop);
        TurnResult result = await aside.Completion;

        Assert.True(aside.IsOutOfBand);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.True(result.AudioBytes > 0 && result.AudioBytes == audio.Length);
        Assert.NotNull(result.Usage);
        Assert.Single(transport.Transcript.Lines, static line => line.Speaker == Speaker.Client && line.Json.Contains("\"conversation\":\"none\"", StringComparison.Ordinal) && line.Json.Contains("\"topic\":\"mood\"", StringComparison.Ordinal));
        Assert.Equal(2, transport.Transcript.ServerTypes.Count(static type => type == "conversation.item.added"));
        AssertGrammar(transport.Transcript);
    }

    [Fact]
    public async Task ToolsOfAnAside_AnswerIntoItsNextRequest()
    {
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => "noon");
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(new() { Pace = ResponsePace.Immediate, Speaker = new Clerk() }, SessionConfiguration.PushToTalk with { Tools = [clock] });
        await using VoiceSession owned = session;
        await session.SendMessage("hello").Completion;
        int added = transport.Transcript.ServerTypes.Count(static type => type == "conversation.item.added");

        Turn aside = session.Respond(ResponseRequest.OutOfBand with { Instructions = "Look at the clock." });
        TurnResult result = await aside.Completion;

        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal("hello, and it is noon", result.Transcript);
        Assert.Equal((1, 2), (result.ToolCalls.Count, result.Responses));
        Assert.Equal(added, transport.Transcript.ServerTypes.Count(static type => type == "conversation.item.added"));
        Assert.Single(transport.Transcript.ClientTypes, static type => type == "conversation.item.create");
        AssertGrammar(transport.Transcript);
    }

    [Fact]
    public async Task AnAsideOfAServerThatRepeatsNothing_IsAsked_OneAtATime()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(new() { Pace = ResponsePace.Immediate, Service = new() { EchoMetadata = false } });
        await using VoiceSession owned = session;
        await session.SendMessage("hello").Completion;
        for (int i = 0; i < 3; i++)
        {
            Assert.IsType<TurnOutcome.Completed>((await session.Respond(ResponseRequest.OutOfBand).Completion).Outcome);
            Assert.IsType<TurnOutcome.Completed>((await session.Respond().Completion).Outcome);
        }

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

    private static async Task<(VoiceSession Session, InMemoryTransport Transport)> ConnectAsync(SimulatorOptions? server = null, SessionConfiguration? session = null)
    {
        var transport = new InMemoryTransport(server ?? new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        return (await VoiceSession.ConnectAsync(new() { Session = session ?? SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop), transport);
    }

    /// <summary>Looks at the clock when its instructions say so, and then says what it has read.</summary>
    private sealed class Clerk : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request)
        {
            string time = request.Conversation.LastOrDefault(static item => item.Kind == ItemKind.FunctionCallOutput)?.Output ?? "";
            string words = request.Conversation.FirstOrDefault(static item => item.Role == MessageItemRole.User)?.Parts[0].Text ?? "";
            return time == "" && request.Instructions.Contains("clock", StringComparison.Ordinal)
                ? new(new ModelOutput.Call("clock", "{}"))
                : new(new ModelOutput.Text(time == "" ? words : $"{words}, and it is {time}"));
        }
    }
}
