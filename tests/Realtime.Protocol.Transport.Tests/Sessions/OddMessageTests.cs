using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A session with a server whose messages are odd: it goes on with what they say, and tells what was odd, once.</summary>
public sealed class OddMessageTests
{
    [Fact]
    public async Task OddEvents_AreUnderstood_CountedAll_AndToldOnceForEachKindAndPath()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        foreach (string text in new[] { "Hi ", "\\ud83d", "\\ude00 there" })
        {
            await server.SendRawAsync($$"""{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"resp_1","item_id":"item_1","output_index":0.5,"content_index":0,"delta":"{{text}}"}""");
        }

        await server.SendRawAsync("""{"type":"response.output_audio.delta","event_id":"e","response_id":"resp_1","item_id":"item_1","delta":"AAEC"}""");
        await server.SendRawAsync("""{"type":"response.done","event_id":"e","response":{"id":"resp_1","status":"completed","output":[],"usage":{"total_tokens":10.5},"audio":{"output":{"voice":["v"]}}}}""");

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Assert.Equal(5, session.OddEvents);
        Assert.Equal(0, session.MalformedEvents);
        Assert.Equal(
            [
                new(ServerEventKind.ResponseOutputAudioTranscriptDelta, "output_index", 1),
                new(ServerEventKind.ResponseOutputAudioDelta, "output_index", 1),
                new(ServerEventKind.ResponseDone, "response.usage.total_tokens", 2),
            ],
            (await EndAsync(session, server)).OfType<SessionProblem.OddEvent>());
    }

    [Fact]
    public async Task OfManyOddities_SixtyFourAreTold()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        for (int i = 0; i < 100; i++)
        {
            string before = string.Concat(Enumerable.Repeat("""{"type":"tomorrow"},""", i));
            await server.SendRawAsync($$$"""{"type":"response.done","event_id":"e","response":{"id":"resp_{{{i}}}","output":[{{{before}}}7]}}""");
        }

        await server.SendAsync("""{"type":"marker"}""");
        await server.CloseAsync(1000, "");
        await session.Ended;

        Assert.Equal(100, session.OddEvents);
        Assert.Equal(64, (await EndAsync(session, server)).OfType<SessionProblem.OddEvent>().Count());
    }

    [Fact]
    public async Task F09_EventsInBinaryMessages_AreRead_AndToldOnce()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(new BinaryTransport(client)));
        await server.AcceptAsync();
        VoiceSession session = await connecting;
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", Pcm(960, seed: 1));

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
        Assert.Single((await session.ProblemsAsync()).OfType<SessionProblem.BinaryMessages>());
    }

    [Fact]
    public async Task NoWordOfTheServer_StandsInAProblem()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendRawAsync("""{"type":"response.done","event_id":"e","response":{"id":"resp_1","metadata":{"secret":5},"output":[],"usage":"secret"}}""");
        await server.CloseAsync(1000, "");
        await session.Ended;

        List<SessionProblem> problems = await EndAsync(session, server);
        Assert.NotEmpty(problems);
        Assert.All(problems, static problem => Assert.DoesNotContain("secret", problem.ToString()));
    }

    private static async Task<List<SessionProblem>> EndAsync(VoiceSession session, ScriptedServer server)
    {
        await server.EndAsync(session);
        return await session.ProblemsAsync();
    }
}
