using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>What is asked, said and looked at while a session has no connection, and what becomes of it on the next one.</summary>
public sealed class BetweenConnectionsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ACheckpoint_HasWhatWasAskedMeanwhile_AndCountsItsTurns()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        session.SendMessage("Where is it?", new() { Instructions = "Shout." });
        Turn given = session.SendMessage("Never mind.");
        session.SendMessage(new ConversationItem.Message(ItemRole.User, [new ItemContent.Text("By the door.")]) { Id = "item_door" });
        given.Cancel();
        await given.EndAsync();

        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(session.Checkpoint().ToUtf8Json().Span);
        Assert.Equal(["Where is it?", "By the door."], checkpoint.Items.Select(static item => ((ItemContent.Text)((ConversationItem.Message)item).Content[0]).Value));
        Assert.Equal("item_door", checkpoint.Items[1].Id);
        Assert.Equal([(1, false), (3, false)], checkpoint.Questions.Select(static open => (open.Turn, open.WasSent)));
        Assert.Equal("""{"instructions":"Shout."}""", System.Text.Encoding.UTF8.GetString(checkpoint.Questions[0].Request.Utf8));
        Assert.Equal(3, checkpoint.LastTurn);

        // The next connection is told of it once, by the turns themselves.
        await second.AcceptAsync("sess_2");
        Assert.Equal(2, (await TakeUntilAsync(second, creates: 2)).Length);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task WhatADrainLeavesMeanwhile_IsAskedElsewhere_Once()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await row.NextAsync();
        Turn turn = session.SendMessage("Where is it?", new() { Instructions = "Shout." });
        SessionCheckpoint left = await session.DrainAsync().WaitAsync(Patience);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.Equal(left.ToUtf8Json(), session.Checkpoint().ToUtf8Json(), static (one, other) => one.Span.SequenceEqual(other.Span));
        await session.DisposeAsync();

        var elsewhere = new ServerRow();
        VoiceSessionOptions options = elsewhere.Options();
        options.ResumeFrom = left;
        Task<VoiceSession> resuming = VoiceSession.ConnectAsync(options);
        (ScriptedServer server, JsonObject[] items) = await elsewhere.AcceptNextAsync(1);
        Assert.Equal("Where is it?", (string?)items[0]["content"]![0]!["text"]);
        VoiceSession resumed = await resuming.WaitAsync(Patience);
        Assert.Equal("Shout.", (string?)(await server.ExpectAsync("response.create"))["response"]!["instructions"]);
        Assert.Equal(2, resumed.Respond().Number);
        await server.EndAsync(resumed);
    }

    [Fact]
    public async Task SpeechThatWaitsForItsConnection_IsAQuestionWithoutWords_AndIsNotAskedElsewhere()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await row.NextAsync();
        await session.Input.WriteAsync(new byte[9_600]);
        session.EndTurn();
        ReplayPlan plan = ReplayPlanner.Plan(SessionCheckpoint.FromUtf8Json(session.Checkpoint().ToUtf8Json().Span));
        Assert.Null(plan.Question);
        Assert.Empty(plan.Items);
        Assert.Contains(plan.LeftOut, static omission => omission.Reason is OmissionReason.NotTranscribed);
        Assert.Contains(plan.LeftOut, static omission => omission.Reason is OmissionReason.QuestionLost);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AJournal_IsToldOfWhatIsAskedMeanwhile()
    {
        var store = new MemoryJournal();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(store);
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        await first.DisposeAsync();
        await row.NextAsync();
        session.SendMessage("Where is it?");
        await session.DisposeAsync();
        JournalClaim claim = await store.ClaimAsync("call", "another", TestContext.Current.CancellationToken);
        Assert.Equal(1, SessionCheckpoint.FromUtf8Json(claim.Checkpoint!.Value.Span).LastTurn);
        Assert.Single(SessionCheckpoint.FromUtf8Json(claim.Checkpoint!.Value.Span).Questions);
    }

    [Fact]
    public async Task Clear_ForgetsWhatWasSpoken_HereAndBefore_AndNoHalfSampleIsLeft()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        byte[] sound = UserSound.Of(30_000);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        await UserSound.HeardAsync(first, 9_600);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await session.Input.WriteAsync(sound.AsMemory(9_600, 9_601));
        session.Input.Clear();
        Assert.Equal("TD-03", Assert.Throws<RealtimeRefusedException>(() => session.EndTurn()).Rule);
        await session.Input.WriteAsync(sound.AsMemory(20_000, 9_600));
        session.EndTurn();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[20_000..29_600], await UserSound.HeardAsync(second, 9_600));
        await second.ExpectAsync("input_audio_buffer.commit");
        await second.ExpectAsync("response.create");
        await second.EndAsync(session);
    }

    [Fact]
    public async Task Clear_LeavesTheSpeechOfATurnThatWaits()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        byte[] sound = UserSound.Of(19_200);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        session.EndTurn();
        await session.Input.WriteAsync(sound.AsMemory(9_600));
        session.Input.Clear();
        session.Input.Clear();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[..9_600], await UserSound.HeardAsync(second, 9_600));
        await second.ExpectAsync("input_audio_buffer.commit");
        await second.ExpectAsync("response.create");
        session.Input.Clear();
        await second.ExpectAsync("input_audio_buffer.clear");
        await second.EndAsync(session);
    }

    [Fact]
    public async Task AnOutputThatTheApplicationGivesMeanwhile_IsToldBehindItsCall()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Session = options.Session with { Tools = [VoiceTool.Declare("order", "Looks an order up.", """{"type":"object"}""")] };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = session.SendMessage("Where is it?");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        await first.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await first.DoneAsync("r1");
        await row.UpdateAsync<VoiceSessionUpdate.ItemChanged>(changed => changed.Item.Id == "item_call");
        await first.DisposeAsync();
        await turn.EndAsync();
        ScriptedServer second = await row.NextAsync();
        Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("call_2", "No such call.")).Rule);
        session.SubmitToolOutput("call_1", "Shipped on Monday.");
        Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("call_1", "Twice.")).Rule);
        await second.AcceptAsync("sess_2");
        JsonObject[] told = await second.TakeItemsAsync(3);
        Assert.Equal(["message", "function_call", "function_call_output"], told.Select(static item => (string?)item["type"]));
        Assert.Equal("Shipped on Monday.", (string?)told[2]["output"]);
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Empty(resumed.LeftOut);
        await second.EndAsync(session);
        Assert.False(Assert.Throws<RealtimeClosedException>(() => session.SubmitToolOutput("call_1", "Too late.")).IsReconnecting);
    }

    [Fact]
    public async Task AnEventOfTheApplications_IsRefusedAsReconnecting_AndInOtherWordsThanAfterTheEnd()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await row.NextAsync();
        RealtimeClosedException typed = Assert.Throws<RealtimeClosedException>(() => { _ = session.SendAsync(new ConversationItemDelete { ItemId = "item_1" }); });
        RealtimeClosedException raw = Assert.Throws<RealtimeClosedException>(() => { _ = session.SendRawAsync(RawJson.Parse("""{"type":"conversation.item.delete","item_id":"item_1"}""")); });
        Assert.All([typed, raw], static refused =>
        {
            Assert.True(refused.IsReconnecting);
            Assert.Contains("connects anew", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("session has ended", refused.Message, StringComparison.Ordinal);
        });
        await session.DisposeAsync();
        RealtimeClosedException ended = Assert.Throws<RealtimeClosedException>(() => { _ = session.SendAsync(new ConversationItemDelete { ItemId = "item_1" }); });
        Assert.False(ended.IsReconnecting);
        Assert.Contains("session has ended", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventThatTheLostConnectionHadNotTaken_FailsAsReconnecting()
    {
        var row = new ServerRow();
        var line = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = row.Options();
        Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>> connect = options.Transport!;
        options.Transport = async (asked, token) => row.Asked == 0 ? new StallingTransport(await connect(asked, token), """"conversation.item.delete"""", line.Task) : await connect(asked, token);
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Task sent = session.SendAsync(new ConversationItemDelete { ItemId = "item_1" }).AsTask();
        await first.DisposeAsync();
        line.SetResult(false);
        Assert.True((await Assert.ThrowsAsync<RealtimeClosedException>(() => sent.WaitAsync(Patience))).IsReconnecting);
        await row.NextAsync();
        await session.DisposeAsync();
    }

    [Fact]
    public async Task WhatWasSent_IsCountedOn_AndPlacesInTheSpeechAreCountedByTheSameClock()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        await session.Input.WriteAsync(UserSound.Of(2 * 48_000));
        await UserSound.HeardAsync(first, 2 * 48_000);
        await ServerRow.UntilAsync(() => session.Input.Sent == TimeSpan.FromSeconds(2));
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), session.Input.Sent);
        await second.AcceptAsync("sess_2");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(TimeSpan.FromSeconds(2), session.Input.Sent); // the last second is sent again, and is no news
        await UserSound.HeardAsync(second, 48_000);
        await session.Input.WriteAsync(UserSound.Of(48_000));
        await UserSound.HeardAsync(second, 48_000);
        await ServerRow.UntilAsync(() => session.Input.Sent == TimeSpan.FromSeconds(3));

        // What this server calls 1.2 s is 0.2 s behind all that the first one had.
        await second.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":1200,"item_id":"item_1"}""");
        Utterance heard = (await row.UpdateAsync<VoiceSessionUpdate.SpeechStarted>()).Utterance;
        await second.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":1900,"item_id":"item_1"}""");
        await row.UpdateAsync<VoiceSessionUpdate.SpeechStopped>();
        Assert.Equal((TimeSpan.FromSeconds(2.2), TimeSpan.FromSeconds(2.9)), (heard.Start, heard.End));
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASessionThatWasResumed_KnowsAtOnceThatTheServerEndsTheTurns()
    {
        var before = new ServerRow();
        VoiceSessionOptions detected = before.Options();
        detected.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession left, ScriptedServer server) = await before.ConnectAsync(detected);
        SessionCheckpoint checkpoint = left.Checkpoint();
        await server.EndAsync(left);

        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        (options.Session, options.ResumeFrom) = (new(), checkpoint);
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        byte[] sound = UserSound.Of(3 * 48_000);
        await session.Input.WriteAsync(sound);
        await UserSound.HeardAsync(first, sound.Length); // and the server says nothing of it
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound[^48_000..], await UserSound.HeardAsync(second, 48_000));
        await second.EndAsync(session);
    }

    /// <summary>What comes until so many responses were asked for: the texts of the items, each taken.</summary>
    private static async Task<string[]> TakeUntilAsync(ScriptedServer server, int creates)
    {
        var texts = new List<string>();
        while (creates > 0)
        {
            JsonObject message = await server.NextAsync();
            if ((string?)message["type"] == "response.create")
            {
                creates--;
                await server.CreatedAsync($"r_{creates}", message);
                await server.DoneAsync($"r_{creates}");
                continue;
            }

            Assert.Equal("conversation.item.create", (string?)message["type"]);
            texts.Add((string)message["item"]!["content"]![0]!["text"]!);
            await server.ItemAsync(message["item"]!);
        }

        return [.. texts];
    }

    /// <summary>A line that does not take a message that holds these words before it is told whether.</summary>
    private sealed class StallingTransport(IRealtimeTransport inner, string words, Task<bool> taken) : IRealtimeTransport
    {
        public RealtimeCloseReason? CloseReason => inner.CloseReason;

        public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

        public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) =>
            System.Text.Encoding.UTF8.GetString(message.Span).Contains(words, StringComparison.Ordinal) ? await taken : await inner.SendAsync(message, cancellationToken);

        public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
