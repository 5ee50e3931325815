using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A session that loses its connection and goes on over another: what ends, what goes on, what is asked again, and when it is given up.</summary>
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
        byte[] sound = Sound(19_200);
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
    public async Task SpeechThatWasNotCommitted_IsSentAgain_AndWhatWasSaidMeanwhileFollows()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        byte[] sound = Sound(30_000);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        Assert.Equal(sound[..9_600], await SpokenAsync(first, 9_600));
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await session.Input.WriteAsync(sound.AsMemory(9_600, 9_600));
        Turn turn = session.EndTurn();
        await session.Input.WriteAsync(sound.AsMemory(19_200, 4_801)); // half a sample stays for later
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[..19_200], await SpokenAsync(second, 19_200));
        await second.ExpectAsync("input_audio_buffer.commit");
        JsonObject create = await second.ExpectAsync("response.create");
        await second.CreatedAsync("r1", create);
        await second.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await session.Input.WriteAsync(sound.AsMemory(24_001, 5_999));
        Assert.Equal(sound[19_200..], await SpokenAsync(second, 10_800));
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASpokenTurnThatWaited_HasItsSpeechSentAgain_UnlessItsWordsAreThere()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        byte[] sound = Sound(9_600);
        await session.Input.WriteAsync(sound);
        Turn spoken = session.EndTurn();
        await SpokenAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_said","previous_item_id":null}""");
        await first.SendAsync("""{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_said","type":"message","status":"completed","role":"user","content":[{"type":"input_audio"}]}}""");
        await first.SendAsync("""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_said","type":"message","status":"completed","role":"user","content":[{"type":"input_audio"}]}}""");
        await WaitForAsync(session, "item_said");
        await first.DisposeAsync();

        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound, await SpokenAsync(second, 9_600));
        await second.ExpectAsync("input_audio_buffer.commit");
        JsonObject create = await second.ExpectAsync("response.create");
        await second.CreatedAsync("r2", create);
        await second.DoneAsync("r2");
        Assert.IsType<TurnOutcome.Completed>((await spoken.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task TheAnswerToTheCommitOfATurnThatWasGivenUp_IsNotTakenForTheNextOnes()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        byte[] sound = Sound(19_200);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        Turn given = session.EndTurn();
        given.Cancel();
        await given.EndAsync();
        await session.Input.WriteAsync(sound.AsMemory(9_600));
        Turn spoken = session.EndTurn();
        await SpokenAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await SpokenAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_given","previous_item_id":null}""");
        await first.SendAsync("""{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"item_given","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":"Never mind."}]}}""");
        await first.SendAsync("""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"item_given","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":"Never mind."}]}}""");
        await WaitForAsync(session, "item_given");
        await first.DisposeAsync();

        (ScriptedServer second, _) = await row.AcceptNextAsync(1);
        Assert.Equal(sound[9_600..], await SpokenAsync(second, 9_600));
        await second.ExpectAsync("input_audio_buffer.commit");
        JsonObject create = await second.ExpectAsync("response.create");
        await second.CreatedAsync("r2", create);
        await second.DoneAsync("r2");
        Assert.IsType<TurnOutcome.Completed>((await spoken.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task SpeechOfATurnThatWasSent_EndsWithIt_AndIsNotSentAgain()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await session.Input.WriteAsync(Sound(9_600));
        Turn sent = session.EndTurn();
        await SpokenAsync(first, 9_600);
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.ExpectAsync("response.create");
        await first.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await sent.EndAsync()).Outcome);
        (ScriptedServer second, _) = await row.AcceptNextAsync(0);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn next = session.SendMessage("Hello.");
        await second.AnswerTextAsync("r1", "Hello to you.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task OfLongSpeech_TheNewestTwentySecondsAreSentAgain()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        const int kept = 20 * 48_000;
        byte[] sound = Sound(kept + 96_000);
        for (int at = 0; at < sound.Length; at += 48_000)
        {
            await session.Input.WriteAsync(sound.AsMemory(at, 48_000));
            await SpokenAsync(first, 48_000);
        }

        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[^kept..], await SpokenAsync(second, kept));
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

    [Fact]
    public async Task AttemptsThatFail_AreToldAndCounted_AndWhenNoneIsLeft_TheSessionEndsWithTheReason()
    {
        var row = new ServerRow { Refuses = static asked => asked > 1 ? new InvalidOperationException("no network") : null };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(policy: ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero, MaxAttempts = 3 }));
        Turn turn = session.SendMessage("Hello.");
        await first.TakeItemsAsync(1);
        await first.DisposeAsync();
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.NotEqual(RealtimeCloseKind.ByUs, reason.Kind);
        Assert.Equal(reason, session.CloseReason);
        Assert.Equal((4, VoiceSessionState.Ended), (row.Asked, session.State));
        await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>(static update => update.Attempt == 3);
        Assert.Equal([1, 2, 3], row.Updates.OfType<VoiceSessionUpdate.Reconnecting>().Select(static update => update.Attempt).ToArray());
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.False(Assert.Throws<RealtimeClosedException>(() => session.Respond()).IsReconnecting);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ATurnThatWaits_EndsWhenNoAttemptIsLeft()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(policy: ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero, MaxAttempts = 1 });
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn turn = session.SendMessage("Hello?");
        await second.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatTakesWhatWasSaid_AndCloses_IsNotTriedForEver()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        ReconnectPolicy policy = ReconnectPolicy.Standard with { FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(3), MaxAttempts = 3 };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(time, policy));
        await server.DisposeAsync();
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            server = await AttemptAsync(row, time, policy, attempt, attempt);
            await server.DisposeAsync();
        }

        await session.Ended.WaitAsync(Patience);
        Assert.Equal(4, row.Asked);
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AttemptsAreCountedAnew_WhenATurnHasCompleted_OrTheConnectionHasStood(bool hasTalked)
    {
        var time = new ManualTime();
        var row = new ServerRow();
        ReconnectPolicy policy = ReconnectPolicy.Standard with { FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(3), MaxAttempts = 1 };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(time, policy));
        await server.DisposeAsync();
        for (int loss = 1; loss <= 3; loss++)
        {
            server = await AttemptAsync(row, time, policy, 1, loss);
            if (hasTalked)
            {
                Turn turn = session.Respond();
                await server.CreatedAsync($"r{loss}", await server.ExpectAsync("response.create"));
                await server.DoneAsync($"r{loss}");
                Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
            }
            else
            {
                time.Advance(policy.MaxDelay + TimeSpan.FromMilliseconds(1));
            }

            if (loss < 3)
            {
                await server.DisposeAsync();
            }
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnErrorOfAnEarlierConnection_DoesNotMakeAPassingFailureFatal()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"insufficient_quota","message":"no"}}""");
        await first.SendAsync("""{"type":"rate_limits.updated","rate_limits":[]}"""); // the session went on, so it was not why it ended
        await row.UpdateAsync<VoiceSessionUpdate.Problem>();
        await first.DisposeAsync();
        await (await row.NextAsync()).DisposeAsync();
        ScriptedServer third = await row.NextAsync();
        await third.AcceptAsync("sess_3");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await third.EndAsync(session);
    }

    [Fact]
    public async Task WhateverBreaksWhileItConnectsAnew_TheSessionEnds_AndSaysSo()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Chance = static () => throw new InvalidOperationException("broken");
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = session.Respond();
        await first.ExpectAsync("response.create");
        await first.DisposeAsync();
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Contains(nameof(InvalidOperationException), reason.Description);
        Assert.DoesNotContain("broken", reason.ToString());
        Assert.Equal((reason, VoiceSessionState.Ended), (session.CloseReason, session.State));
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.Throws<RealtimeClosedException>(() => session.Respond());
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(System.Net.HttpStatusCode.Unauthorized)]
    [InlineData(System.Net.HttpStatusCode.Forbidden)]
    public async Task ARefusalThatTimeDoesNotMend_IsNotTriedAgain(System.Net.HttpStatusCode status)
    {
        var row = new ServerRow { Refuses = asked => asked > 1 ? new RealtimeConnectException(RealtimeConnectFailure.Refused, "no") { HttpStatus = status } : null };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await session.Ended.WaitAsync(Patience);
        Assert.Equal(2, row.Asked);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AFatalError_EndsTheSession_AndNothingIsTried()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"insufficient_quota","message":"no"}}""");
        await first.CloseAsync(1000, "");
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal(("insufficient_quota", 1), (reason.Error?.Code, row.Asked));
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClosingWhileItConnectsAnew_EndsAtOnce_AndEveryTurnWithIt(bool whileWaiting)
    {
        var time = new ManualTime();
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(whileWaiting ? time : null, whileWaiting ? ReconnectPolicy.Standard : null));
        await first.DisposeAsync();
        await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>();
        if (!whileWaiting)
        {
            await row.NextAsync(); // it answers nothing
        }

        Turn turn = session.SendMessage("Hello?");
        await session.CloseAsync().WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended.WaitAsync(Patience)).Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.Throws<RealtimeClosedException>(() => session.Respond());
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(whileWaiting ? 1 : 2, row.Asked);
    }

    [Fact]
    public async Task DisposalWhileItConnectsAnew_EndsEverything()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await row.NextAsync();
        Turn turn = session.SendMessage("Hello?");
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await session.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task TheWaitsGrow_ByThePolicyAndByChance()
    {
        var time = new ManualTime();
        var row = new ServerRow { Refuses = static asked => asked > 1 ? new InvalidOperationException("no network") : null };
        ReconnectPolicy policy = ReconnectPolicy.Standard with { FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(3), MaxAttempts = 4 };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(time, policy));
        await first.DisposeAsync();
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            int number = attempt;
            await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>(update => update.Attempt == number);
            await ServerRow.UntilAsync(() => time.ArmedTimers > 0);
            TimeSpan due = BackOff.Delay(policy, attempt, 0.5);
            int asked = row.Asked;
            time.Advance(due - TimeSpan.FromMilliseconds(1));
            Assert.Equal(asked, row.Asked);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await ServerRow.UntilAsync(() => row.Asked > asked);
        }

        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ServerWithADetection_HearsSpeechAgainFromWhereItBegan_AndNoLongSilence()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        byte[] sound = Sound(5 * 48_000);
        await session.Input.WriteAsync(sound.AsMemory(0, 4 * 48_000));
        await SpokenAsync(first, 4 * 48_000);
        await first.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":3500,"item_id":"item_1"}""");
        await row.UpdateAsync<VoiceSessionUpdate.SpeechStarted>();
        await session.Input.WriteAsync(sound.AsMemory(4 * 48_000));
        await SpokenAsync(first, 48_000);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        byte[] again = await SpokenAsync(second, 1_500 * 48);
        Assert.Equal(sound[(3_500 * 48)..], again);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await second.EndAsync(session);
    }

    /// <summary>The attempt of this number comes when it is due, and the session is resumed once more.</summary>
    private static async Task<ScriptedServer> AttemptAsync(ServerRow row, ManualTime time, ReconnectPolicy policy, int attempt, int resumed)
    {
        await ServerRow.UntilAsync(() => row.Updates.OfType<VoiceSessionUpdate.Reconnecting>().Count() == resumed);
        Assert.Equal(attempt, row.Updates.OfType<VoiceSessionUpdate.Reconnecting>().Last().Attempt);
        int asked = row.Asked;
        await ServerRow.UntilAsync(() =>
        {
            time.Advance(BackOff.Delay(policy, attempt, 0.5)); // its timer may not be armed yet
            return row.Asked > asked;
        });
        (ScriptedServer server, _) = await row.AcceptNextAsync(0, $"sess_{resumed + 1}");
        await ServerRow.UntilAsync(() => row.Updates.OfType<VoiceSessionUpdate.Resumed>().Count() == resumed);
        return server;
    }

    private static async Task WaitForAsync(VoiceSession session, string item) => await ServerRow.UntilAsync(() => session.Conversation.TryGet(item, out _));

    private static byte[] Sound(int bytes)
    {
        byte[] sound = new byte[bytes];
        new Random(7).NextBytes(sound);
        return sound;
    }

    private static async Task<byte[]> SpokenAsync(ScriptedServer server, int bytes)
    {
        var heard = new List<byte>();
        while (heard.Count < bytes)
        {
            heard.AddRange(Convert.FromBase64String((string)(await server.ExpectAsync("input_audio_buffer.append"))["audio"]!));
        }

        return [.. heard];
    }

    /// <summary>Opens a session, takes its configuration, and is gone.</summary>
    private sealed class BrokenBehindConfiguration : IRealtimeTransport
    {
        private readonly TaskCompletionSource<JsonObject> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _received;

        public RealtimeCloseReason? CloseReason { get; private set; }

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult(JsonNode.Parse(message.Span)!.AsObject());
            return new(true);
        }

        public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => _received++ switch
        {
            0 => Message("""{"type":"session.created","event_id":"event_1","session":{"type":"realtime","id":"sess_1"}}"""),
            1 => Message($$"""{"type":"session.updated","event_id":"event_2","session":{{(await _asked.Task.WaitAsync(cancellationToken))["session"]!.ToJsonString()}}}"""),
            _ => new(CloseReason = new(RealtimeCloseKind.ConnectionLost, null, "Cut.")),
        };

        public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;

        private static ReceivedMessage Message(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));
    }
}
