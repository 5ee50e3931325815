using System.IO.Pipelines;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Whole turns against a server played by hand: what goes over the wire in which order, and what the application gets.</summary>
public sealed class VoiceSessionTests
{
    [Fact]
    public async Task ASpokenTurn_IsAudioCommitAndOneCreate_AndGivesTheAnswer()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] question = Pcm(48_000, seed: 1);
        byte[] answer = Pcm(30_000, seed: 2);

        await session.Input.WriteAsync(question);
        Turn turn = session.EndTurn();

        Assert.Equal(question, await ReadAppendsAsync(server, question.Length));
        await server.ExpectAsync("input_audio_buffer.commit");
        JsonObject create = await server.ExpectAsync("response.create");
        await AnswerAsync(server, create, "resp_1", "item_1", answer);

        Assert.Equal(answer, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal("Hello there.", result.Transcript);
        Assert.Equal((answer.Length, 1, 0), ((int)result.AudioBytes, result.Responses, result.ToolCalls.Count));
        Assert.Equal(new TokenUsage(new(4, 6), new(4, 0), new(8, 12)), result.Usage);
        Assert.NotNull(result.Timings.FirstAudio);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task EveryEvent_HasAnIdOfItsOwn_ButAppends()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        session.EndTurn();
        await ReadAppendsAsync(server, 9_600);
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.ExpectAsync("response.create");

        List<string?> ids = server.Received.Where(e => (string?)e["type"] != "input_audio_buffer.append").Select(e => (string?)e["event_id"]).ToList();

        Assert.DoesNotContain(null, ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task HalfASample_WaitsForItsOtherHalf()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] question = Pcm(4_802, seed: 3);

        await session.Input.WriteAsync(question.AsMemory(0, 4_801));
        await session.Input.WriteAsync(question.AsMemory(4_801, 1));
        session.EndTurn();

        Assert.Equal(question, await ReadAppendsAsync(server, question.Length));
        Assert.All(server.Received.Where(e => e["audio"] is not null), e => Assert.Equal(0, Convert.FromBase64String((string)e["audio"]!).Length % 2));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task HalfASampleAtTheEndOfATurn_DoesNotShiftTheNextTurn()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] second = Pcm(4_800, seed: 4);

        await session.Input.WriteAsync(Pcm(4_801, seed: 3));
        Turn first = session.EndTurn();
        await ReadAppendsAsync(server, 4_800);
        await server.ExpectAsync("input_audio_buffer.commit");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", []);
        await first.EndAsync();
        await session.Input.WriteAsync(second);
        session.EndTurn();

        Assert.Equal(second, await ReadAppendsAsync(server, second.Length));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnOfLessThanAHundredMilliseconds_IsRefused_AndNothingIsSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.Input.WriteAsync(Pcm(4_798, seed: 1));

        RealtimeRefusedException refusal = Assert.Throws<RealtimeRefusedException>(() => session.EndTurn());

        Assert.Equal("TD-03", refusal.Rule);
        await session.Input.WriteAsync(Pcm(2, seed: 1));
        session.EndTurn();
        await ReadAppendsAsync(server, 4_800);
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AWrittenTurn_IsAnItemAndOneCreate()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        Turn turn = session.SendMessage("Good day \u00e9\U0001F600.");
        JsonObject item = await server.ExpectAsync("conversation.item.create");
        await server.ItemAsync(item["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", Pcm(960, seed: 5));

        Assert.Equal("Good day \u00e9\U0001F600.", (string?)item["item"]!["content"]![0]!["text"]);
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task HalfACharacter_IsRefusedBeforeAnythingIsSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => session.SendMessage("ab\uD83D"));

        Assert.Contains("position 2", refusal.Message);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ALostConnection_EndsTheTurnAsDisconnected_AndKeepsWhatWasReceived()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] half = Pcm(9_600, seed: 6);
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.TranscriptAsync("resp_1", "item_1", "Half of");
        await server.AudioAsync("resp_1", "item_1", half);
        await server.CloseAsync(1011, "internal error");

        Assert.Equal(half, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Disconnected>(result.Outcome);
        Assert.Equal("Half of", result.Transcript);
        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1011, "internal error"), await session.Ended);
        Assert.Equal(RealtimeCloseKind.ByPeer, Assert.Throws<RealtimeClosedException>(() => session.SendMessage("Still there?")).Reason.Kind);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ClosingASession_SaysGoodbye_AndEndsItsTurns()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        Task<RealtimeCloseReason> atServer = server.ReadToEndAsync();

        await session.CloseAsync();

        Assert.Equal((RealtimeCloseKind.ByPeer, 1000), ((await atServer).Kind, (await atServer).StatusCode));
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AServerThatDoesNotAnswerTheGoodbye_IsWaitedForTwoSeconds()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer _) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));

        await time.AdvanceUntilAsync(session.CloseAsync());

        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
    }

    [Fact]
    public async Task AMalformedEvent_IsReportedAndCounted_AndTheSessionGoesOn()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        JsonObject create = await server.ExpectAsync("response.create");

        await server.SendRawAsync("""{"type":17,"event_id":"e"}""");
        await server.SendRawAsync("not json");
        await AnswerAsync(server, create, "resp_1", "item_1", Pcm(960, seed: 7));

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Assert.Equal(2, session.MalformedEvents);
        await server.EndAsync(session);
        List<SessionProblem> problems = await session.ProblemsAsync();
        Assert.Equal(2, problems.OfType<SessionProblem.MalformedEvent>().Count());
        Assert.Contains("at byte", problems[0].ToString());
    }

    [Fact]
    public async Task AnUnknownEvent_IsHandedOn_AndIsNoProblem()
    {
        var kinds = new List<string>();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnServerEvent = (in ServerEvent e) => kinds.Add(e.TypeText.ToString());
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendAsync("""{"type":"session.mood","mood":"good"}""");
        await server.CloseAsync(1000, "");
        await session.Ended;

        Assert.Equal(["session.created", "session.updated", "session.mood"], kinds);
        Assert.Empty(await session.ProblemsAsync());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AHandlerThatThrows_DoesNotEndTheSession()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnServerEvent = (in ServerEvent _) => throw new InvalidOperationException("handler");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", []);

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatTheServerBegins_ReachesItsReader()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        byte[] answer = Pcm(4_800, seed: 8);

        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":10,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await AnswerAsync(server, null, "resp_1", "item_1", answer);
        await using IAsyncEnumerator<Turn> turns = session.ReadServerTurnsAsync().GetAsyncEnumerator();
        Assert.True(await turns.MoveNextAsync());

        Assert.Equal(TurnOrigin.ServerTurnDetection, turns.Current.Origin);
        Assert.Equal(answer, await ReadAllAsync(turns.Current.Audio));
        await server.CloseAsync(1000, "");
        Assert.False(await turns.MoveNextAsync());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ASlowReader_DelaysNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Tell me a long story.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        byte[] answer = Pcm(5_000_000, seed: 9);

        // Nobody reads until the turn has ended.
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", answer);
        await turn.EndAsync();

        Assert.Equal(answer, await ReadAllAsync(turn.Audio));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AtTheCap_TheResponseIsCancelled_AndTheTurnEndsAsAudioOverrun()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.MaxAudioPerResponse = TimeSpan.FromSeconds(1);
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Never stop.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        for (int i = 0; i < 10; i++)
        {
            await server.AudioAsync("resp_1", "item_1", Pcm(9_600, seed: i));
        }

        Assert.Equal("resp_1", (string?)(await server.ExpectAsync("response.cancel"))["response_id"]);
        await server.EndItemAsync("resp_1", "item_1", "incomplete");
        await server.DoneAsync("resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");

        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.AudioOverrun>(result.Outcome);
        Assert.InRange(result.AudioBytes, 1, 48_000 + 9_600);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ARequestThatIsNeverAnswered_EndsItsTurnAsTimedOut_AndThenTheConnection()
    {
        var time = new ManualTime();
        var takenIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.ConversationItemDone)
            {
                takenIn.SetResult();
            }
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Anybody there?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.ExpectAsync("response.create");

        // The session has taken in all that was sent, and set its timer: what it took in later would be a sign of life.
        await takenIn.Task.WaitAsync(TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<TurnOutcome.TimedOut>((await turn.EndAsync()).Outcome);
        Assert.Null(session.CloseReason);

        // Then it is asked whether there is a response to cancel; a server that does not answer that either is given up.
        time.Advance(TimeSpan.FromSeconds(21));
        Assert.Null((await server.ExpectAsync("response.cancel"))["response_id"]);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(RealtimeCloseKind.Unresponsive, (await session.Ended.WaitAsync(TimeSpan.FromSeconds(10))).Kind);
        await server.EndAsync(session);
    }

    internal static async Task AnswerAsync(ScriptedServer server, JsonNode? create, string response, string item, byte[] audio)
    {
        await server.CreatedAsync(response, create);
        await server.BeginItemAsync(response, item);
        await server.TranscriptAsync(response, item, "Hello");
        for (int start = 0; start < audio.Length; start += 19_200)
        {
            await server.AudioAsync(response, item, audio[start..Math.Min(start + 19_200, audio.Length)]);
        }

        await server.TranscriptAsync(response, item, " there.");
        await server.EndItemAsync(response, item);
        await server.DoneAsync(response, usage: """{"total_tokens":30,"input_tokens":10,"output_tokens":20,"input_token_details":{"cached_tokens":4,"audio_tokens":6},"output_token_details":{"audio_tokens":12}}""");
    }

    internal static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        using var all = new MemoryStream();
        await reader.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(10));
        return all.ToArray();
    }

    internal static async Task<byte[]> ReadAppendsAsync(ScriptedServer server, int bytes)
    {
        using var all = new MemoryStream();
        while (all.Length < bytes)
        {
            all.Write(Convert.FromBase64String((string)(await server.ExpectAsync("input_audio_buffer.append"))["audio"]!));
        }

        return all.ToArray();
    }

    internal static byte[] Pcm(int bytes, int seed)
    {
        byte[] pcm = new byte[bytes];
        new Random(seed).NextBytes(pcm);
        return pcm;
    }
}
