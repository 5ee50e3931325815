using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Events that the application writes by itself: what is sent of them, in which order, what is refused, and when the caller hears of it.</summary>
public sealed class SentEventTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AnEvent_IsSentAsItWasWritten_WithAnIdIfItHasNone()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        await session.SendAsync(new ConversationItemRetrieve { ItemId = "item_1" }).AsTask().WaitAsync(Patience);
        await session.SendAsync(new ConversationItemRetrieve { EventId = "mine", ItemId = "item_2" }).AsTask().WaitAsync(Patience);
        await session.SendRawAsync(RawJson.Parse(""" { "type" : "vendor.ping" , "n" : 1 } """)).AsTask().WaitAsync(Patience);
        await session.SendRawAsync(RawJson.Parse("""{"x":{"event_id":7},"type":"vendor.pong","event_id":"a\u0062c"}""")).AsTask().WaitAsync(Patience);

        JsonObject first = await server.ExpectAsync("conversation.item.retrieve");
        Assert.Equal("item_1", (string?)first["item_id"]);
        JsonObject second = await server.ExpectAsync("conversation.item.retrieve");
        Assert.Equal("mine", (string?)second["event_id"]);
        JsonObject third = await server.ExpectAsync("vendor.ping");
        Assert.Equal(1, (int?)third["n"]);
        JsonObject fourth = await server.ExpectAsync("vendor.pong");
        Assert.Equal("abc", (string?)fourth["event_id"]);
        Assert.StartsWith("sent_", (string?)first["event_id"]);
        Assert.StartsWith("sent_", (string?)third["event_id"]);
        Assert.NotEqual((string?)first["event_id"], (string?)third["event_id"]);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("""{"type":"response.create"}""")]
    [InlineData("""{"type":"response.create","response":{"conversation":"none"}}""")]
    [InlineData("""{"response":{"instructions":"Hi."},"event_id":"mine","type":"response.create"}""")]
    [InlineData("""{"\u0074ype":"response.create"}""")]
    [InlineData("""{"type":"respons\u0065.create"}""")]
    [InlineData("""{"type":"response.create","response":7}""")]
    [InlineData("""{"type":"vendor.ping","type":"response.create"}""")]
    [InlineData("""{"type":"response.create","type":"vendor.ping"}""")]
    [InlineData("""{"type":"vendor.ping","\u0074ype":"response.create"}""")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAA"}""")]
    [InlineData("""{"type":"input_audio_buffer.append"}""")]
    [InlineData("""{"type":"input_audio_buffer.commit"}""")]
    [InlineData("""{"type":"input_audio_buffer.clear","x":[1,2,{"a":null}]}""")]
    public async Task RC01_WhatOnlyTheSessionSends_IsRefused_HoweverItIsWritten(string json)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        var refused = Assert.Throws<RealtimeRefusedException>(() => { _ = session.SendRawAsync(RawJson.Parse(json)); });

        Assert.Equal("RC-01", refused.Rule);
        await AssertNothingWasSentAsync(session, server);
    }

    [Theory]
    [InlineData("""[{"type":"vendor.ping"}]""")]
    [InlineData("\"vendor.ping\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"name":"vendor.ping"}""")]
    [InlineData("""{"type":""}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":["response.create"]}""")]
    [InlineData("""{"type":"vendor.ping","event_id":null}""")]
    [InlineData("""{"type":"vendor.ping","event_id":7}""")]
    [InlineData("""{"type":"vendor.ping","event_id":""}""")]
    [InlineData("""{"type":"vendor.ping","event_id":"a","event_id":"b"}""")]
    public async Task WhatIsNoEvent_IsNotSent(string json)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        var failure = Assert.ThrowsAny<ArgumentException>(() => { _ = session.SendRawAsync(RawJson.Parse(json)); });

        Assert.Equal("clientEvent", failure.ParamName);
        await AssertNothingWasSentAsync(session, server);
    }

    [Fact]
    public async Task WhatCannotBeWritten_IsNotSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        Assert.ThrowsAny<ArgumentException>(() => { _ = session.SendRawAsync(default); });
        Assert.ThrowsAny<ArgumentException>(() => { _ = session.SendAsync(new ConversationItemRetrieve { ItemId = "\ud83d" }); });
        Assert.ThrowsAny<ArgumentException>(() => { _ = session.SendAsync(new ConversationItemRetrieve { EventId = new string('x', 513), ItemId = "item_1" }); });
        Assert.ThrowsAny<ArgumentException>(() => { _ = session.SendAsync(default(ConversationItemRetrieve)); });

        await AssertNothingWasSentAsync(session, server);
    }

    [Fact]
    public async Task IT07_AnIdThatTheSessionHasUsed_IsRefused_AndSoIsOneThatItMayUse()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        session.SendMessage("Hello.");
        await server.ExpectAsync("conversation.item.create");
        string used = (string)(await server.ExpectAsync("response.create"))["event_id"]!;
        string next = used[..(used.LastIndexOf('_') + 1)] + "999";

        foreach (string id in new[] { used, next })
        {
            var refused = Assert.Throws<RealtimeRefusedException>(() => { _ = session.SendAsync(new OutputAudioBufferClear { EventId = id }); });
            Assert.Equal("IT-07", refused.Rule);
        }

        await AssertNothingWasSentAsync(session, server);
    }

    [Fact]
    public async Task EventsOfManyThreads_KeepTheirPlaceAmongAudioAndVerbs_AndAllAreTaken()
    {
        const int Callers = 4;
        const int Each = 200;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        Task[] sending = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await (i % 2 == 0
                    ? session.SendAsync(new ConversationItemRetrieve { ItemId = $"{caller}:{i}" })
                    : session.SendRawAsync(RawJson.Parse($$"""{"type":"conversation.item.retrieve","item_id":"{{caller}}:{{i}}"}""")));
            }
        }))];
        var ids = new HashSet<string>();
        int[] next = new int[Callers];
        for (int i = 0; i < Callers * Each; i++)
        {
            JsonObject message = await server.ExpectAsync("conversation.item.retrieve");
            string[] place = ((string)message["item_id"]!).Split(':');
            Assert.Equal(next[int.Parse(place[0])]++, int.Parse(place[1]));
            Assert.True(ids.Add((string)message["event_id"]!));
        }

        await Task.WhenAll(sending).WaitAsync(Patience);

        await session.Input.WriteAsync(new byte[9_600]);
        _ = session.SendAsync(new OutputAudioBufferClear());
        session.EndTurn();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("output_audio_buffer.clear");
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AfterTheEnd_AnEventIsRefused_WithTheReason()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.CloseAsync(4000, "enough");
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);

        Assert.Same(reason, Assert.Throws<RealtimeClosedException>(() => { _ = session.SendAsync(new OutputAudioBufferClear()); }).Reason);
        await session.DisposeAsync();
        Assert.Same(reason, Assert.Throws<RealtimeClosedException>(() => { _ = session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}""")); }).Reason);
    }

    [Fact]
    public async Task AnEventThatTheSocketNeverTook_FailsWithTheReasonOfTheEnd()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var full = new FullTransport(client);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(full));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        full.Fill();

        Task first = session.SendAsync(new OutputAudioBufferClear()).AsTask();
        Task second = session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}""")).AsTask();
        await server.DisposeAsync();
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);

        Assert.Same(reason, (await Assert.ThrowsAsync<RealtimeClosedException>(() => second.WaitAsync(Patience))).Reason);
        full.Empty();
        Assert.Same(reason, (await Assert.ThrowsAsync<RealtimeClosedException>(() => first.WaitAsync(Patience))).Reason);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ASocketThatThrows_EndsTheSession_AndFailsWhatItHeld()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var full = new FullTransport(client);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(full));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        full.Break();

        Task first = session.SendAsync(new OutputAudioBufferClear()).AsTask();
        Task second = session.SendAsync(new OutputAudioBufferClear()).AsTask();

        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        foreach (Task sending in (Task[])[first, second])
        {
            try
            {
                await sending.WaitAsync(Patience);
                Assert.Fail("It was not sent.");
            }
            catch (RealtimeClosedException closed)
            {
                Assert.Same(reason, closed.Reason);
            }
        }

        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task AnEvent_MayBeSentFromInsideBothHandlers()
    {
        VoiceSession? session = null;
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.TypeText.ToString() == "vendor.ask")
            {
                _ = session!.SendRawAsync(RawJson.Parse("""{"type":"vendor.first"}"""));
            }
        };
        options.OnClientEvent = (in ClientEvent e) =>
        {
            if (e.TypeText.ToString() == "vendor.first")
            {
                _ = session!.SendAsync(new OutputAudioBufferClear());
            }
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendAsync("""{"type":"vendor.ask"}""");

        await server.ExpectAsync("vendor.first");
        await server.ExpectAsync("output_audio_buffer.clear");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task TheOutputOfADeclaredFunction_MayBeSentAsAnEvent()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = [VoiceTool.Declare("clock", "Tells the time.", """{"type":"object"}""")] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_c", "call_1", "clock", "{}");
        await server.DoneAsync("resp_1");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask().WaitAsync(Patience);

        await session.SendAsync(new ConversationItemCreate { Item = new FunctionCallOutputItem { CallId = "call_1", Output = "noon" } }).AsTask().WaitAsync(Patience);

        await server.ExpectAsync("conversation.item.create");
        JsonObject create = await server.ExpectAsync("response.create");
        await server.CreatedAsync("resp_2", create);
        await server.DoneAsync("resp_2");
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience)).Outcome);
        Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("call_1", "late")).Rule);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACancelledToken_BeforeTheCall_SendsNothing_AndLater_OnlyGivesUpWaiting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var full = new FullTransport(client);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(full));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.True(session.SendAsync(new OutputAudioBufferClear { EventId = "never" }, stop.Token).IsCanceled);
        Assert.True(session.SendRawAsync(RawJson.Parse("""{"type":"vendor.never"}"""), stop.Token).IsCanceled);

        using var later = new CancellationTokenSource();
        full.Fill();
        Task waiting = session.SendAsync(new OutputAudioBufferClear { EventId = "sent" }, later.Token).AsTask();
        await later.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        full.Empty();

        Assert.Equal("sent", (string?)(await server.ExpectAsync("output_audio_buffer.clear"))["event_id"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnErrorAboutAnEvent_IsAProblemWithItsId_AndNoOtherOperations()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Instructions = "Be brief." });
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping","event_id":"mine"}"""));
        string update = (string)(await server.ExpectAsync("session.update"))["event_id"]!;
        await server.ExpectAsync("vendor.ping");

        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"unknown_event","message":"What?","event_id":"mine"}}""");
        VoiceSessionUpdate.Problem problem = await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().FirstAsync().AsTask().WaitAsync(Patience);
        Assert.Equal("mine", Assert.IsType<SessionProblem.Reported>(problem.Details).Error.EventId);
        Assert.False(updating.IsCompleted);
        Assert.NotEqual("mine", update);
        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","instructions":"Be brief."}}""");
        await updating.WaitAsync(Patience);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SE02_AnUpdateThatTheApplicationSent_TakesTheFirstAcknowledgement_AndNotThatOfALaterOne()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await session.SendRawAsync(RawJson.Parse("""{"type":"session.update","session":{"type":"realtime","instructions":"One."}}"""));
        Task<SessionConfiguration> second = session.UpdateAsync(new() { Instructions = "Two." });
        await server.ExpectAsync("session.update");
        await server.ExpectAsync("session.update");

        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","instructions":"One."}}""");
        await session.SendAsync(new OutputAudioBufferClear());
        await server.ExpectAsync("output_audio_buffer.clear");
        while (session.Configuration.Instructions != "One.")
        {
            await Task.Yield();
        }

        Assert.False(second.IsCompleted);
        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","instructions":"Two."}}""");
        Assert.Equal("Two.", (await second.WaitAsync(Patience)).Instructions);
        await server.EndAsync(session);
    }

    /// <summary>The next message is the one that is sent now.</summary>
    private static async Task AssertNothingWasSentAsync(VoiceSession session, ScriptedServer server)
    {
        await session.SendRawAsync(RawJson.FromUtf8(Encoding.UTF8.GetBytes("""{"type":"vendor.last"}"""))).AsTask().WaitAsync(Patience);
        await server.ExpectAsync("vendor.last");
        await server.EndAsync(session);
    }
}
