using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A request that stood behind a socket that takes nothing when its connection was lost: one that the socket never had is asked for on the next connection, once; one that it had is not asked for again.</summary>
public sealed class UnsentRequestTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ARequestThatTheSocketNeverHad_IsAskedForOnce_OnTheNextConnection()
    {
        (ServerRow row, VoiceSession session, ScriptedServer first, FullTransport line) = await ConnectAsync();
        line.Fill();
        Turn turn = session.SendMessage("Where is it?", new() { Instructions = "Shout." });
        await line.Held.WaitAsync(Patience); // the words; the request stands behind them
        await first.DisposeAsync();
        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(1);
        Assert.Equal("Where is it?", (string?)items[0]["content"]![0]!["text"]);
        JsonObject create = await second.ExpectAsync("response.create");
        Assert.Equal("Shout.", (string?)create["response"]!["instructions"]);
        await second.CreatedAsync("r1", create);
        await second.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Turn next = session.SendMessage("And that?");
        Assert.Equal((1, 2), (turn.Number, next.Number));
        await second.AnswerTextAsync("r2", "Here."); // nothing came between
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        line.Empty();
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ARequestThatTheSocketHad_IsNotAskedForAgain()
    {
        (ServerRow row, VoiceSession session, ScriptedServer first, FullTransport line) = await ConnectAsync();
        line.Fill();
        Turn turn = session.Respond();
        await line.Held.WaitAsync(Patience);
        await first.DisposeAsync();
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        (ScriptedServer second, _) = await row.AcceptNextAsync(0);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn next = session.SendMessage("And that?");
        await second.AnswerTextAsync("r2", "Here.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        line.Empty();
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ASpokenTurnThatTheSocketNeverHad_HasItsSpeechSentAgain_Once()
    {
        (ServerRow row, VoiceSession session, ScriptedServer first, FullTransport line) = await ConnectAsync();
        byte[] sound = UserSound.Of(19_200);
        await session.Input.WriteAsync(sound.AsMemory(0, 9_600));
        Assert.Equal(sound[..9_600], await UserSound.HeardAsync(first, 9_600));
        line.Fill();
        await session.Input.WriteAsync(sound.AsMemory(9_600));
        await line.Held.WaitAsync(Patience);
        Turn turn = session.EndTurn();
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        Assert.Equal(sound, await UserSound.HeardAsync(second, sound.Length));
        await second.ExpectAsync("input_audio_buffer.commit");
        JsonObject create = await second.ExpectAsync("response.create");
        await second.CreatedAsync("r1", create);
        await second.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        line.Empty();
        await second.EndAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARequestBesideTheConversation_IsAskedForOnce_UnderItsNumber(bool isAskedBetween)
    {
        (ServerRow row, VoiceSession session, ScriptedServer first, FullTransport line) = await ConnectAsync();
        Turn? turn = null;
        if (!isAskedBetween)
        {
            line.Fill();
            _ = session.Conversation.AddAsync(ConversationItem.User("Before."));
            await line.Held.WaitAsync(Patience);
            turn = session.Respond(ResponseRequest.OutOfBand);
        }

        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        turn ??= session.Respond(ResponseRequest.OutOfBand);
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(isAskedBetween ? 0 : 1);
        JsonObject create = await second.ExpectAsync("response.create");
        Assert.Equal("none", (string?)create["response"]!["conversation"]);
        await second.CreatedAsync("r1", create);
        await second.DoneAsync("r1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Assert.Equal((1, 2), (turn.Number, session.Respond().Number));
        await second.ExpectAsync("response.create");
        line.Empty();
        await second.EndAsync(session);
    }

    [Fact]
    public async Task WhatStandsBehindASocketWhenTheSessionExpires_IsSentToTheNextServerAlone()
    {
        (ServerRow row, VoiceSession session, ScriptedServer first, FullTransport line) = await ConnectAsync();
        line.Fill();
        Turn turn = session.SendMessage("Where is it?");
        await line.Held.WaitAsync(Patience);
        await first.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"Over.","param":null,"event_id":null}}""");
        await row.UpdateAsync<VoiceSessionUpdate.Reconnecting>();
        line.Empty();
        await first.ReadToEndAsync();
        Assert.DoesNotContain(first.Received, static message => (string?)message["type"] == "response.create");
        (ScriptedServer second, _) = await row.AcceptNextAsync(1);
        await second.AnswerAsync("r1", "Here.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    // The first connection is one that a test can stop.
    private static async Task<(ServerRow Row, VoiceSession Session, ScriptedServer First, FullTransport Line)> ConnectAsync()
    {
        var row = new ServerRow();
        FullTransport? line = null;
        VoiceSessionOptions options = row.Options();
        Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>> connect = options.Transport!;
        options.Transport = async (asked, token) =>
        {
            IRealtimeTransport made = await connect(asked, token);
            return row.Asked == 1 ? line = new(made) : made;
        };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        return (row, session, first, line!);
    }
}
