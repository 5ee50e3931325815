using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.HandOverScript;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>SE-08 where something is in its way: a take-over that breaks, another configuration, a server that refuses, a clock that jumps, handlers that are busy.</summary>
public sealed class HandOverTroubleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ATakeOverThatBreaks_EndsTheSession_WithAReason_AndBothConnections()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]); // so that the moment comes when the test says so
        await first.ExpectAsync("input_audio_buffer.append");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await row.TakenInAsync(second);
        Turn waits = session.SendMessage("Hello."); // the server answers nothing
        await first.TakeItemsAsync(1);
        await first.ExpectAsync("response.create");
        time.Broken = new InvalidOperationException("The clock is gone.");
        await first.DisposeAsync(); // so the second takes over now
        await time.AdvanceUntilAsync(session.Ended);
        RealtimeCloseReason reason = await session.Ended;
        Assert.Contains("Connecting anew failed: InvalidOperationException.", reason.Description, StringComparison.Ordinal);
        Assert.Equal(VoiceSessionState.Ended, session.State);
        Assert.IsType<TurnOutcome.Disconnected>((await waits.EndAsync()).Outcome);
        await second.ReadToEndAsync();
        Assert.Equal(2, row.Asked);
        await session.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task ATakeOverThatBreaksWhileItAsks_EndsTheTurnThatWaited_AsWell()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]); // so that the moment comes when the test says so
        await first.ExpectAsync("input_audio_buffer.append");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await ServerRow.UntilAsync(() => time.HasTimerIn(TimeSpan.FromMilliseconds(100))); // it looks for its moment
        await first.DisposeAsync();
        await ServerRow.UntilAsync(() => session.State is VoiceSessionState.Reconnecting);
        Turn waits = session.SendMessage("Hello.");
        BreakAsking(time, waits, "sess_2");
        await time.AdvanceUntilAsync(session.Ended);
        Assert.Contains("Connecting anew failed: InvalidOperationException.", (await session.Ended).Description, StringComparison.Ordinal);
        Assert.IsType<TurnOutcome.Disconnected>((await waits.EndAsync()).Outcome);
        await second.ReadToEndAsync();
        Assert.Equal(2, row.Asked);
        await session.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task AQuietTakeOverThatBreaks_EndsTheSession_WithAReason_AndBothConnections()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await session.Input.WriteAsync(new byte[9_600]);
        await first.ExpectAsync("input_audio_buffer.append");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await row.TakenInAsync(second);
        time.Broken = new InvalidOperationException("The clock is gone.");
        session.Input.Clear(); // quiet from here on; whether the first still hears of it depends on how far the second is
        await time.AdvanceUntilAsync(session.Ended);
        Assert.Contains("Connecting anew failed: InvalidOperationException.", (await session.Ended).Description, StringComparison.Ordinal);
        await first.ReadToEndAsync();
        await second.ReadToEndAsync();
        await session.DisposeAsync();
        await Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task AConfigurationThatChangesMeanwhile_IsThatOfTheConnectionThatTakesOver()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        JsonObject[] told = await second.TakeItemsAsync(1);
        Task<SessionConfiguration> changing = session.UpdateAsync(new SessionConfiguration { Instructions = "Speak of nothing else." });
        JsonObject update = await first.ExpectAsync("session.update");
        await first.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        await changing.WaitAsync(Patience);
        await second.ItemAsync(told[0]);
        await second.TakeItemsAsync(1);
        Task<ScriptedServer> next = row.NextAsync();
        await time.AdvanceUntilAsync(next);
        ScriptedServer third = await next;
        Assert.Equal("Speak of nothing else.", (string?)(await AcceptAsync(third, "sess_3"))["session"]!["instructions"]);
        await third.TakeItemsAsync(2);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_3", "Speak of nothing else.", 3), (session.Id, session.Configuration.Instructions, row.Asked));
        await second.ReadToEndAsync();
        await third.EndAsync(session);
        await Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task ASecondThatRefusesADeletion_IsNotTaken_AndTheEndIsAnOrdinaryLoss()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await second.TakeItemsAsync(1);
        Task deleting = session.Conversation.DeleteAsync((string)first.Received.Find(static message => (string?)message["type"] == "conversation.item.create")!["item"]!["id"]!);
        await AnswerDeleteAsync(first);
        await deleting.WaitAsync(Patience);
        await second.TakeItemsAsync(1);
        await RefuseAsync(second, await second.ExpectAsync("conversation.item.delete"));
        await second.ReadToEndAsync();
        Assert.Equal(("sess_1", VoiceSessionState.Open), (session.Id, session.State));
        await AskAsync(session, first, "r2");
        await first.DisposeAsync();
        Task<ScriptedServer> next = row.NextAsync();
        await time.AdvanceUntilAsync(next);
        ScriptedServer third = await next;
        await AcceptAsync(third, "sess_3");
        await third.TakeItemsAsync(3);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await third.EndAsync(session);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task ASecondThatRefusesAnItem_TakesOver_AndTheItemIsNamed()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        JsonObject refused = await second.ExpectAsync("conversation.item.create");
        await RefuseAsync(second, refused);
        await second.TakeItemsAsync(1);
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        ReplayOmission omission = Assert.Single(resumed.LeftOut);
        Assert.Equal((OmissionReason.Refused, (string?)refused["item"]!["id"]), (omission.Reason, omission.What));
        Assert.Equal(("item_r1", "sess_2"), (Assert.Single(resumed.ItemIds).Key, session.Id));
        await second.EndAsync(session);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData(-15)]
    [InlineData(180)]
    public async Task AClockOnTheWallThatJumps_MovesNoHandOver(int minutes)
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(20));
        time.WallShift = TimeSpan.FromMinutes(minutes);
        time.Advance(TimeSpan.FromMinutes(29));
        await SettleAsync(session, first);
        Assert.Equal(1, row.Asked);
        time.Advance(TimeSpan.FromMinutes(1));
        ScriptedServer second = await AcceptAsync(row, "sess_2", time.GetUtcNow() + TimeSpan.FromMinutes(60));
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_2", VoiceSessionState.Open), (session.Id, session.State));
        time.Advance(TimeSpan.FromMinutes(49));
        await SettleAsync(session, second);
        Assert.Equal(2, row.Asked);
        time.Advance(TimeSpan.FromMinutes(1)); // the next one is counted from what the second said
        ScriptedServer third = await AcceptAsync(row, "sess_3");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>(static resumed => resumed.NewId == "sess_3");
        await third.EndAsync(session);
        await Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task AMachineThatSleptPastTheEnd_IsHandedOverWhenItWakes()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        time.Advance(TimeSpan.FromHours(3));
        ScriptedServer second = await AcceptAsync(row, "sess_2", time.GetUtcNow() + TimeSpan.FromMinutes(60));
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_2", 2), (session.Id, row.Asked));
        await second.EndAsync(session);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task BothConnectionsCallAHandler_ForOneEventAfterTheOther()
    {
        var calls = new Calls();
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync(configure: options =>
        {
            options.OnServerEvent = (in _) => calls.Run();
            options.OnClientEvent = (in _) => calls.RunOther();
        });
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await row.NextAsync();
        calls.IsBusy = true;
        await first.SendAsync("""{"type":"input_audio_buffer.cleared"}""");
        Task accepting = AcceptAsync(second, "sess_2");
        await calls.Inside.Task.WaitAsync(Patience);
        await accepting;
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await ServerRow.UntilAsync(() => calls.Others >= 2); // a server may answer a configuration before the handler is told that it was sent
        Assert.Equal((1, 1), (calls.Most, calls.MostOther));
        await second.EndAsync(session);
        await first.DisposeAsync();
    }

    private static Task RefuseAsync(ScriptedServer server, JsonObject request) => server.SendAsync(
        $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"No.","event_id":"{{{request["event_id"]}}}"}}""");

    // How many calls of each handler there were at once.
    private sealed class Calls
    {
        private int _inside;
        private int _insideOther;
        private int _others;

        /// <summary>How many calls of the other handler have ended.</summary>
        public int Others => Volatile.Read(ref _others);

        public TaskCompletionSource Inside { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Most { get; private set; }

        public int MostOther { get; private set; }

        public volatile bool IsBusy;

        public void Run()
        {
            Most = Math.Max(Most, Interlocked.Increment(ref _inside));
            if (IsBusy && Inside.TrySetResult())
            {
                // Long enough for a second call to come in, if one can.
                SpinWait.SpinUntil(() => Volatile.Read(ref _inside) > 1, 200);
            }

            Interlocked.Decrement(ref _inside);
        }

        public void RunOther()
        {
            MostOther = Math.Max(MostOther, Interlocked.Increment(ref _insideOther));
            Interlocked.Decrement(ref _insideOther);
            Interlocked.Increment(ref _others);
        }
    }
}
