using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What whoever holds a turn sees of it when somebody speaks, or cancels it, while its tools run: its stream is open as long as something can still come through it, and no longer.</summary>
public sealed class WaitingForToolsTests
{
    [Fact]
    public async Task ATurnThatSpoke_IsInterruptedByTheUser_WhileItsToolRuns_AndItsStreamAndItsCompletionEndTogether()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, CallingTool tool) = await CallingAsync(Pcm(48_000, seed: 1));
        Task<byte[]> audio = ReadAllAsync(turn.Audio);

        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":1,"item_id":"item_u"}""");

        TurnResult result = await turn.EndAsync();
        Assert.Equal(InterruptionReason.UserSpeech, Assert.IsType<TurnOutcome.Interrupted>(result.Outcome).Reason);
        Assert.InRange((await audio).Length, 0, 48_000);
        Assert.True(turn.Silenced.WaitHandle.WaitOne(Patience));
        await tool.Cancelled.Task.WaitAsync(Patience); // nobody waits for its output any more, and the conversation still takes it
        tool.Output.SetResult("12:00");
        JsonNode output = await NextItemAsync(server);
        Assert.Equal(("call_1", "12:00"), ((string?)output["call_id"], (string?)output["output"]));

        await AnswerTheUserAsync(server);
        Assert.DoesNotContain(await RestAsync(session, server), static sent => (string?)sent["type"] is "response.create" or "response.cancel");
        Assert.Equal((1, 48_000), (result.Responses, result.AudioBytes));
    }

    [Fact]
    public async Task ASilentTurn_GoesOnWhenTheUserSpeaks_AndItsAnswerComesThroughItsStream()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, CallingTool tool) = await CallingAsync([]);
        Task<byte[]> audio = ReadAllAsync(turn.Audio);

        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":1,"item_id":"item_u"}""");
        await AnswerTheUserAsync(server);
        tool.Output.SetResult("12:00");
        await server.ItemAsync(await NextItemAsync(server));
        byte[] answer = Pcm(9_600, seed: 2);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", answer);

        Assert.Equal(answer, await audio);
        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(2, result.Responses);
        Assert.False(turn.Silenced.IsCancellationRequested);
        Assert.False(tool.Cancelled.Task.IsCompleted);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatIsCancelled_WhileItsToolRuns_EndsAtOnce()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, CallingTool tool) = await CallingAsync([]);

        turn.Cancel();

        Assert.Equal(InterruptionReason.Application, Assert.IsType<TurnOutcome.Interrupted>((await turn.EndAsync()).Outcome).Reason);
        Assert.Empty(await ReadAllAsync(turn.Audio));
        await tool.Cancelled.Task.WaitAsync(Patience);
        tool.Output.SetResult("12:00");
        Assert.Equal("12:00", (string?)(await NextItemAsync(server))["output"]);
        Assert.Empty(await RestAsync(session, server));
    }

    [Fact]
    public async Task AnAnswerThatWasAskedForAlready_IsCancelledUnheard_WhenTheUserSilencedItsTurn()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, CallingTool tool) = await CallingAsync(Pcm(4_800, seed: 3));
        tool.Output.SetResult("12:00");
        await server.ItemAsync(await NextItemAsync(server));
        JsonObject create = await server.ExpectAsync("response.create");

        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":1,"item_id":"item_u"}""");
        await turn.EndAsync();
        await server.CreatedAsync("resp_2", create);

        Assert.Equal("resp_2", (string?)(await server.ExpectAsync("response.cancel"))["response_id"]);
        Assert.Equal(1, (await turn.EndAsync()).Responses);
        Assert.Empty(await RestAsync(session, server));
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A tool that gives its output when the test says so, and says when it is cancelled.
    private sealed class CallingTool
    {
        public TaskCompletionSource<ToolCallOutput> Output { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // A turn in a session in which the server takes the turns. Its first response said this, called a tool that still runs, and is done.
    private static async Task<(VoiceSession Session, ScriptedServer Server, Turn Turn, CallingTool Tool)> CallingAsync(byte[] said)
    {
        var tool = new CallingTool();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new VoiceSessionOptions
        {
            Session = new() { TurnTaking = new TurnTaking.ServerVad() },
            OnServerEvent = (in ServerEvent e) =>
            {
                if (e.Kind is ServerEventKind.ResponseDone)
                {
                    done.TrySetResult();
                }
            },
        };
        options.AddTool("clock", "", "{}", (_, cancellation) =>
        {
            cancellation.Register(tool.Cancelled.SetResult);
            return new(tool.Output.Task);
        });
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("What time is it?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        if (said.Length > 0)
        {
            await server.BeginItemAsync("resp_1", "item_1");
            await server.AudioAsync("resp_1", "item_1", said);
            await server.EndItemAsync("resp_1", "item_1");
        }

        await server.CallAsync("resp_1", "item_call", "call_1", "clock", "{}");
        await server.DoneAsync("resp_1");
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.ToolStarted)
            {
                break;
            }
        }

        await done.Task.WaitAsync(Patience);
        return (session, server, turn, tool);
    }

    private static async Task AnswerTheUserAsync(ScriptedServer server)
    {
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await server.CreatedAsync("resp_user");
        await server.DoneAsync("resp_user");
    }

    // Skips the cut of what was said: how far that was read when the user spoke is the reader's affair.
    private static async Task<JsonNode> NextItemAsync(ScriptedServer server)
    {
        JsonObject next = await server.NextAsync();
        while ((string?)next["type"] == "conversation.item.truncate")
        {
            next = await server.NextAsync();
        }

        Assert.Equal("conversation.item.create", (string?)next["type"]);
        return next["item"]!;
    }

    // What the client says until it has said goodbye.
    private static async Task<JsonObject[]> RestAsync(VoiceSession session, ScriptedServer server)
    {
        int before = server.Received.Count;
        Task<RealtimeCloseReason> end = server.ReadToEndAsync();
        await session.DisposeAsync();
        await end;
        return [.. server.Received.Skip(before)];
    }
}
