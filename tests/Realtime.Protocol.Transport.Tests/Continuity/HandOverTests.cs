using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.HandOverScript;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>SE-08: before the service ends a session a second connection takes over, at a moment at which nobody notices, or shortly before the end.</summary>
public sealed class HandOverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AQuietSession_IsHandedOver_BeforeItExpires()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        Turn one = session.SendMessage("My order is 4711.");
        await first.AnswerTextAsync("r1", "Thank you.");
        await one.EndAsync();
        time.Advance(TimeSpan.FromMinutes(49));
        await SettleAsync(session, first);
        Assert.Equal(1, row.Asked);
        time.Advance(TimeSpan.FromMinutes(1));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await second.TakeItemsAsync(2);
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_1", "sess_2", VoiceSessionState.Open), (resumed.OldId, session.Id, session.State));
        await first.ReadToEndAsync();
        Turn two = session.SendMessage("And now?");
        await second.AnswerTextAsync("r2", "Here.");
        Assert.IsType<TurnOutcome.Completed>((await two.EndAsync()).Outcome);
        Assert.Equal(5, two.Number); // three turns were beside the conversation
        await second.EndAsync(session);
    }

    [Fact]
    public async Task WhatIsSaidWhileTheSecondIsFilled_IsToldToIt_BeforeItTakesOver()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await second.TakeItemsAsync(1);
        await AskAsync(session, first, "r2");
        Assert.Equal("sess_1", session.Id);
        JsonObject[] told = await second.TakeItemsAsync(3);
        Assert.Equal(["assistant", "user", "assistant"], told.Select(static item => (string?)item["role"]));
        Assert.Equal(4, (await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).ItemIds.Count);
        Assert.Equal("sess_2", session.Id);
        await second.EndAsync(session);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsDeletedWhileTheSecondIsFilled_IsDeletedThereAsWell()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        JsonObject[] told = await second.TakeItemsAsync(1);
        Task deleting = session.Conversation.DeleteAsync((string)first.Received.Find(static message => (string?)message["type"] == "conversation.item.create")!["item"]!["id"]!);
        await AnswerDeleteAsync(first);
        await deleting.WaitAsync(Patience);
        await second.TakeItemsAsync(1);
        Assert.Equal((string?)told[0]["id"], await AnswerDeleteAsync(second));
        Assert.Equal("item_r1", Assert.Single((await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).ItemIds).Key);
        await second.EndAsync(session);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData("close", true)]
    [InlineData("close", false)]
    [InlineData("dispose", true)]
    [InlineData("dispose", false)]
    [InlineData("drain", true)]
    [InlineData("drain", false)]
    public async Task AnEndDuringTheHandOver_EndsBothConnections(string how, bool isOpen)
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        await AskAsync(session, first, "r1");
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await row.NextAsync();
        if (isOpen)
        {
            await AcceptAsync(second, "sess_2");
            await second.TakeItemsAsync(1);
        }

        Task ending = how switch
        {
            "close" => session.CloseAsync(),
            "drain" => session.DrainAsync(),
            _ => session.DisposeAsync().AsTask(),
        };
        await second.ReadToEndAsync();
        await first.ReadToEndAsync();
        await ending.WaitAsync(Patience);
        Assert.Equal(("sess_1", 2), (session.Id, row.Asked));
        Assert.DoesNotContain(row.Updates, static update => update is VoiceSessionUpdate.Resumed);
        await session.DisposeAsync();
        await Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task WhenBothAreLost_ItIsConnectedAnew_Once()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await row.NextAsync();
        await first.DisposeAsync();
        await ServerRow.UntilAsync(() => session.State is VoiceSessionState.Reconnecting);
        await second.DisposeAsync();
        ScriptedServer third = await AcceptAsync(row, "sess_3");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_3", 3), (session.Id, row.Asked));
        Assert.Single(row.Updates.OfType<VoiceSessionUpdate.Reconnecting>());
        await third.EndAsync(session);
    }

    [Fact]
    public async Task ASessionThatIsNeverQuiet_IsTakenOverAMinuteBeforeTheEnd_AsAfterALoss()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync(TimeSpan.FromMinutes(6));
        await session.Input.WriteAsync(new byte[9_600]); // it is never committed
        await first.ExpectAsync("input_audio_buffer.append");
        time.Advance(TimeSpan.FromMinutes(3)); // half of what is left
        ScriptedServer second = await AcceptAsync(row, "sess_2");
        await row.TakenInAsync(second);
        Task<JsonObject> again = second.ExpectAsync("input_audio_buffer.append");
        await time.AdvanceUntilAsync(again);
        Assert.Equal(9_600, Convert.FromBase64String((string)(await again)["audio"]!).Length);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_2", 2), (session.Id, row.Asked));
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASecondThatCannotBeHad_ChangesNothing_AndTheEndIsAnOrdinaryLoss()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        row.Refuses = static asked => asked == 2 ? new InvalidOperationException("no network") : null;
        time.Advance(TimeSpan.FromMinutes(50));
        await ServerRow.UntilAsync(() => row.Asked == 2);
        Turn turn = session.SendMessage("Hello.");
        await first.AnswerTextAsync("r1", "Hello to you.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await first.DisposeAsync();
        Task<ScriptedServer> next = row.NextAsync();
        await time.AdvanceUntilAsync(next);
        await AcceptAsync(await next, "sess_3");
        await (await next).TakeItemsAsync(2);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await (await next).EndAsync(session);
    }

    [Fact]
    public async Task ALossWhileTheSecondIsFilled_IsTakenOverByIt()
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await row.NextAsync();
        await first.DisposeAsync();
        await ServerRow.UntilAsync(() => session.State is VoiceSessionState.Reconnecting);
        await AcceptAsync(second, "sess_2");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_2", 2), (session.Id, row.Asked));
        await second.EndAsync(session);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    [InlineData(-100_000)]
    [InlineData(100_000_000_000)]
    public async Task AClockThatSaysThatNothingIsLeft_OrAnAge_IsNotBelieved(long seconds)
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync(TimeSpan.FromSeconds(seconds));
        time.Advance(TimeSpan.FromMinutes(5));
        await SettleAsync(session, first);
        Assert.Equal((1, VoiceSessionState.Open), (row.Asked, session.State));
        await first.EndAsync(session);
    }
}
