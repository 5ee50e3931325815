using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>
/// What an application should not do, or a server not say, from one end to the other: a typed refusal that names the rule, or a call that does nothing; never a frame that the server would reject,
/// and never the end of the session.
/// </summary>
public sealed class BadInputTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Page = Encoding.ASCII.GetBytes("<!doctype html><p>not found</p>");

    [Fact]
    public async Task SeventeenMetadataPairs_AreRefused_OfEachVerb()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        ResponseRequest seventeen = new() { Metadata = Pairs(17) };
        await session.Input.WriteAsync(new byte[9_600]);
        AssertRefused("RC-19", () => session.Respond(seventeen));
        AssertRefused("RC-19", () => session.EndTurn(seventeen));
        AssertRefused("RC-19", () => session.SendMessage("hello", seventeen));
        AssertRefused("RC-19", () => session.SendMessage(ConversationItem.User("hello"), seventeen));
        AssertRefused("RC-19", () => session.Respond(ResponseRequest.OutOfBand with { Metadata = Pairs(17) }));
        AssertRefused("RC-19", () => session.Respond(ResponseRequest.OutOfBand with { Metadata = Pairs(16) })); // one is the session's
        AssertRefused("RC-19", () => session.Respond(new() { Metadata = new Dictionary<string, string> { [new('k', 65)] = "v" } }));
        AssertRefused("RC-19", () => session.Respond(new() { Metadata = new Dictionary<string, string> { ["k"] = new('v', 513) } }));
        session.Respond(new() { Metadata = Pairs(16) });
        await AssertNextAsync(server, "response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnImageThatIsNone_IsRefusedByItsFirstBytes()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        ArgumentException refused = Assert.Throws<ArgumentException>(() => session.SendMessage(ConversationItem.User("What is this?", new ItemContent.Image(Page, "image/png"))));
        Assert.DoesNotContain("doctype", refused.Message);
        Assert.ThrowsAny<ArgumentException>(() => new ItemContent.Image(ReadOnlyMemory<byte>.Empty, "image/png"));
        Assert.ThrowsAny<ArgumentException>(() => new ItemContent.Image(Page, "text/html"));
        session.SendMessage("hello");
        await AssertNextAsync(server, "conversation.item.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AHundredMegabytesOfAudioInOneItem_AreRefused_AndNothingIsSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        ConversationItem.Message speech = ConversationItem.User(new ItemContent.Audio(new byte[100_000_000]));
        await AssertRefusedAsync("BP-05", () => session.Conversation.AddAsync(speech));
        AssertRefused("BP-05", () => session.SendMessage(speech));
        session.SendMessage("hello");
        await AssertNextAsync(server, "conversation.item.create");
        await server.EndAsync(session);

        (IRealtimeTransport client, server) = ScriptedServer.Create();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.History = [speech];
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        await server.AcceptAsync();
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal("BP-05", Assert.IsType<RealtimeRefusedException>(failed.InnerException).Rule);
        await goodbye;
    }

    [Fact]
    public async Task AnMcpServerThatFailsToList_IsTold_AndHoldsNoRequestUp()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = [new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = McpApprovalPolicy.Never }] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await server.ListingAsync("item_l", "shop");
        Turn turn = session.SendMessage("hello");
        await server.UnlistedAsync("item_l");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.DoneAsync("resp_1");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
        Assert.Equal("shop", Assert.Single(await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.McpToolsFailed>().ToListAsync().AsTask().WaitAsync(Patience)).Server);
    }

    [Fact]
    public async Task AnApprovalThatIsNeverAnswered_IsNoAfterItsTime_AndHoldsNoEndUp()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        var never = new TaskCompletionSource<bool>();
        McpApprovalPolicy policy = McpApprovalPolicy.Ask((_, _) =>
        {
            asked.SetResult();
            return new(never.Task);
        });
        options.Session = options.Session with { Tools = [new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = policy }] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond(new() { Instructions = "buy" });
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        await server.DoneAsync("resp_1");
        await asked.Task.WaitAsync(Patience);
        await server.TakenInAsync(session); // the end of the response as well
        time.Advance(VoiceTool.McpServer.DefaultApprovalTimeout);
        Assert.False((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        await server.CreatedAsync("resp_2", await server.ExpectAsync("response.create"));
        await server.DoneAsync("resp_2");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.DisposeAsync();
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Theory]
    [InlineData("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_none","content_index":0,"transcript":"hello"}""")]
    [InlineData("""{"type":"conversation.item.input_audio_transcription.delta","item_id":"item_none","content_index":0,"delta":"hel"}""")]
    [InlineData("""{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_none","content_index":0,"error":{"code":"audio_unintelligible"}}""")]
    [InlineData("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"","content_index":-5,"transcript":"hello"}""")]
    public async Task ATranscriptOfAnItemThatDoesNotExist_ChangesNothing(string transcript)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendAsync(transcript);
        await server.SendAsync(transcript);
        Task<ConversationItem> adding = session.Conversation.AddAsync(ConversationItem.User("after it"));
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await adding.WaitAsync(Patience);
        Assert.Single(session.Conversation.Items);
        await server.EndAsync(session);
        Assert.Empty(await session.ReadUtterancesAsync().ToListAsync().AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task UnknownItems_AreRefused_OrTheServersToKnow()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        VoiceConversation talk = session.Conversation;
        Assert.False(talk.TryGet("item_none", out _));
        await AssertRefusedAsync("IT-06", () => talk.DeleteAsync("item_none"));
        await AssertRefusedAsync("IT-03", () => talk.AddAsync(ConversationItem.User("hello"), ItemPosition.After("item_none")));
        await AssertRefusedAsync("TR-10", () => talk.TruncateAsync("item_none", TimeSpan.FromSeconds(1)));
        AssertRefused("FC-03", () => session.SubmitToolOutput("call_none", "done"));
        await AssertRefusedAsync("FC-03", () => talk.AddAsync(new ConversationItem.FunctionOutput("call_none", "done")));

        Task<ConversationItem> retrieving = talk.RetrieveAsync("item_none");
        JsonObject asked = await server.ExpectAsync("conversation.item.retrieve");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"item_not_found","message":"no","param":"item_id","event_id":"{{{asked["event_id"]}}}"}}""");
        Assert.Equal("item_id", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => retrieving.WaitAsync(Patience))).Error.Parameter);
        await Assert.ThrowsAsync<ArgumentException>(() => talk.DeleteAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => talk.RetrieveAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => talk.TruncateAsync("", default));
        Assert.ThrowsAny<ArgumentException>(() => session.SubmitToolOutput("", "done"));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task NegativeAndFuturePositions_AreRefused()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await SpeakAsync(session, server);
        VoiceConversation talk = session.Conversation;
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => talk.TruncateAsync("item_1", TimeSpan.FromTicks(-1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => talk.TruncateAsync("item_1", TimeSpan.MinValue));
        await AssertRefusedAsync("TR-02", () => talk.TruncateAsync("item_1", TimeSpan.FromMilliseconds(1_001)));
        await AssertRefusedAsync("TR-02", () => talk.TruncateAsync("item_1", TimeSpan.MaxValue));
        await AssertRefusedAsync("TR-07", () => talk.TruncateAsync("item_1", TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => turn.ReportPlayed(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => turn.ReportPlayed(long.MinValue));
        turn.ReportPlayed(long.MaxValue);
        Assert.Equal(48_000, turn.Heard.Bytes);
        turn.ReportPlayed(0);
        Assert.Equal(48_000, turn.Heard.Bytes);
        session.SendMessage("next");
        await AssertNextAsync(server, "conversation.item.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task InTheWrongState_EveryVerbNamesItsRule()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Voice = "marin" };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        AssertRefused("TD-03", () => session.EndTurn());
        await AssertRefusedAsync("TD-03", () => session.Input.CommitAsync());
        await session.Input.WriteAsync(new byte[4_798]);
        AssertRefused("TD-03", () => session.EndTurn());
        Turn turn = session.Respond();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.AudioAsync("resp_1", "item_1", new byte[48_000]);
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.AudioStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        await AssertRefusedAsync("TR-08", () => session.Conversation.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500)));
        await AssertRefusedAsync("SE-05", () => session.UpdateAsync(new() { Voice = "cedar" }));
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");
        await turn.EndAsync();

        Task<SessionConfiguration> vad = session.UpdateAsync(new() { TurnTaking = new TurnTaking.ServerVad() });
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        await vad.WaitAsync(Patience);
        await session.Input.WriteAsync(new byte[9_600]);
        AssertRefused("TD-03", () => session.EndTurn());
        await AssertRefusedAsync("TD-03", () => session.Input.CommitAsync());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatIsDoneTwice_IsRefused_OrDoesNothing()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = [VoiceTool.Declare("order", "Orders.", """{"type":"object"}""")] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await SpeakAsync(session, server);
        VoiceConversation talk = session.Conversation;
        Task<ConversationItem> cut = talk.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500));
        await AssertRefusedAsync("TR-09", () => talk.TruncateAsync("item_1", TimeSpan.FromMilliseconds(400)));
        await server.ExpectAsync("conversation.item.truncate");
        await server.SendAsync("""{"type":"conversation.item.truncated","item_id":"item_1","content_index":0,"audio_end_ms":500}""");
        Assert.Equal(TimeSpan.FromMilliseconds(500), Assert.IsType<ConversationItem.Message>(await cut.WaitAsync(Patience)).TruncatedAt);
        Task deletion = talk.DeleteAsync("item_1");
        await AssertRefusedAsync("IT-06", () => talk.DeleteAsync("item_1"));
        await server.ExpectAsync("conversation.item.delete");
        await server.SendAsync("""{"type":"conversation.item.deleted","item_id":"item_1"}""");
        await deletion.WaitAsync(Patience);
        await AssertRefusedAsync("IT-06", () => talk.DeleteAsync("item_1"));
        await AssertRefusedAsync("TR-11", () => talk.TruncateAsync("item_1", TimeSpan.FromMilliseconds(400)));
        await AssertRefusedAsync("IT-09", () => talk.RetrieveAsync("item_1"));
        await AssertRefusedAsync("IT-05", () => talk.AddAsync(ConversationItem.User("again") with { Id = "item_1" }));

        Turn turn = session.Respond();
        await server.CreatedAsync("resp_2", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_2", "item_c", "call_1", "order", "{}");
        await server.DoneAsync("resp_2");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        session.SubmitToolOutput("call_1", "done");
        AssertRefused("FC-03", () => session.SubmitToolOutput("call_1", "done"));
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.ExpectAsync("response.create");
        turn.Cancel();
        turn.Cancel();
        session.Interrupt();
        session.Interrupt();
        await server.DisposeAsync();
        await Task.WhenAll(session.CloseAsync(), session.CloseAsync(), session.DisposeAsync().AsTask(), session.DisposeAsync().AsTask()).WaitAsync(Patience);
        await session.CloseAsync();
        await session.DisposeAsync();
    }

    [Fact]
    public async Task AfterDisposal_EveryVerbSaysThatTheSessionIsClosed_OrDoesNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await SpeakAsync(session, server);
        VoiceConversation talk = session.Conversation;
        await server.EndAsync(session);

        AssertClosed(() => session.EndTurn());
        AssertClosed(() => session.SendMessage("hello"));
        AssertClosed(() => session.SendMessage(ConversationItem.User("hello")));
        AssertClosed(() => session.Respond());
        AssertClosed(() => session.Respond(ResponseRequest.OutOfBand));
        AssertClosed(() => session.SubmitToolOutput("call_1", "done"));
        Func<Task>[] waits =
        [
            () => session.UpdateAsync(new() { Instructions = "x" }),
            () => session.Input.CommitAsync(),
            () => talk.AddAsync(ConversationItem.User("hello")),
            () => talk.DeleteAsync("item_1"),
            () => talk.RetrieveAsync("item_1"),
            () => talk.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500)),
            () => session.SendAsync(new OutputAudioBufferClear()).AsTask(),
            () => session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}""")).AsTask(),
        ];
        foreach (Func<Task> wait in waits)
        {
            Assert.Equal(session.CloseReason, (await Assert.ThrowsAsync<RealtimeClosedException>(wait)).Reason);
        }

        session.Interrupt();
        session.Input.Clear();
        turn.Cancel();
        turn.ReportPlayed(100);
        Assert.True((await session.Input.WriteAsync(new byte[100])).IsCompleted);
        session.Input.Complete();
        Assert.Equal(VoiceSessionState.Ended, session.State);
        Assert.Single(talk.Items);
        Assert.True(talk.TryGet("item_1", out _));
        Assert.Empty(await session.ReadServerTurnsAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.Empty(await session.ReadUtterancesAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.Empty(await session.ReadEventsAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.NotEmpty(await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.Empty(await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.NotEmpty(await turn.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(session.CloseReason, await session.Ended);
    }

    [Fact]
    public async Task WhoseTokenIsCancelledBefore_SendsNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await SpeakAsync(session, server);
        await session.Input.WriteAsync(new byte[9_600]);
        var cancelled = new CancellationToken(canceled: true);
        Func<Task>[] waits =
        [
            () => session.UpdateAsync(new() { Instructions = "x" }, cancelled),
            () => session.Input.CommitAsync(cancelled),
            () => session.Conversation.AddAsync(ConversationItem.User("hello"), cancellationToken: cancelled),
            () => session.Conversation.DeleteAsync("item_1", cancelled),
            () => session.Conversation.RetrieveAsync("item_1", cancelled),
            () => session.Conversation.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500), cancelled),
            () => session.SendAsync(new OutputAudioBufferClear(), cancelled).AsTask(),
            () => session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}"""), cancelled).AsTask(),
            () => session.Input.WriteAsync(new byte[100], cancelled).AsTask(),
        ];
        foreach (Func<Task> wait in waits)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(wait);
        }

        await server.ExpectAsync("input_audio_buffer.append");
        session.Input.Clear();
        await AssertNextAsync(server, "input_audio_buffer.clear");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnItemThatIsDeletedWhileItIsCut_IsNoItemToReturn()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await SpeakAsync(session, server);
        Task<ConversationItem> cut = session.Conversation.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500));
        await server.ExpectAsync("conversation.item.truncate");
        await server.SendAsync("""{"type":"conversation.item.deleted","item_id":"item_1"}""");
        await server.SendAsync("""{"type":"conversation.item.truncated","item_id":"item_1","content_index":0,"audio_end_ms":500}""");
        Assert.Equal("item_deleted", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => cut.WaitAsync(Patience))).Error.Code);
        await server.EndAsync(session);
    }

    private static Dictionary<string, string> Pairs(int count) => Enumerable.Range(0, count).ToDictionary(static n => $"k{n}", static n => $"v{n}");

    /// <summary>A response of one second of sound.</summary>
    private static async Task<Turn> SpeakAsync(VoiceSession session, ScriptedServer server)
    {
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.AudioAsync("resp_1", "item_1", new byte[48_000]);
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");
        await turn.EndAsync();
        return turn;
    }

    /// <summary>What was refused before was not sent.</summary>
    private static async Task AssertNextAsync(ScriptedServer server, string type)
    {
        JsonObject next;
        do
        {
            next = await server.NextAsync();
        }
        while ((string?)next["type"] is "input_audio_buffer.append");

        Assert.Equal(type, (string?)next["type"]);
    }

    private static void AssertRefused(string rule, Action call)
    {
        RealtimeRefusedException refused = Assert.Throws<RealtimeRefusedException>(call);
        Assert.Equal(rule, refused.Rule);
        Assert.True(refused.Message.Length > 20, refused.Message);
    }

    private static async Task AssertRefusedAsync(string rule, Func<Task> call)
    {
        RealtimeRefusedException refused = await Assert.ThrowsAsync<RealtimeRefusedException>(call);
        Assert.Equal(rule, refused.Rule);
        Assert.True(refused.Message.Length > 20, refused.Message);
    }

    private static void AssertClosed(Action call) => Assert.Throws<RealtimeClosedException>(call);
}
