using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 10: events that the application writes by itself, typed and as JSON, and the one that only the session sends.</summary>
public sealed class Program10OwnEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheyAreSentInOrder_AndACreateIsRefused()
    {
        CancellationToken ct = Stop;
        var output = new StringWriter();
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, ct);

        await session.SendAsync(new OutputAudioBufferClear(), ct);
        await session.SendAsync(new ConversationItemRetrieve { ItemId = "item_1" }, ct);
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}"""), ct);
        try
        {
            await session.SendRawAsync(RawJson.Parse("""{"type":"response.create"}"""), ct);
        }
        catch (RealtimeRefusedException refused)
        {
            output.WriteLine(refused.Rule);
        }

        Assert.Equal("RC-01", output.ToString().Trim());
        Assert.Equal(["session.update", "output_audio_buffer.clear", "conversation.item.retrieve", "vendor.ping"], transport.Transcript.ClientTypes);

        // What the simulator does not know, or hold, is a problem with the event's id, and harms nothing.
        Turn turn = session.SendMessage("Hello.");
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience, ct)).Outcome);
        var problems = new List<string?>();
        await session.CloseAsync(ct);
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(ct))
        {
            if (update is VoiceSessionUpdate.Problem(SessionProblem.Reported(var error, _)))
            {
                problems.Add(error.EventId);
            }
        }

        Assert.NotEmpty(problems);
        Assert.All(problems, static id => Assert.StartsWith("sent_", id));
    }

    [Fact]
    public async Task AnUpdateAndACancelOfOnesOwn_MoveTheSessionAsItsOwnDo()
    {
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);

        ValueTask sent = session.SendRawAsync(RawJson.Parse("""{"type":"session.update","session":{"type":"realtime","instructions":"One."}}"""), Stop);
        Task<SessionConfiguration> updated = session.UpdateAsync(new() { Instructions = "Two." }, Stop);
        await sent;
        Assert.Equal("Two.", (await updated.WaitAsync(Patience, Stop)).Instructions);

        await session.SendRawAsync(RawJson.Parse("""{"type":"conversation.item.create","item":{"id":"mine","type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]}}"""), Stop);
        await session.SendAsync(new ConversationItemDelete { ItemId = "mine" }, Stop);
        Turn turn = session.Respond();
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience, Stop)).Outcome);
        Assert.Contains("conversation.item.deleted", transport.Transcript.ServerTypes);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }
}
