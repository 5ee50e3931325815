using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The first steps of a session: what is sent, and what each way to fail is called.</summary>
public sealed class OpeningTests
{
    [Fact]
    public async Task TheConfiguration_SaysWhatTheOptionsSay()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var options = new VoiceSessionOptions
        {
            InputEncoding = AudioEncoding.G711MuLaw,
            Session = SessionConfiguration.PushToTalk with
            {
                Voice = "marin",
                Modality = OutputModality.Audio,
                Instructions = "Answer in one sentence.",
                Customize = static session => session.MaxOutputTokens = 100,
            },
        };
        options.AddTool("clock", "Tells the time.", """{"type":"object"}""", (_, _) => new(""));

        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        JsonObject update = await server.AcceptAsync();
        VoiceSession session = await connecting;

        Assert.True(JsonNode.DeepEquals(update["session"], JsonNode.Parse("""
            {
              "type": "realtime", "output_modalities": ["audio"], "instructions": "Answer in one sentence.",
              "tools": [{"type": "function", "name": "clock", "description": "Tells the time.", "parameters": {"type": "object"}}],
              "max_output_tokens": 100,
              "audio": {
                "input": {"format": {"type": "audio/pcmu"}, "turn_detection": null},
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"}
              }
            }
            """)), update["session"]!.ToJsonString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task TurnTakingByTheServer_CarriesItsSettings()
    {
        var options = new VoiceSessionOptions
        {
            Session = new() { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(700), Threshold = 0.25, InterruptsResponse = false } },
        };
        ConfigurationWriting.ForConnecting(options, out Session session);
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        EventWriter.Write(written, new SessionUpdate { Session = session });
        await client.SendAsync(written.WrittenMemory);

        JsonNode detection = (await server.NextAsync())["session"]!["audio"]!["input"]!["turn_detection"]!;

        Assert.True(JsonNode.DeepEquals(detection, JsonNode.Parse(
            """{"type":"server_vad","threshold":0.25,"silence_duration_ms":700,"create_response":true,"interrupt_response":false}""")), detection.ToJsonString());
    }

    [Fact]
    public async Task ARejectedConfiguration_SaysWhichMember_AndKeepsTheServersWordsApart()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1"}}""");
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"Invalid value: 'secret instructions'.","param":"session.voice","event_id":"{{{update["event_id"]}}}"}}""");
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();

        RealtimeConnectException failure = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting);

        Assert.Equal((RealtimeConnectFailure.ConfigurationRejected, "invalid_value", "session.voice"), (failure.Failure, failure.Error?.Code, failure.Error?.Parameter));
        Assert.Equal("Invalid value: 'secret instructions'.", failure.Error?.Message);
        Assert.Same(failure.Error, Assert.IsType<RealtimeRejectedException>(failure.InnerException).Error);
        Assert.DoesNotContain("secret", failure.ToString());
        Assert.True((await goodbye).Kind is RealtimeCloseKind.ByPeer or RealtimeCloseKind.ConnectionLost);
    }

    [Fact]
    public async Task AServerThatClosesFirst_IsTold_WithTheErrorBeforeIt_AndItsWordsKeptApart()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(client));
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"beta_api_shape_disabled","message":"Use the GA API.","param":null,"event_id":null}}""");
        await server.CloseAsync(4000, "This is no: 'secret instructions'.");

        RealtimeConnectException failure = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting);

        Assert.Equal((RealtimeConnectFailure.ClosedEarly, "beta_api_shape_disabled"), (failure.Failure, failure.Error?.Code));
        Assert.Contains("(4000)", failure.Message);
        Assert.DoesNotContain("secret", failure.ToString());
    }

    [Fact]
    public async Task AConnectionThatBreaksFirst_IsExplainedWithOneFullStop()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        await server.DisposeAsync();

        RealtimeConnectException failure = await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(client)));

        Assert.Equal("The connection ended before the session was ready: connection lost: The connection broke without a goodbye.", failure.Message);
    }

    [Fact]
    public async Task AServerThatReportsAnErrorAndThenNothing_IsATimeout_ThatNamesTheError()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        var reported = new TaskCompletionSource();
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.Error)
            {
                reported.SetResult();
            }
        };
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1"}}""");
        await server.ExpectAsync("session.update");
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"not_today","message":"Bad 'secret'.","param":null,"event_id":null}}""");
        await reported.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(options.ConnectTimeout);
        await server.DisposeAsync();

        RealtimeConnectException failure = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting);

        Assert.Equal((RealtimeConnectFailure.Timeout, "not_today"), (failure.Failure, failure.Error?.Code));
        Assert.Contains("it reported the error not_today.", failure.Message);
        Assert.DoesNotContain("secret", failure.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AServerThatSaysNothing_IsATimeout(bool opensTheSession)
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.ConnectTimeout = TimeSpan.FromSeconds(3);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        if (opensTheSession)
        {
            await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1"}}""");
            await server.ExpectAsync("session.update");
        }

        time.Advance(TimeSpan.FromSeconds(3));
        await server.DisposeAsync();
        RealtimeConnectException failure = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting);

        Assert.Equal(RealtimeConnectFailure.Timeout, failure.Failure);
        Assert.Contains("3 s", failure.Message);
    }

    [Fact]
    public async Task Cancelling_GivesUp_AndClosesTheTransport()
    {
        using var cancellation = new CancellationTokenSource();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(client), cancellation.Token);

        await cancellation.CancelAsync();
        await server.ReadToEndAsync();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting)).CancellationToken);
        Assert.Equal(RealtimeCloseKind.ByUs, client.CloseReason?.Kind);
    }
}
