using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>SE-11: a session that drains takes no new turn, hears out what runs, and hands on what was said; whoever calls it when, gets one answer.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AnIdleSession_EndsAtOnce_AndGivesWhatWasSaid()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("My order is 4711.");
        await server.AnswerTextAsync("r1", "Thank you.");
        await turn.EndAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        SessionCheckpoint left = await session.DrainAsync().WaitAsync(Patience);
        await goodbye;
        Assert.Equal(2, left.Items.Count);
        Assert.Empty(left.Questions);
        Assert.Equal((RealtimeCloseKind.Drained, true, VoiceSessionState.Ended), ((await session.Ended.WaitAsync(Patience)).Kind, session.CloseReason!.IsOrderly, session.State));
        Assert.Equal(left.ToUtf8Json().ToArray(), SessionCheckpoint.FromUtf8Json(left.ToUtf8Json().Span).ToUtf8Json().ToArray());
        await session.DisposeAsync();
    }

    [Fact]
    public async Task WhatRuns_IsHeardOut_AndNothingBegins()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Turn turn = session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("r1", "item_1");
        await server.AudioAsync("r1", "item_1", new byte[48_000]);
        Task<SessionCheckpoint> draining = session.DrainAsync();
        Assert.Equal(VoiceSessionState.Draining, session.State);
        Assert.Equal("SE-11", Assert.Throws<RealtimeRefusedException>(() => session.SendMessage("One more.")).Rule);
        Assert.Equal("SE-11", Assert.Throws<RealtimeRefusedException>(() => session.Respond()).Rule);
        Assert.Equal("SE-11", Assert.Throws<RealtimeRefusedException>(() => session.Respond(ResponseRequest.OutOfBand)).Rule);
        await server.TranscriptAsync("r1", "item_1", "Hello to you.");
        await server.EndItemAsync("r1", "item_1");
        await server.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        turn.ReportPlayed(24_000);
        await time.LookAsync(TimeSpan.FromSeconds(10));
        Assert.False(draining.IsCompleted); // half of it was heard
        turn.ReportPlayed(48_000);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await time.AdvanceUntilAsync(draining);
        await goodbye;
        Assert.Empty((await draining).Questions);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AToolRound_IsFinished()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        var answer = new TaskCompletionSource<ToolCallOutput>();
        options.Session = options.Session with { Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) => await answer.Task)] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await server.DoneAsync("r1");
        Task<SessionCheckpoint> draining = session.DrainAsync();
        answer.SetResult("On its way.");
        await server.TakeItemsAsync(1);
        await server.AnswerAsync("r2", "It is on its way.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        SessionCheckpoint left = await draining.WaitAsync(Patience);
        await goodbye;
        Assert.Equal(4, left.Items.Count);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ADrainThatAFunctionBegins_AndDoesNotWaitFor_HearsOutWhatTheModelSaysOfIt()
    {
        VoiceSession? session = null;
        var begun = new TaskCompletionSource<Task<SessionCheckpoint>>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("hang_up", "Hangs up.", """{"type":"object"}""", _ =>
            {
                begun.SetResult(session!.DrainAsync());
                return "Say goodbye.";
            })],
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = await CalledAsync(session, server, "hang_up");
        Assert.Equal("Say goodbye.", (string?)(await server.TakeItemsAsync(1))[0]["output"]);
        await server.AnswerAsync("r2", "Goodbye.");
        Assert.Equal("Goodbye.", (await turn.EndAsync()).Transcript);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        SessionCheckpoint left = await (await begun.Task).WaitAsync(Patience);
        await goodbye;
        Assert.Equal((4, 0), (left.Items.Count, left.Questions.Count));
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADrainThatAFunctionWaitsFor_EndsWithPatience_OrWithTheTimeOfTheTool(bool isPatienceOver)
    {
        VoiceSession? session = null;
        var time = new ManualTime();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var given = new TaskCompletionSource<SessionCheckpoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("hang_up", "Hangs up.", """{"type":"object"}""", async (_, _) =>
            {
                Task<SessionCheckpoint> draining = session!.DrainAsync(new CancellationToken(isPatienceOver));
                waits.SetResult();
                given.SetResult(await draining);
                return "Never said.";
            }) with { Timeout = TimeSpan.FromSeconds(20) }],
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = await CalledAsync(session, server, "hang_up");
        await waits.Task.WaitAsync(Patience);
        if (!isPatienceOver)
        {
            await server.TakenInAsync(session); // the end of the response as well
            Assert.False(given.Task.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(20));
            Assert.Contains("did not answer in time", (string?)(await server.TakeItemsAsync(1))[0]["output"]);
            await server.AnswerAsync("r2", "Goodbye.");
            Assert.Equal("Goodbye.", (await turn.EndAsync()).Transcript);
        }

        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await time.AdvanceUntilAsync(given.Task);
        await goodbye;
        Assert.Equal(RealtimeCloseKind.Drained, (await session.Ended.WaitAsync(Patience)).Kind);
        Assert.NotNull((await turn.EndAsync()).Outcome);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task WhenPatienceIsOver_WhatRunsIsInterrupted_AndTheCheckpointComesAllTheSame()
    {
        var time = new ManualTime(); // however slow the machine is, the server answers in time
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Turn turn = session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await StartedAsync(turn);
        using var patience = new CancellationTokenSource();
        Task<SessionCheckpoint> draining = session.DrainAsync(patience.Token);
        await patience.CancelAsync();
        await server.ExpectAsync("response.cancel");
        await server.DoneAsync("r1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");
        Assert.IsType<TurnOutcome.Interrupted>((await turn.EndAsync()).Outcome);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await time.AdvanceUntilAsync(draining);
        Assert.Single((await draining).Items);
        await goodbye;
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatDoesNotAnswerTheCancel_HoldsNobodyUp()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Turn turn = session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        Task<SessionCheckpoint> draining = session.DrainAsync(new CancellationToken(canceled: true));
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await time.AdvanceUntilAsync(draining);
        await goodbye;
        Assert.NotNull((await turn.EndAsync()).Outcome);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task CalledTwice_BothGetTheSame_AndThePatienceOfEachCounts()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Turn turn = session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await StartedAsync(turn);
        Task<SessionCheckpoint> one = session.DrainAsync();
        Task<SessionCheckpoint> two = session.DrainAsync(new CancellationToken(canceled: true));
        await server.ExpectAsync("response.cancel");
        await server.DoneAsync("r1", "cancelled");
        await turn.EndAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await time.AdvanceUntilAsync(one);
        Assert.Same(await one.WaitAsync(Patience), await two.WaitAsync(Patience));
        Assert.Same(await one, await session.DrainAsync().WaitAsync(Patience)); // after its end, too
        await goodbye;
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AfterTheEnd_ItIsRefused_WithTheReason()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.EndAsync(session);
        RealtimeClosedException refused = await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        Assert.Equal(session.CloseReason, refused.Reason);
        Assert.Empty(session.Checkpoint().Items);
    }

    [Fact]
    public async Task FromInsideAHandler_ItBegins_AndEndsWhenTheHandlerHasReturned()
    {
        VoiceSession? session = null;
        var begun = new TaskCompletionSource<Task<SessionCheckpoint>>();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.RateLimitsUpdated)
            {
                begun.SetResult(session!.DrainAsync());
            }
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await server.SendAsync("""{"type":"rate_limits.updated","rate_limits":[]}""");
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Assert.Empty((await (await begun.Task.WaitAsync(Patience)).WaitAsync(Patience)).Items);
        await goodbye;
        await session.DisposeAsync();
    }

    [Fact]
    public async Task DuringReconnecting_TheSessionEndsAtOnce_WithWhatWasSaid_AndTheTurnsThatWaitEnd()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        Turn turn = session.SendMessage("My order is 4711.");
        await first.AnswerTextAsync("r1", "Thank you.");
        await turn.EndAsync();
        await first.DisposeAsync();
        await row.NextAsync(); // it answers nothing
        Turn waiting = session.SendMessage("Hello?");
        SessionCheckpoint left = await session.DrainAsync().WaitAsync(Patience);
        Assert.Equal("My order is 4711.", ((ItemContent.Text)((ConversationItem.Message)left.Items[0]).Content[0]).Value);
        Assert.IsType<TurnOutcome.Disconnected>((await waiting.EndAsync()).Outcome);
        Assert.Equal(RealtimeCloseKind.Drained, (await session.Ended.WaitAsync(Patience)).Kind);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AConnectionThatIsLostMeanwhile_EndsTheSession_AndTheCheckpointComesAllTheSame()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        Turn turn = session.SendMessage("My order is 4711.");
        await first.TakeItemsAsync(1);
        await first.ExpectAsync("response.create");
        Task<SessionCheckpoint> draining = session.DrainAsync();
        await first.DisposeAsync();
        SessionCheckpoint left = await draining.WaitAsync(Patience);
        Assert.Equal(1, Assert.Single(left.Questions).Turn);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.Equal(1, row.Asked);
        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatAnswersByItself_IsToldNotTo()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond();
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        Task<SessionCheckpoint> draining = session.DrainAsync();
        JsonObject update = await server.ExpectAsync("session.update");
        Assert.False((bool)update["session"]!["audio"]!["input"]!["turn_detection"]!["create_response"]!);
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        await server.DoneAsync("r1");
        await turn.EndAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        await goodbye;
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatAnsweredByItself_DoesSoForWhoeverGoesOn()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad { IdleTimeout = TimeSpan.FromSeconds(6) } };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond();
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        Task<SessionCheckpoint> draining = session.DrainAsync();
        JsonObject silenced = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{silenced["session"]!.ToJsonString()}}}""");
        await server.DoneAsync("r1");
        await turn.EndAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        SessionCheckpoint left = await draining.WaitAsync(Patience);
        await goodbye;
        await session.DisposeAsync();

        var row = new ServerRow();
        VoiceSessionOptions next = row.Options();
        next.Session = new();
        next.ResumeFrom = left;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(next);
        ScriptedServer other = await row.NextAsync();
        JsonNode detection = (await other.AcceptAsync("sess_2"))["session"]!["audio"]!["input"]!["turn_detection"]!;
        Assert.Equal((true, 6000), ((bool)detection["create_response"]!, (int)detection["idle_timeout_ms"]!));
        VoiceSession resumed = await connecting.WaitAsync(Patience);
        await other.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await other.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":500,"item_id":"item_1"}""");
        await other.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_1","previous_item_id":null}""");
        await other.CreatedAsync("r9");
        Turn answer = await resumed.ReadServerTurnsAsync().FirstAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(TurnOrigin.ServerTurnDetection, answer.Origin);
        await other.EndAsync(resumed);
    }

    [Fact]
    public async Task ClosingMeanwhile_EndsTheSession_AndTheDrain()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        Task<SessionCheckpoint> draining = session.DrainAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await session.CloseAsync().WaitAsync(Patience);
        await goodbye;
        Assert.Single((await draining.WaitAsync(Patience)).Questions);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await session.DisposeAsync();
    }

    // A turn whose answer is a call.
    private static async Task<Turn> CalledAsync(VoiceSession session, ScriptedServer server, string function)
    {
        Turn turn = session.SendMessage("That is all.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", function, "{}");
        await server.DoneAsync("r1");
        return turn;
    }

    private static async Task StartedAsync(Turn turn) => await turn.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstAsync().AsTask().WaitAsync(Patience);
}
