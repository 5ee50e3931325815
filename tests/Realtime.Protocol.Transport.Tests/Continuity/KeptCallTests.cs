using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A function of a call that is kept in a journal begins when its start is stored: wherever the process dies, whoever goes on knows that it may have done its work.</summary>
public sealed class KeptCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFunctionBegins_WhenItsStartIsStored_AndSoDoesOneThatIsDeclared(bool isDeclared)
    {
        var store = new GatedStore();
        var row = new ServerRow();
        int ran = 0;
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(Options(row, store, isDeclared ? null : _ => $"{Interlocked.Increment(ref ran)}"));
        Turn turn = await CalledAsync(session, server);
        Task<TurnUpdate.ToolStarted> started = turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask();
        await store.Asked.Task.WaitAsync(Patience);
        Assert.False(started.IsCompleted);
        Assert.Equal(0, ran);
        store.Answer(true);
        await started.WaitAsync(Patience);
        if (isDeclared)
        {
            session.SubmitToolOutput("call_1", "1");
        }

        Assert.Equal("1", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AStoreThatHangs_HoldsACallUpForTwoSeconds_AndAnIdempotentOneNotAtAll()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        int ran = 0;
        var store = new GatedStore();
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(Options(row, store, _ => $"{Interlocked.Increment(ref ran)}", time));
        await CalledAsync(session, server);
        await store.Asked.Task.WaitAsync(Patience);
        await ServerRow.UntilAsync(() => time.HasTimerIn(JournalWriter.Farewell)); // whoever waits for the store
        Assert.Equal(0, ran);
        time.Advance(JournalWriter.Farewell);
        Assert.Equal("1", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        await server.DisposeAsync();
        store.Answer(true);
        await session.DisposeAsync();

        var other = new ServerRow();
        var hangs = new GatedStore();
        (session, server) = await other.ConnectAsync(Options(other, hangs, _ => $"{Interlocked.Increment(ref ran)}", new ManualTime(), isIdempotent: true));
        await CalledAsync(session, server);
        Assert.Equal("2", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        hangs.Answer(true);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallThatAnotherOwnerHas_IsNotBegun()
    {
        var store = new GatedStore();
        var row = new ServerRow();
        int ran = 0;
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(Options(row, store, _ => $"{Interlocked.Increment(ref ran)}"));
        await CalledAsync(session, server);
        await store.Asked.Task.WaitAsync(Patience);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        store.Answer(false);
        Assert.Equal(RealtimeCloseKind.HandedOver, (await session.Ended.WaitAsync(Patience)).Kind);
        await goodbye;
        await session.DisposeAsync();
        Assert.Equal(0, ran);
    }

    [Fact]
    public async Task ACallThatIsWithdrawnMeanwhile_IsNotBegun_AndTheModelIsToldSo()
    {
        var store = new GatedStore();
        var row = new ServerRow();
        int ran = 0;
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(Options(row, store, _ => $"{Interlocked.Increment(ref ran)}"));
        Turn turn = await CalledAsync(session, server);
        await store.Asked.Task.WaitAsync(Patience);
        await row.TakenInAsync(server); // a response that runs still would be cancelled first
        session.Interrupt();
        Assert.IsType<TurnOutcome.Interrupted>((await turn.EndAsync()).Outcome);
        store.Answer(true);
        Assert.Contains("cancelled", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        Assert.Equal(0, ran);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhereverTheProcessDies_WhatBeganIsNotRunAgain_AndWhatItGaveIsNotLostForAnother()
    {
        var stored = new ConcurrentQueue<byte[]>();
        var store = new RecordingStore(stored);
        var row = new ServerRow();
        var began = new ConcurrentDictionary<string, int>();
        VoiceSessionOptions options = Options(row, store, call =>
        {
            began[call.CallId] = stored.Count;
            return $"output of {call.CallId}";
        });
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        Turn turn = await CalledAsync(session, server, "call_1", "call_2");
        for (int i = 0; i < 2; i++)
        {
            await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        }

        await server.CreatedAsync("r2", await server.ExpectAsync("response.create"));
        await server.DoneAsync("r2");
        await turn.EndAsync();
        await server.EndAsync(session);

        // A process that dies finds its successor at one of these states: none from the beginning of a call on may let it run again.
        byte[][] states = [.. stored];
        foreach ((string callId, int from) in began)
        {
            Assert.All(states[(from - 1)..], state =>
            {
                ReplayPlan plan = ReplayPlanner.Plan(SessionCheckpoint.FromUtf8Json(state));
                Assert.Empty(plan.RunAgain);
                Assert.Single(plan.Items.OfType<ConversationItem.FunctionCall>(), call => call.CallId == callId);
                string output = Assert.Single(plan.Items.OfType<ConversationItem.FunctionOutput>(), given => given.CallId == callId).Output;
                Assert.True(output == ReplayPlanner.FailedOutput || output == $"output of {callId}", output);
            });
        }

        Assert.Equal(2, began.Count);
        Assert.Contains(states, static state => ReplayPlanner.Plan(SessionCheckpoint.FromUtf8Json(state)).Items.OfType<ConversationItem.FunctionOutput>().Count(static given => given.Output.StartsWith("output of", StringComparison.Ordinal)) == 2);
    }

    [Fact]
    public async Task ACallIdThatComesAgainOnTheNextConnection_IsAnotherCall()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        var first = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        int ran = 0;
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) => Interlocked.Increment(ref ran) == 1 ? await first.Task : "Second.")],
        };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);
        Turn lost = await CalledAsync(session, server);
        await ServerRow.UntilAsync(() => Volatile.Read(ref ran) == 1);
        await server.DisposeAsync();
        await lost.EndAsync();
        (ScriptedServer second, JsonObject[] told) = await row.AcceptNextAsync(3);
        Assert.Equal(ReplayPlanner.FailedOutput, (string?)told[2]["output"]);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();

        // The server gives the name again, while the first function still runs: it runs as well, and each output goes to its own call.
        Turn turn = session.SendMessage("And that one?");
        await second.TakeItemsAsync(1);
        await second.CreatedAsync("r2", await second.ExpectAsync("response.create"));
        await second.CallAsync("r2", "item_again", "call_1", "order", "{}");
        await second.DoneAsync("r2");
        JsonObject[] output = await second.TakeItemsAsync(1);
        Assert.Equal(("call_1", "Second."), ((string?)output[0]["call_id"], (string?)output[0]["output"]));
        await second.CreatedAsync("r3", await second.ExpectAsync("response.create"));
        await second.DoneAsync("r3");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        SessionCheckpoint checkpoint = session.Checkpoint();
        Assert.Same(checkpoint, checkpoint.WithOutput("call_1", "Third.", "item_again")); // it has its output, and the one before it is not meant
        first.SetResult("First.");
        await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.ToolOutputDropped);
        Assert.Equal(2, ran);
        await second.DisposeAsync();

        (ScriptedServer third, JsonObject[] items) = await row.AcceptNextAsync(6, "sess_3");
        Assert.Equal(["First.", "Second."], items.Where(static item => (string?)item["type"] == "function_call_output").Select(static item => (string?)item["output"]));
        await third.EndAsync(session);
    }

    [Theory]
    [InlineData("item_call_1")]
    [InlineData("item_again")]
    public async Task ACallThatTheNextConnectionWasToldWithItsOutput_IsNotRun_WhenItsServerMakesItAgain(string item)
    {
        var row = new ServerRow();
        var store = new GatedStore();
        store.Answer(true);
        int ran = 0;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(Options(row, store, _ => $"{Interlocked.Increment(ref ran)}"));
        await CalledAsync(session, first);
        Assert.Equal("1", (string?)(await first.TakeItemsAsync(1))[0]["output"]);
        await first.AnswerAsync("r2", "It is here.");
        await first.DisposeAsync();
        (ScriptedServer second, JsonObject[] told) = await row.AcceptNextAsync(4);
        Assert.Equal(("item_call_1", "1"), ((string?)told[1]["id"], (string?)told[2]["output"]));
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();

        Turn turn = session.SendMessage("And now?");
        await second.TakeItemsAsync(1);
        await second.CreatedAsync("r3", await second.ExpectAsync("response.create"));
        await second.CallAsync("r3", item, "call_1", "order", "{}");
        await second.DoneAsync("r3");
        await second.AnswerAsync("r4", "It is here still."); // asked for at once, and it reads the output that was told
        Assert.Equal("It is here still.", (await turn.EndAsync()).Transcript);
        Assert.Equal(1, ran);
        var problem = (SessionProblem.Violation)(await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.Violation)).Details;
        Assert.Equal("FC-02", problem.Rule);
        await second.EndAsync(session);
    }

    private static VoiceSessionOptions Options(ServerRow row, ISessionJournal store, Func<ToolCall, ToolCallOutput>? run, TimeProvider? time = null, bool isIdempotent = false)
    {
        VoiceSessionOptions options = row.Options(store, time);
        VoiceTool.Function tool = run is null ? VoiceTool.Declare("order", "Looks an order up.", """{"type":"object"}""") : VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", run);
        options.Session = options.Session with { Tools = [tool with { IsIdempotent = isIdempotent }] };
        return options;
    }

    // A turn whose answer is calls of the function.
    private static async Task<Turn> CalledAsync(VoiceSession session, ScriptedServer server, params string[] calls)
    {
        Turn turn = session.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        foreach (string call in calls.Length == 0 ? ["call_1"] : calls)
        {
            await server.CallAsync("r1", $"item_{call}", call, "order", "{}");
        }

        await server.DoneAsync("r1");
        return turn;
    }

    /// <summary>Answers a save at once, unless there is a call in it: that waits for the test.</summary>
    private sealed class GatedStore : ISessionJournal
    {
        private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(bool isOwner) => _answer.TrySetResult(isOwner);

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => new(new JournalClaim(1, null));

        public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            if (!SessionCheckpoint.FromUtf8Json(checkpoint.Span).Items.OfType<ConversationItem.FunctionCall>().Any())
            {
                return true;
            }

            Asked.TrySetResult();
            return await _answer.Task;
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => default;
    }

    private sealed class RecordingStore(ConcurrentQueue<byte[]> stored) : ISessionJournal
    {
        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => new(new JournalClaim(1, null));

        public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            byte[] copy = checkpoint.ToArray();
            await Task.Yield();
            stored.Enqueue(copy);
            return true;
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => default;
    }
}
