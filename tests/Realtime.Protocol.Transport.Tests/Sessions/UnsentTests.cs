using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What is not sent is told, and ends what waited for it: because too much waits already, or because of a bug of ours. The session goes on.</summary>
public sealed class UnsentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task B2_AnEventThatCannotBeWritten_EndsWhatWaitedForIt_AndNothingElse()
    {
        var updates = new SessionUpdates();
        bool fails = false;
        var queue = new SendQueue((output, command) =>
        {
            if (fails)
            {
                throw new InvalidOperationException("a bug");
            }

            CommandWriter.Write(output, command);
        });
        using var engine = new MachineGate(
            new MachineSettings { IdPrefix = "test" }, TimeProvider.System, new SessionHost(new(), updates, new(TimeProvider.System), new(NullLogger.Instance)), queue);
        Hear(engine, """{"type":"session.created","event_id":"event_1","session":{"type":"realtime"}}""");

        fails = true;
        Turn turn = engine.SubmitTurn(SessionIntent.TextTurn("hello", new ResponseParameters { Instructions = "x" })).Turn!;
        (_, Task<OperationResult> configured) = engine.SubmitOperation(SessionIntent.Configure(new Session { Type = SessionType.Realtime }));
        fails = false;

        Assert.True(turn.Completion.IsCompleted);
        Assert.Equal("not_sent", Assert.IsType<TurnOutcome.Rejected>((await turn.EndAsync()).Outcome).Error.Code);
        Assert.True(configured.IsCompleted);
        OperationResult refused = await configured;
        Assert.Equal((false, "not_sent"), (refused.IsCompleted, refused.Error?.Code));
        Assert.Equal(0, queue.WaitingBytes);

        Assert.NotNull(engine.SubmitTurn(SessionIntent.TextTurn("again")).Turn);
        Assert.True(queue.TryTake(out Outgoing next));
        Assert.Equal("conversation.item.create", (string?)JsonNode.Parse(next.Message.Span)!["type"]);
        next.GiveBack();

        updates.Complete();
        List<VoiceSessionUpdate> told = await updates.ReadAllAsync().ToListAsync();
        Assert.Equal(
            ["conversation.item.create", "response.create", "session.update"],
            told.OfType<VoiceSessionUpdate.Problem>().Select(problem => problem.Details).OfType<SessionProblem.NotSent>().Select(problem => problem.Type));
    }

    [Fact]
    public async Task BP04_AConnectionThatTakesNothing_RefusesWhatIsAsked_AndIsStillSilenced()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var slow = new SlowTransport(client, time);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(slow));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        slow.PerMessage = TimeSpan.FromMilliseconds(1);

        session.Input.Clear();
        Assert.True(await slow.Begun.WaitAsync(Patience));
        for (int i = 0; i < 9; i++)
        {
            session.SendMessage(new string('x', 1_000_000));
        }

        Assert.Equal("BP-04", Assert.Throws<RealtimeRefusedException>(() => session.SendMessage("hello")).Rule);
        Assert.Equal("BP-04", Assert.Throws<RealtimeRefusedException>(() => session.Respond()).Rule);
        Assert.Equal("BP-04", Assert.Throws<RealtimeRefusedException>(session.Input.Clear).Rule);
        session.Interrupt();
        Assert.Null(session.CloseReason);

        // The message that is under way ends, the others leave at once: two of them make room.
        slow.PerMessage = TimeSpan.Zero;
        time.Advance(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 5; i++)
        {
            await server.NextAsync();
        }

        session.SendMessage("hello");
        JsonObject message;
        do
        {
            message = await server.NextAsync();
        }
        while ((string?)message["item"]?["content"]![0]!["text"] != "hello");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task BP04_TheOutputOfATool_ThatFindsNoRoom_IsTold_AndAShortOneIsSentInItsPlace()
    {
        var time = new ManualTime();
        var output = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.WhenBusy = WhenBusy.Queue;
        options.AddTool("library", "", "{}", (_, _) => new(output.Task));
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var slow = new SlowTransport(client, time);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(slow));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_1", "call_1", "library", "{}");
        await server.DoneAsync("resp_1");

        slow.PerMessage = TimeSpan.FromMilliseconds(1);
        session.Input.Clear();
        Assert.True(await slow.Begun.WaitAsync(Patience));
        for (int i = 0; i < 9; i++)
        {
            session.SendMessage(new string('x', 1_000_000));
        }

        output.SetResult(new string('y', 257));
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync().WithCancellation(new CancellationTokenSource(Patience).Token))
        {
            if (update is VoiceSessionUpdate.Problem { Details: SessionProblem.NotSent unsent })
            {
                Assert.Equal("conversation.item.create", unsent.Type);
                break;
            }
        }

        // The turn goes on with it, after the answer to the texts: the call is answered, and nothing of the long output is ever sent.
        slow.PerMessage = TimeSpan.Zero;
        time.Advance(TimeSpan.FromMilliseconds(1));
        JsonObject? asked = null;
        JsonObject message;
        do
        {
            message = await server.NextAsync();
            asked ??= (string?)message["type"] == "response.create" ? message : null;
        }
        while ((string?)message["item"]?["type"] != "function_call_output");
        Assert.Equal(("call_1", """{"error":"The output could not be sent."}"""), ((string?)message["item"]!["call_id"], (string?)message["item"]!["output"]));
        await server.CreatedAsync("resp_2", asked);
        await server.DoneAsync("resp_2");
        await server.CreatedAsync("resp_3", await server.ExpectAsync("response.create"));
        await server.DoneAsync("resp_3");
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience)).Outcome);
        await server.EndAsync(session);
    }

    private static void Hear(MachineGate engine, string message)
    {
        Assert.True(ServerEvent.TryRead(System.Text.Encoding.UTF8.GetBytes(message), out ServerEvent e, out ReadError error), error.ToString());
        engine.Receive(in e);
    }
}
