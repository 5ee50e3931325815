using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A session that loses its connection and goes on over another: what ends, what goes on, and what is asked again.</summary>
public sealed class ReconnectTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WithoutAPolicy_ALostConnectionEndsTheSession()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(policy: ReconnectPolicy.None));
        await server.DisposeAsync();
        await session.Ended.WaitAsync(Patience);
        Assert.Equal((VoiceSessionState.Ended, 1), (session.State, row.Asked));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ALineThatBreaksRightBehindTheConfiguration_FailsConnecting_OrIsConnectedAnew_AndNoDeadSessionIsGiven()
    {
        // The break is there before the thread that connects has heard of the configuration; now and then it is not, which is as good.
        for (int i = 0; i < 50; i++)
        {
            var row = new ServerRow();
            VoiceSessionOptions options = row.Options();
            Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>> connect = options.Transport!;
            options.Transport = async (asked, token) => row.Asked == 0 ? new BrokenBehindConfiguration() : await connect(asked, token);
            VoiceSession session;
            try
            {
                session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
            }
            catch (RealtimeConnectException failure)
            {
                Assert.Equal(RealtimeConnectFailure.ClosedEarly, failure.Failure);
                continue;
            }

            Assert.Null(session.CloseReason);
            await session.DisposeAsync();
        }
    }

    [Fact]
    public async Task ALostConnection_IsMadeAnew_ToldWhatWasSaid_AndTheSessionGoesOn()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        Turn one = session.SendMessage("My order is 4711.");
        await first.AnswerTextAsync("r1", "Thank you.");
        Assert.IsType<TurnOutcome.Completed>((await one.EndAsync()).Outcome);
        await first.DisposeAsync();

        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(2);
        Assert.Equal(["user", "assistant"], items.Select(static item => (string?)item["role"]));
        Assert.Equal(["My order is 4711.", "Thank you."], items.Select(static item => (string?)item["content"]![0]!["text"]));
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_1", "sess_2", 2), (resumed.OldId, resumed.NewId, resumed.ItemIds.Count));
        Assert.Empty(resumed.LeftOut);
        Assert.Equal(("sess_2", VoiceSessionState.Open), (session.Id, session.State));

        Turn two = session.SendMessage("And now?");
        Assert.Equal(2, two.Number);
        await second.AnswerTextAsync("r2", "Now it is here.");
        Assert.IsType<TurnOutcome.Completed>((await two.EndAsync()).Outcome);
        Assert.Equal(4, session.Conversation.Items.Count);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task TheConfigurationInForce_IsTheNewConnections()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        Task<SessionConfiguration> update = session.UpdateAsync(new() { Instructions = "Be brief." });
        JsonObject asked = await first.ExpectAsync("session.update");
        await first.SendAsync($$"""{"type":"session.updated","session":{{asked["session"]!.ToJsonString()}}}""");
        await update.WaitAsync(Patience);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Assert.Equal("Be brief.", (string?)(await second.AcceptAsync("sess_2"))["session"]!["instructions"]);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await second.EndAsync(session);
    }

    [Fact]
    public async Task TheTurnThatRan_EndsDisconnected_AndIsNotAskedAgain()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        Turn turn = session.SendMessage("Tell me a story.");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        await first.DisposeAsync();
        Assert.NotEqual(VoiceSessionState.Ended, session.State);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(1);
        Assert.Equal("Tell me a story.", (string?)items[0]["content"]![0]!["text"]);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn next = session.Respond();
        await second.AnswerAsync("r2", "Once upon a time.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ATurnOfADeadConnection_TakesReportsAndCancels_AndNothingHappens()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(new ManualTime()));
        Turn turn = session.SendMessage("Hello.");
        await first.AnswerTextAsync("r1", "Hello to you.", milliseconds: 400);
        await turn.EndAsync();
        await first.DisposeAsync();
        (ScriptedServer second, _) = await row.AcceptNextAsync(1); // nobody took the answer's sound, so nothing of it was heard
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        turn.ReportPlayed(4_800);
        turn.Cancel();
        session.Interrupt();
        Turn next = session.SendMessage("Still there?");
        await second.AnswerTextAsync("r2", "Yes.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ARequestThatWaited_GoesOutOnTheNewConnection_Once()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn running = session.SendMessage("One.");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        Turn waiting = session.SendMessage("Two.", new() { Instructions = "Shout." });
        await first.TakeItemsAsync(1);
        await first.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await running.EndAsync()).Outcome);

        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(2);
        Assert.Equal(["One.", "Two."], items.Select(static item => (string?)item["content"]![0]!["text"]));
        JsonObject create = await second.ExpectAsync("response.create");
        Assert.Equal("Shout.", (string?)create["response"]!["instructions"]);
        await second.CreatedAsync("r2", create);
        await second.DoneAsync("r2");
        Assert.IsType<TurnOutcome.Completed>((await waiting.EndAsync()).Outcome);
        Assert.Equal(2, waiting.Number);
        Assert.Equal(3, session.Respond().Number);
        await second.ExpectAsync("response.create");
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASessionThatExpires_KeepsWhatWaits_AndWhatIsSpokenRightBehind()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        byte[] sound = UserSound.Of(19_200);
        VoiceSession? session = null;
        var spoken = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        options.OnServerEvent = (in ServerEvent e) =>
        {
            // The session has heard of the event when its handler runs, and the connection ends on another thread.
            if (e.Kind is ServerEventKind.Error)
            {
                spoken.TrySetResult(session!.Input.WriteAsync(sound.AsMemory(0, 9_600)).AsTask());
            }
        };
        (session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn running = session.SendMessage("One.");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        Turn waiting = session.SendMessage("Two.", new() { Instructions = "Shout." });
        await first.TakeItemsAsync(1);
        await first.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"Over.","param":null,"event_id":null}}""");
        Assert.Equal(RealtimeCloseKind.Expired, Assert.IsType<TurnOutcome.Disconnected>((await running.EndAsync()).Outcome).Reason.Kind);
        await (await spoken.Task.WaitAsync(Patience)); // one writer at a time
        await session.Input.WriteAsync(sound.AsMemory(9_600));
        Assert.Equal(1, (await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>()).Attempt);

        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(2);
        Assert.Equal(["One.", "Two."], items.Select(static item => (string?)item["content"]![0]!["text"]));
        JsonObject? create = null;
        var heard = new List<byte>();
        while (create is null || heard.Count < sound.Length)
        {
            JsonObject message = await second.NextAsync();
            if ((string?)message["type"] == "input_audio_buffer.append")
            {
                heard.AddRange(Convert.FromBase64String((string)message["audio"]!));
            }
            else
            {
                Assert.Equal("response.create", (string?)message["type"]);
                create = message;
            }
        }

        Assert.Equal("Shout.", (string?)create["response"]!["instructions"]);
        Assert.Equal(sound, heard);
        await second.CreatedAsync("r2", create);
        await second.DoneAsync("r2");
        Assert.IsType<TurnOutcome.Completed>((await waiting.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ATurnAskedForMeanwhile_Waits_AndIsAskedForOnce()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn turn = session.SendMessage("While you were away.");
        Assert.Equal(VoiceSessionState.Reconnecting, session.State);
        Assert.False(turn.Completion.IsCompleted);
        await second.AcceptAsync("sess_2");
        await second.AnswerTextAsync("r1", "I am back.");
        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal("I am back.", result.Transcript);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task MoreTurnsThanMayWait_AreRefused_AndWithdrawnOnesAreNotSent()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn[] turns = [.. Enumerable.Range(0, 16).Select(_ => session.Respond(new() { Instructions = "Later." }))];
        Assert.Equal("BP-04", Assert.Throws<RealtimeRefusedException>(() => session.Respond()).Rule);
        turns[3].Cancel();
        Assert.IsType<TurnOutcome.Withdrawn>((await turns[3].EndAsync()).Outcome);
        session.Interrupt();
        Assert.All(await Task.WhenAll(turns.Select(static turn => turn.EndAsync())), static result => Assert.IsType<TurnOutcome.Withdrawn>(result.Outcome));
        await second.AcceptAsync("sess_2");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn last = session.Respond(new() { Instructions = "Now." });
        Assert.Equal("Now.", (string?)(await second.ExpectAsync("response.create"))["response"]!["instructions"]);
        Assert.Equal(17, last.Number);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task TurnsThatWaitedBefore_TakeNoRoomFromThoseAskedForMeanwhile()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn running = session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        Turn[] carried = [session.Respond(), session.Respond()];
        await first.DisposeAsync();
        await running.EndAsync();
        await row.NextAsync();
        Turn[] turns = [.. Enumerable.Range(0, 16).Select(_ => session.Respond())];
        Assert.Equal("BP-04", Assert.Throws<RealtimeRefusedException>(() => session.Respond()).Rule);
        session.Interrupt();
        Assert.All(await Task.WhenAll(carried.Concat(turns).Select(static turn => turn.EndAsync())), static result => Assert.IsType<TurnOutcome.Withdrawn>(result.Outcome));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task WhatElseIsAskedMeanwhile_IsRefusedAsReconnecting()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        RealtimeClosedException refused = await Assert.ThrowsAsync<RealtimeClosedException>(() => session.UpdateAsync(new() { Instructions = "Be brief." }));
        Assert.True(refused.IsReconnecting);
        Assert.True((await Assert.ThrowsAsync<RealtimeClosedException>(() => session.Conversation.AddAsync(ConversationItem.User("Hello.")))).IsReconnecting);
        Assert.Equal("TD-03", Assert.Throws<RealtimeRefusedException>(() => session.EndTurn()).Rule);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task AToolOfTheLostConnection_IsCancelled_AndALateOutputIsToldBehindItsCall_NeverRaw()
    {
        var row = new ServerRow();
        var cancelled = new TaskCompletionSource();
        var answer = new TaskCompletionSource<ToolCallOutput>();
        VoiceSessionOptions options = row.Options();
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, token) =>
            {
                using CancellationTokenRegistration told = token.Register(cancelled.SetResult);
                return await answer.Task; // it does not obey
            })],
        };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = session.SendMessage("Where is it?");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        await first.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await first.DoneAsync("r1");
        await row.UpdateAsync<VoiceSessionUpdate.ItemChanged>(changed => changed.Item.Id == "item_call");
        await first.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await cancelled.Task.WaitAsync(Patience);

        // The next connection is told that the call failed; the one after it, what it gave.
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        JsonObject[] told = await second.TakeItemsAsync(3);
        Assert.Equal(["message", "function_call", "function_call_output"], told.Select(static item => (string?)item["type"]));
        Assert.Contains("not run again", (string?)told[2]["output"]);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        answer.SetResult("Shipped on Monday.");
        VoiceSessionUpdate.Problem dropped = await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.ToolOutputDropped);
        Assert.Equal("FC-07", ((SessionProblem.ToolOutputDropped)dropped.Details).Rule);
        await second.DisposeAsync();
        (ScriptedServer third, JsonObject[] items) = await row.AcceptNextAsync(3, "sess_3");
        Assert.Equal("Shipped on Monday.", (string?)items[2]["output"]);
        await third.EndAsync(session);
    }

    [Fact]
    public async Task AnItemThatTheNewServerRefuses_IsPassedOver_AndToldAsLeftOut()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer first = await row.NextAsync();
        await first.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        foreach (string said in new[] { "one", "two", "three" })
        {
            Task<ConversationItem> added = session.Conversation.AddAsync(ConversationItem.User(said) with { Id = $"item_{said}" });
            await first.TakeItemsAsync(1);
            await added.WaitAsync(Patience);
        }

        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(1);
        JsonObject refused = await second.ExpectAsync("conversation.item.create");
        await second.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"no","param":"item","event_id":"{{{refused["event_id"]}}}"}}""");
        await second.TakeItemsAsync(1);
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(new ReplayOmission("item_two", OmissionReason.Refused), Assert.Single(resumed.LeftOut));
        Assert.Equal(["item_one", "item_three"], resumed.ItemIds.Keys.Order());
        await second.EndAsync(session);
    }
}
