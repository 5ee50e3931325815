using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>What the stories of a hand-over have in common: a session that is told when it expires, on a clock that a test turns.</summary>
internal static class HandOverScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Hour = TimeSpan.FromMinutes(60);

    public static async Task AskAsync(VoiceSession session, ScriptedServer server, string response)
    {
        Turn turn = session.SendMessage("My order is 4711.");
        await server.AnswerTextAsync(response, "Thank you.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
    }

    public static async Task<string> AnswerDeleteAsync(ScriptedServer server)
    {
        string id = (string)(await server.ExpectAsync("conversation.item.delete"))["item_id"]!;
        await server.SendAsync($$"""{"type":"conversation.item.deleted","item_id":"{{id}}"}""");
        return id;
    }

    public static async Task<(ManualTime Time, ServerRow Row, VoiceSession Session, ScriptedServer First)> ConnectAsync(TimeSpan? lifetime = null, Action<VoiceSessionOptions>? configure = null)
    {
        var time = new ManualTime();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(time, ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero });
        (options.KeepAliveTimeout, options.ConnectTimeout) = (Timeout.InfiniteTimeSpan, TimeSpan.FromHours(10)); // a clock that is turned far makes no connecting late
        configure?.Invoke(options);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer first = await row.NextAsync();
        await AcceptAsync(first, "sess_1", lifetime ?? Hour);
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        return (time, row, session, first);
    }

    public static async Task<ScriptedServer> AcceptAsync(ServerRow row, string id, DateTimeOffset? end = null)
    {
        ScriptedServer server = await row.NextAsync();
        await AcceptAsync(server, id, end - DateTimeOffset.UnixEpoch);
        return server;
    }

    /// <summary>
    /// Lets whatever the clock has begun come to its connecting, which begins on the pool: three answers beside the conversation, each a way through the pool to the server and back.
    /// </summary>
    public static async Task SettleAsync(VoiceSession session, ScriptedServer server)
    {
        for (int i = 0; i < 3; i++)
        {
            Turn turn = session.Respond(ResponseRequest.OutOfBand);
            string response = $"beside_{turn.Number}";
            await server.CreatedAsync(response, await server.ExpectAsync("response.create"));
            await server.DoneAsync(response);
            await turn.EndAsync();
        }
    }

    /// <summary>Whoever asks for this turn on this connection finds that the clock is gone, once.</summary>
    public static void BreakAsking(ManualTime time, Turn turn, string session)
    {
        int broken = 0;
        time.Looked = () =>
        {
            if (turn.Gate.Statement.Published.Id == session && Interlocked.Exchange(ref broken, 1) == 0)
            {
                throw new InvalidOperationException("The clock is gone.");
            }
        };
    }

    /// <summary>Opens a connection whose session ends so long after the clock began; otherwise long after every story.</summary>
    public static async Task<JsonObject> AcceptAsync(ScriptedServer server, string id, TimeSpan? lifetime = null)
    {
        long end = (long)(lifetime ?? TimeSpan.FromMinutes(200)).TotalSeconds;
        await server.SendAsync($$$"""{"type":"session.created","session":{"type":"realtime","id":"{{{id}}}","expires_at":{{{end}}}}}""");
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        return update;
    }
}
