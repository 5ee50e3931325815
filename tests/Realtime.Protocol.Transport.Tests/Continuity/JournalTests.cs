using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A call that is kept in a journal: claimed when connecting, saved at what is worth keeping, ended by closing, left by everything else, and given up to whoever claims it next.</summary>
public sealed class JournalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ACallThatTheStoreKnows_GoesOn_InAnotherSession()
    {
        var store = new Watched();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(store);
        options.Reconnect = ReconnectPolicy.None; // or it takes the server of the second one, when it dies
        (VoiceSession first, ScriptedServer server) = await row.ConnectAsync(options);
        Turn turn = first.SendMessage("My order is 4711.");
        await server.AnswerTextAsync("r1", "Thank you.");
        await turn.EndAsync();
        await StoredAsync(store, items: 2);
        await server.EndAsync(first); // it dies

        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(row.Options(store));
        (ScriptedServer other, _) = await row.AcceptNextAsync(2);
        VoiceSession second = await connecting.WaitAsync(Patience);
        Assert.Equal(2, second.SendMessage("And now?").Number);
        await other.TakeItemsAsync(1);
        await other.EndAsync(second);
    }

    [Fact]
    public async Task AnAnswerThatWasHeardOut_IsStoredAsHeard_WithTheLastReport()
    {
        (Watched store, _, VoiceSession session, ScriptedServer server) = await OpenAsync();
        Turn turn = session.Respond();
        turn.ReportPlayed(0);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("r1", "item_1");
        await server.AudioAsync("r1", "item_1", new byte[480]);
        await server.TranscriptAsync("r1", "item_1", "Thank you.");
        await server.EndItemAsync("r1", "item_1");
        await server.DoneAsync("r1");
        await turn.Completion.WaitAsync(Patience);
        await StoredAsync(store, items: 1);
        turn.ReportPlayed(240);
        Assert.DoesNotContain("Thank you.", Encoding.UTF8.GetString(store.Saved!), StringComparison.Ordinal);

        turn.ReportPlayed(480);

        await ServerRow.UntilAsync(() => Encoding.UTF8.GetString(store.Saved!).Contains("Thank you.", StringComparison.Ordinal));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task Closing_EndsTheEntry()
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer server) = await OpenAsync();
        await StoredAsync(store, items: 0);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await session.CloseAsync().WaitAsync(Patience);
        await goodbye;
        await session.DisposeAsync();
        Assert.Null((await store.ClaimAsync("call", "me", default)).Checkpoint);
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("loss")]
    [InlineData("disposal")]
    public async Task EveryOtherEnd_LeavesTheEntry(string end)
    {
        var store = new Watched();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(store);
        options.Reconnect = ReconnectPolicy.None;
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        Turn turn = session.SendMessage("My order is 4711.");
        await server.AnswerTextAsync("r1", "Thank you.");
        await turn.EndAsync();
        await StoredAsync(store, items: 2);
        switch (end)
        {
            case "drain":
                Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
                await session.DrainAsync().WaitAsync(Patience);
                await goodbye;
                break;
            case "loss":
                await server.DisposeAsync();
                await session.Ended.WaitAsync(Patience);
                await session.CloseAsync().WaitAsync(Patience); // it does nothing any more
                break;
        }

        await server.EndAsync(session);
        Assert.Equal(2, SessionCheckpoint.FromUtf8Json((await store.ClaimAsync("call", "me", default)).Checkpoint!.Value.Span).Items.Count);
    }

    [Fact]
    public async Task ADrainBetweenConnections_EndsWhenTheQuestionThatWaitsIsStored()
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer first) = await OpenAsync();
        await StoredAsync(store, items: 0);
        await first.DisposeAsync();
        await row.NextAsync(); // it answers nothing
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Answers = answers.Task;
        session.SendMessage("My order is 4711.");
        Task<SessionCheckpoint> draining = session.DrainAsync();
        await session.Ended.WaitAsync(Patience); // nobody waits for the store to learn that it is over
        Assert.False(draining.IsCompleted);
        answers.SetResult();
        Assert.Single((await draining.WaitAsync(Patience)).Items);
        Assert.Single(SessionCheckpoint.FromUtf8Json(store.Saved).Items);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ASessionWhoseCallWasClaimed_EndsAsHandedOver_AtItsNextSave()
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer server) = await OpenAsync();
        await ServerRow.UntilAsync(() => store.Saved is not null); // the save of the beginning would be refused, too
        await store.ClaimAsync("call", "another", default);
        session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.HandedOver, (await session.Ended.WaitAsync(Patience)).Kind);
        await goodbye;
        Assert.Equal(1, row.Asked);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ACallThatWasClaimedByOneThatFails_IsNobodys_AndWhoeverClaimsItNextGoesOn()
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer server) = await OpenAsync();
        await ServerRow.UntilAsync(() => store.Saved is not null);
        Task added = session.Conversation.AddAsync(ConversationItem.User("Hello."));
        await server.TakeItemsAsync(1);
        await added.WaitAsync(Patience);
        await ServerRow.UntilAsync(() => SessionCheckpoint.FromUtf8Json(store.Saved).Items.Count == 1);

        var failing = new ServerRow();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(failing.Options(store));
        await (await failing.NextAsync()).DisposeAsync(); // behind the claim, and before there is a session
        await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));

        session.SendMessage("Are you there?");
        await server.TakeItemsAsync(1);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.HandedOver, (await session.Ended.WaitAsync(Patience)).Kind);
        await goodbye;
        await session.DisposeAsync();

        var next = new ServerRow();
        Task<VoiceSession> resuming = VoiceSession.ConnectAsync(next.Options(store));
        (ScriptedServer other, JsonObject[] items) = await next.AcceptNextAsync(1);
        Assert.Equal("Hello.", (string?)items[0]["content"]![0]!["text"]);
        await other.EndAsync(await resuming.WaitAsync(Patience));
    }

    [Fact]
    public async Task AToolsStartAndItsOutput_AreKept()
    {
        var store = new Watched();
        var row = new ServerRow();
        var answer = new TaskCompletionSource<ToolCallOutput>();
        VoiceSessionOptions options = row.Options(store);
        options.Session = options.Session with { Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) => await answer.Task)] };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        session.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await StoredAsync(store, items: 2);
        await server.DoneAsync("r1");
        answer.SetResult("Shipped.");
        await server.TakeItemsAsync(1);
        await StoredAsync(store, items: 3);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AJournalThatThrows_IsAnErrorOfConnecting()
    {
        var row = new ServerRow();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(row.Options(new Broken(static _ => throw new InvalidOperationException("canary")))));
        Assert.Equal(RealtimeConnectFailure.JournalFailed, failed.Failure);
        Assert.DoesNotContain("canary", failed.Message);
    }

    [Fact]
    public async Task AJournalThatHangs_IsAnErrorOfConnecting_InItsTime()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(new Broken(static async _ =>
        {
            await Task.Delay(Timeout.Infinite);
            return default;
        }));
        options.TimeProvider = time;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        await time.AdvanceUntilAsync(Task.WhenAny(connecting));
        Assert.Equal(RealtimeConnectFailure.Timeout, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting)).Failure);
    }

    [Fact]
    public async Task AJournalWithoutACall_IsAnErrorOfTheOptions()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(new MemoryJournal());
        options.CallId = null;
        await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));
        Assert.Equal(0, row.Asked);
    }

    [Fact]
    public async Task WhatIsStoredAndCannotBeRead_IsRefused_WithItsFault()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(new Broken(static _ => Task.FromResult(new JournalClaim(1, """{"realtime_checkpoint":99}"""u8.ToArray()))));
        Assert.Equal(CheckpointFault.Newer, (await Assert.ThrowsAsync<SessionCheckpointException>(() => VoiceSession.ConnectAsync(options))).Fault);
    }

    [Fact]
    public async Task AStoreThatFailsWhileTheSessionRuns_IsToldOf_AndTheSessionGoesOn()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(new Broken(static _ => Task.FromResult(new JournalClaim(1, null)))));
        VoiceSessionUpdate.Problem told = await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.JournalFailed);
        Assert.Equal(new SessionProblem.JournalFailed(nameof(InvalidOperationException), 1), told.Details);
        Assert.DoesNotContain("canary", told.ToString());
        Turn turn = session.SendMessage("Hello.");
        await server.AnswerTextAsync("r1", "Hello to you.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("options")]
    [InlineData("token")]
    [InlineData("refusal")]
    public async Task AnotherProcessThatCannotConnect_LeavesTheCallToItsOwner(string fault)
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer server) = await OpenAsync();
        await StoredAsync(store, items: 0);
        VoiceSessionOptions other = row.Options(store);
        switch (fault)
        {
            case "options":
                other.WhenBusy = (WhenBusy)99;
                break;
            case "token":
                other.Session = other.Session with { Tools = [new VoiceTool.McpServer { Label = "weather", Approval = McpApprovalPolicy.Never, Url = new Uri("https://weather.example"), Authorization = new RealtimeCredential(static _ => throw new InvalidOperationException()) }] };
                break;
            default:
                row.Refuses = static _ => new RealtimeConnectException(RealtimeConnectFailure.Unauthorized, "The key is wrong.");
                break;
        }

        await Assert.ThrowsAnyAsync<Exception>(() => VoiceSession.ConnectAsync(other));
        session.SendMessage("Hello.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.DoneAsync("r1");
        await StoredAsync(store, items: 1); // it is still the owner
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ANewCallWhoseConnectionFails_LeavesNoEntry()
    {
        var store = new MemoryJournal();
        var row = new ServerRow();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(row.Options(store));
        await (await row.NextAsync()).DisposeAsync();
        await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task AnOutputThatComesTooLate_IsKept_BeforeTheSessionHasAnotherConnection()
    {
        var store = new Watched();
        var row = new ServerRow { Refuses = static asked => asked > 1 ? new RealtimeConnectException(RealtimeConnectFailure.Unreachable, "Nobody is there.") : null };
        var answer = new TaskCompletionSource<ToolCallOutput>();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = row.Options(store);
        options.Reconnect = ReconnectPolicy.Standard with { FirstDelay = TimeSpan.FromMinutes(5), MaxDelay = TimeSpan.FromMinutes(5) };
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) =>
            {
                began.SetResult();
                return await answer.Task;
            })],
        };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        session.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await StoredAsync(store, items: 2);
        await began.Task.WaitAsync(Patience); // one that has not begun when its connection ends never does
        await server.DisposeAsync();
        await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>();
        answer.SetResult("Shipped.");
        await StoredAsync(store, items: 3);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ClosingWhileTheSessionDrains_LeavesTheEntryThatTheDrainHandsOn()
    {
        (Watched store, ServerRow row, VoiceSession session, ScriptedServer server) = await OpenAsync();
        session.SendMessage("My order is 4711.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        Task<SessionCheckpoint> draining = session.DrainAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await session.CloseAsync().WaitAsync(Patience);
        await goodbye;
        await draining.WaitAsync(Patience);
        await session.DisposeAsync();
        Assert.NotNull((await store.ClaimAsync("call", "another", default)).Checkpoint);
    }

    private static async Task<(Watched Store, ServerRow Row, VoiceSession Session, ScriptedServer Server)> OpenAsync()
    {
        var store = new Watched();
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(row.Options(store));
        return (store, row, session, server);
    }

    // Looks by reading what the next owner would get, without claiming: the session goes on.
    private static async Task StoredAsync(Watched store, int items) => await ServerRow.UntilAsync(() =>
        store.Saved is { } stored && SessionCheckpoint.FromUtf8Json(stored).Items.Count == items);

    private sealed class Watched : ISessionJournal
    {
        private readonly MemoryJournal _inner = new();
        private byte[]? _saved;

        public byte[]? Saved => Volatile.Read(ref _saved);

        /// <summary>What every save waits for.</summary>
        public Task Answers { get; set; } = Task.CompletedTask;

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => _inner.ClaimAsync(callId, owner, cancellationToken);

        public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            await Answers;
            bool isOwner = await _inner.SaveAsync(callId, fence, checkpoint, cancellationToken);
            Volatile.Write(ref _saved, isOwner ? checkpoint.ToArray() : _saved);
            return isOwner;
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => _inner.EndAsync(callId, fence, cancellationToken);
    }

    private sealed class Broken(Func<CancellationToken, Task<JournalClaim>> claim) : ISessionJournal
    {
        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => new(claim(cancellationToken));

        public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => throw new InvalidOperationException("canary");

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => throw new InvalidOperationException("canary");
    }
}
