using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>How often a session that lost its connection tries to connect anew, how long it waits between, and by what it gives up at once.</summary>
public sealed class ReconnectAttemptsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
            TimeSpan due = BackOff.Delay(policy, attempt, 0.5);
            await ServerRow.UntilAsync(() => time.HasTimerIn(due));
            int asked = row.Asked;
            time.Advance(due - TimeSpan.FromMilliseconds(1));
            Assert.Equal(asked, row.Asked);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await ServerRow.UntilAsync(() => row.Asked > asked);
        }

        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
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
}
