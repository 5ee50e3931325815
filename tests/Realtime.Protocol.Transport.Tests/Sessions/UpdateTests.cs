using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Changing a session that runs: what is sent, what is in force and from when on, and what a refusal leaves as it was.</summary>
public sealed class UpdateTests
{
    [Fact]
    public async Task WhatIsInForce_IsWhatTheServerStatesLast()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(
            new() { Session = SessionConfiguration.PushToTalk with { Instructions = "Be brief.", Voice = "marin" } });
        Assert.Equal(("sess_1", null), (session.Id, session.ExpiresAt));
        Assert.Equal("Be brief.", session.Configuration.Instructions);
        Assert.Same(TurnTaking.Manual, session.Configuration.TurnTaking);

        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Instructions = "Now speak French.", MaxOutputTokens = SessionConfiguration.Unlimited });
        JsonObject sent = await server.ExpectAsync("session.update");
        Assert.Equal("""{"type":"realtime","instructions":"Now speak French.","max_output_tokens":"inf"}""", sent["session"]!.ToJsonString());
        Assert.False(updating.IsCompleted);
        Assert.Equal("Be brief.", session.Configuration.Instructions);

        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","instructions":"Now speak French.","max_output_tokens":"inf","model":"gpt-realtime-2","expires_at":1893456000}}""");
        SessionConfiguration inForce = await updating.WaitAsync(Patience);

        Assert.Equal(("Now speak French.", (VoiceName)"marin", SessionConfiguration.Unlimited, "gpt-realtime-2"), (inForce.Instructions, inForce.Voice!.Value, inForce.MaxOutputTokens, inForce.Model));
        Assert.Equal(inForce, session.Configuration);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_893_456_000), session.ExpiresAt);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ARefusal_NamesTheParameter_AndChangesNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration> wrong = session.UpdateAsync(new() { Speed = 9 });
        Task<SessionConfiguration> right = session.UpdateAsync(new() { Instructions = "Go on." });
        string wrongId = (string)(await server.ExpectAsync("session.update"))["event_id"]!;
        JsonNode second = (await server.ExpectAsync("session.update"))["session"]!;

        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"decimal_above_max_value","message":"no","param":"session.audio.output.speed","event_id":"{{{wrongId}}}"}}""");
        await server.SendAsync($$"""{"type":"session.updated","session":{{second.ToJsonString()}}}""");

        Assert.Equal("session.audio.output.speed", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => wrong)).Error.Parameter);
        Assert.Equal("Go on.", (await right.WaitAsync(Patience)).Instructions);
        Assert.Null(session.Configuration.Speed);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatCannotBeWritten_IsAnErrorOfTheCall_AndNothingIsSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Assert.Equal("changes.Instructions", Assert.ThrowsAny<ArgumentException>(() => { _ = session.UpdateAsync(new() { Instructions = "x \ud83d" }); }).ParamName);
        Assert.Equal("changes.Voice", Assert.ThrowsAny<ArgumentException>(() => { _ = session.UpdateAsync(new() { Voice = default(VoiceName) }); }).ParamName);
        Assert.Equal("changes.Speed", Assert.ThrowsAny<ArgumentException>(() => { _ = session.UpdateAsync(new() { Speed = double.NaN }); }).ParamName);
        Assert.Equal("changes.Tools", Assert.ThrowsAny<ArgumentException>(() => { _ = session.UpdateAsync(new() { Tools = [null!] }); }).ParamName);
        Assert.Equal("changes.MaxOutputTokens", Assert.ThrowsAny<ArgumentException>(() => { _ = session.UpdateAsync(new() { MaxOutputTokens = -1 }); }).ParamName);
        Assert.Equal("changes", Assert.Throws<ArgumentNullException>(() => { _ = session.UpdateAsync(null!); }).ParamName);

        _ = session.UpdateAsync(new() { Instructions = "fine" });
        Assert.Equal("fine", (string?)(await server.ExpectAsync("session.update"))["session"]!["instructions"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SE05_AVoiceThatWasHeard_IsNotChanged()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Voice = "marin" } });
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.AudioAsync("resp_1", "item_1", new byte[4_800]);
        await server.DoneAsync("resp_1");
        await turn.EndAsync();

        Assert.Equal("SE-05", (await Assert.ThrowsAsync<RealtimeRefusedException>(async () => await session.UpdateAsync(new() { Voice = "cedar" }))).Rule);
        _ = session.UpdateAsync(new() { Voice = "marin", Instructions = "Go on." });

        JsonNode sent = (await server.ExpectAsync("session.update"))["session"]!;
        Assert.Equal("Go on.", (string?)sent["instructions"]);
        Assert.Null(sent["audio"]?["output"]?["voice"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnUpdateThatNobodyAnswers_EndsWithTheSession()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Instructions = "Go on." });
        await server.ExpectAsync("session.update");
        using var patience = new CancellationTokenSource();
        Task<SessionConfiguration> given = session.UpdateAsync(new() { Instructions = "Go on and on." }, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        await server.EndAsync(session);

        await Assert.ThrowsAsync<RealtimeClosedException>(() => updating.WaitAsync(Patience));
        Assert.Throws<RealtimeClosedException>(() => { _ = session.UpdateAsync(new() { Instructions = "Too late." }); });
    }

    [Fact]
    public async Task AnUpdateThatTheServerMakesByItself_IsToldToo()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","audio":{"output":{"voice":"cedar"}}}}""");

        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.ConfigurationChanged(var inForce))
            {
                Assert.Equal("cedar", inForce.Voice?.Name);
                break;
            }
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task NewTools_RunFromTheAcknowledgementOn_AndResponsesOfBeforeKeepTheOldOnes()
    {
        VoiceTool before = VoiceTool.Create("clock", "", "{}", static _ => "before");
        VoiceTool after = VoiceTool.Create("clock", "", "{}", static _ => "after");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Tools = [before] } });
        Turn turn = session.SendMessage("What time is it?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));

        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Tools = [after] });
        JsonNode asked = (await server.ExpectAsync("session.update"))["session"]!;
        await server.SendAsync($$"""{"type":"session.updated","session":{{asked.ToJsonString()}}}""");
        Assert.Same(after, Assert.Single((await updating.WaitAsync(Patience)).Tools!));

        await server.CallAsync("resp_1", "item_1", "call_1", "clock", "{}");
        await server.DoneAsync("resp_1");
        Assert.Equal("before", await OutputAsync(server));
        await server.CreatedAsync("resp_2", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_2", "item_2", "call_2", "clock", "{}");
        await server.DoneAsync("resp_2");
        Assert.Equal("after", await OutputAsync(server));
        await server.EndAsync(session);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
    }

    [Fact]
    public async Task TheNewsOfAnUpdate_HasTheNewTools()
    {
        VoiceTool clock = VoiceTool.Create("clock", "", "{}", static _ => "");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Tools = [clock] });
        JsonNode asked = (await server.ExpectAsync("session.update"))["session"]!;
        await server.SendAsync($$"""{"type":"session.updated","session":{{asked.ToJsonString()}}}""");
        await updating.WaitAsync(Patience);

        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.ConfigurationChanged(var inForce))
            {
                Assert.Same(clock, Assert.Single(inForce.Tools!));
                break;
            }
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnAnswerThatComesTooLate_StillBringsTheNewTools()
    {
        var time = new ManualTime();
        VoiceTool clock = VoiceTool.Create("clock", "", "{}", static _ => "");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Tools = [clock] });
        JsonNode asked = (await server.ExpectAsync("session.update"))["session"]!;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("no_answer", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => updating.WaitAsync(Patience))).Error.Code);
        Assert.Null(session.Configuration.Tools);

        await server.SendAsync($$"""{"type":"session.updated","session":{{asked.ToJsonString()}}}""");
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.ConfigurationChanged)
            {
                break;
            }
        }

        Assert.Same(clock, Assert.Single(session.Configuration.Tools!));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallThatTheApplicationAnswersTooLate_WasAnsweredForIt()
    {
        var time = new ManualTime();
        VoiceTool book = VoiceTool.Declare("book", "", "{}");
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.Session = options.Session with { Tools = [book] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("A table for two.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_1", "call_1", "book", "{}");
        await server.DoneAsync("resp_1");

        // What is answered behind the response is read behind it: a response that is not over by then would be late as well, and be cancelled.
        Task<SessionConfiguration> behind = session.UpdateAsync(new() { Instructions = "Be brief." });
        await server.ExpectAsync("session.update");
        await AcknowledgeAsync(server, "Be brief.");
        await behind;
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.ToolStarted)
            {
                time.Advance(VoiceTool.Function.DefaultTimeout);
            }
            else if (update is TurnUpdate.ToolFinished finished)
            {
                Assert.IsType<TimeoutException>(finished.Failure);
                break;
            }
        }

        Assert.Equal("""{"error":"The tool did not answer in time."}""", await OutputAsync(server));
        session.SubmitToolOutput("call_1", "booked");
        Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("call_1", "twice")).Rule);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AFunctionThatIsDeclaredOnly_IsAnsweredByTheApplication()
    {
        VoiceTool book = VoiceTool.Declare("book", "Books a table.", """{"type":"object"}""");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Tools = [book] } });
        Turn turn = session.SendMessage("A table for two.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("call_1", "too soon")).Rule);
        await server.CallAsync("resp_1", "item_1", "call_1", "book", """{"seats":2}""");
        await server.DoneAsync("resp_1");

        ToolCall? call = null;
        bool isFinished = false;
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.ToolStarted started)
            {
                call = started.Call;
                session.SubmitToolOutput(call.CallId, "booked");
                Assert.Equal("booked", await OutputAsync(server));
                Assert.Equal("FC-03", Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput(call.CallId, "twice")).Rule);
            }
            else if (update is TurnUpdate.ToolFinished finished)
            {
                Assert.Equal(call, finished.Call);
                isFinished = true;
                break;
            }
        }

        Assert.True(isFinished);
        await server.ExpectAsync("response.create");
        Assert.Throws<ArgumentException>(() => session.SubmitToolOutput("", "x"));
        Assert.Throws<ArgumentException>(() => session.SubmitToolOutput("call_1", "x \ud83d"));
        await server.EndAsync(session);
        Assert.Throws<RealtimeClosedException>(() => session.SubmitToolOutput("call_1", "late"));
    }

    [Fact]
    public async Task AnOutputWithoutResponse_IsToldAndNotSpokenAbout()
    {
        VoiceTool note = VoiceTool.Create("note", "Takes a note.", """{"type":"object"}""", static _ => ToolCallOutput.WithoutResponse("noted"));
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Tools = [note] } });
        Turn turn = session.SendMessage("Remember this.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_1", "call_1", "note", "{}");
        await server.DoneAsync("resp_1");

        Assert.Equal("noted", await OutputAsync(server));
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        await session.DisposeAsync();
        await goodbye;
        Assert.Single(server.Received, static message => (string?)message["type"] == "response.create");
    }

    public static TheoryData<string, string> Members => new()
    {
        { "nothing", "{}" },
        { nameof(SessionConfiguration.Speed), """{"audio":{"output":{"speed":1.25}}}""" },
        { nameof(SessionConfiguration.Modality), """{"output_modalities":["text"]}""" },
        { nameof(SessionConfiguration.ParallelToolCalls), """{"parallel_tool_calls":false}""" },
        { nameof(SessionConfiguration.Tools), """{"tools":[]}""" },
        { nameof(SessionConfiguration.TurnTaking), """{"audio":{"input":{"turn_detection":null}}}""" },
        { nameof(SessionConfiguration.Transcription), """{"audio":{"input":{"transcription":null}},"include":[]}""" },
        { nameof(SessionConfiguration.NoiseReduction), """{"audio":{"input":{"noise_reduction":null}}}""" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task OnlyWhatIsStated_IsSent_AndOffIsAValue(string member, string expected)
    {
        SessionConfiguration changes = member switch
        {
            nameof(SessionConfiguration.Speed) => new() { Speed = 1.25 },
            nameof(SessionConfiguration.Modality) => new() { Modality = OutputModality.Text },
            nameof(SessionConfiguration.ParallelToolCalls) => new() { ParallelToolCalls = false },
            nameof(SessionConfiguration.Tools) => new() { Tools = [] },
            nameof(SessionConfiguration.TurnTaking) => new() { TurnTaking = TurnTaking.Manual },
            nameof(SessionConfiguration.Transcription) => new() { Transcription = InputTranscription.Off },
            nameof(SessionConfiguration.NoiseReduction) => new() { NoiseReduction = InputNoiseReduction.Off },
            _ => new(),
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        _ = session.UpdateAsync(changes);
        JsonObject sent = (await server.ExpectAsync("session.update"))["session"]!.AsObject();
        Assert.Equal("realtime", (string?)sent["type"]);
        sent.Remove("type");
        Assert.Equal(expected, sent.ToJsonString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task Updates_AreSentInOrder_AndEachEndsWithItsOwnAcknowledgement()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration>[] updates = [.. Enumerable.Range(0, 3).Select(i => session.UpdateAsync(new() { Instructions = $"{i}" }))];
        for (int i = 0; i < updates.Length; i++)
        {
            Assert.Equal($"{i}", (string?)(await server.ExpectAsync("session.update"))["session"]!["instructions"]);
        }

        for (int i = 0; i < updates.Length; i++)
        {
            Assert.False(updates[i].IsCompleted);
            await AcknowledgeAsync(server, $"{i}");
            Assert.Equal($"{i}", (await updates[i].WaitAsync(Patience)).Instructions);
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task UpdatesOfSeveralThreads_AreAllSent_AndEachGetsWhatItAskedFor()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration>[] updates = [.. Enumerable.Range(0, 32).Select(i => Task.Run(() => session.UpdateAsync(new() { Instructions = $"{i}" })))];
        foreach (Task<SessionConfiguration> _ in updates)
        {
            await AcknowledgeAsync(server, (string)(await server.ExpectAsync("session.update"))["session"]!["instructions"]!);
        }

        for (int i = 0; i < updates.Length; i++)
        {
            Assert.Equal($"{i}", (await updates[i].WaitAsync(Patience)).Instructions);
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task ARejection_LeavesEverythingAsItWas_AlsoWhatTheToolsRun()
    {
        VoiceTool before = VoiceTool.Create("clock", "", "{}", static _ => "before");
        VoiceTool after = VoiceTool.Create("clock", "", "{}", static _ => "after");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Tools = [before] } });
        SessionConfiguration inForce = session.Configuration;
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Instructions = "Go on.", Tools = [after], MaxOutputTokens = 4_096 });
        string id = (string)(await server.ExpectAsync("session.update"))["event_id"]!;
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"no","param":"session.tools[0]","event_id":"{{{id}}}"}}""");
        Assert.Equal("session.tools[0]", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => updating.WaitAsync(Patience))).Error.Parameter);
        Assert.Equal(inForce, session.Configuration);

        session.SendMessage("What time is it?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_1", "call_1", "clock", "{}");
        await server.DoneAsync("resp_1");
        Assert.Equal("before", await OutputAsync(server));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SE06_AnotherSpeed_IsSentWhenTheResponseIsOver_AndBeforeTheNext()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await AnswerAsync(session, server);
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Speed = 1.25 });
        session.Input.Clear();
        await server.ExpectAsync("input_audio_buffer.clear");
        Assert.False(updating.IsCompleted);

        await server.DoneAsync("resp_1");
        JsonNode sent = (await server.ExpectAsync("session.update"))["session"]!;
        Assert.Equal(1.25, (double?)sent["audio"]!["output"]!["speed"]);
        await server.SendAsync($$"""{"type":"session.updated","session":{{sent.ToJsonString()}}}""");
        Assert.Equal(1.25, (await updating.WaitAsync(Patience)).Speed);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SE06_ASpeedThatWaitedUntilItsDeadline_SaysThatItWasNotSent()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(time));
        Turn turn = await AnswerAsync(session, server);
        await server.BeginItemAsync("resp_1", "item_1");

        // The response goes on, and the clock turns when the session has heard of it: silence would end the session first.
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Speed = 1.25 });
        for (int i = 0; i < 4; i++)
        {
            Assert.False(updating.IsCompleted);
            await server.AudioAsync("resp_1", "item_1", new byte[480]);
            System.IO.Pipelines.ReadResult heard = await turn.Audio.ReadAsync().AsTask().WaitAsync(Patience);
            turn.Audio.AdvanceTo(heard.Buffer.End);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal("not_sent", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => updating.WaitAsync(Patience))).Error.Code);
        Assert.Null(session.Configuration.Speed);

        await server.DoneAsync("resp_1");
        _ = session.UpdateAsync(new() { Instructions = "Go on." });
        Assert.Equal("""{"type":"realtime","instructions":"Go on."}""", (await server.ExpectAsync("session.update"))["session"]!.ToJsonString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SE06_WhoGivesUpWaiting_DoesNotTakeTheSpeedBack()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await AnswerAsync(session, server);
        using var giveUp = new CancellationTokenSource();
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Speed = 1.25 }, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => updating.WaitAsync(Patience));

        await server.DoneAsync("resp_1");
        Assert.Equal(1.25, (double?)(await server.ExpectAsync("session.update"))["session"]!["audio"]!["output"]!["speed"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallThatIsCancelledBefore_SendsNothing()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.UpdateAsync(new() { Instructions = "Not sent." }, new CancellationToken(canceled: true)));
        session.Input.Clear();
        await server.ExpectAsync("input_audio_buffer.clear");
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AfterTheEnd_NothingIsChanged(bool isDisposed)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await AnswerAsync(session, server);
        Task<SessionConfiguration> waiting = session.UpdateAsync(new() { Speed = 1.25 });
        SessionConfiguration inForce = session.Configuration;
        Task<RealtimeCloseReason> answering = server.ReadToEndAsync();
        await (isDisposed ? session.DisposeAsync().AsTask() : session.CloseAsync()).WaitAsync(Patience);
        await answering.WaitAsync(Patience);

        await Assert.ThrowsAsync<RealtimeClosedException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(RealtimeCloseKind.ByUs, Assert.Throws<RealtimeClosedException>(() => { _ = session.UpdateAsync(new() { Speed = 1.25 }); }).Reason.Kind);
        Assert.Equal(inForce, session.Configuration);
        Assert.DoesNotContain(server.Received.Skip(1), static message => (string?)message["type"] == "session.update");
        await server.EndAsync(session);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A response runs.</summary>
    private static async Task<Turn> AnswerAsync(VoiceSession session, ScriptedServer server)
    {
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        return turn;
    }

    private static Task AcknowledgeAsync(ScriptedServer server, string instructions) =>
        server.SendAsync($$$"""{"type":"session.updated","session":{"type":"realtime","instructions":"{{{instructions}}}"}}""");

    private static async Task<string?> OutputAsync(ScriptedServer server)
    {
        JsonNode item = (await server.ExpectAsync("conversation.item.create"))["item"]!;
        await server.ItemAsync(item);
        return (string?)item["output"];
    }
}
