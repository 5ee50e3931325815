using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Canaries in everything private, and a whole session at the most talkative log level: not one of them may come out.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task NoSecret_ComesOutOfLogsOrTexts()
    {
        var logs = new CapturingLoggers();
        var texts = new ConcurrentBag<string?>();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.LoggerFactory = logs;
        options.Credential = "canary-credential";
        options.Headers["X-Token"] = "canary-header";
        options.Session = options.Session with { Instructions = "canary-instructions" };
        options.OnServerEvent = (in ServerEvent e) => texts.Add(e.ToOwned().ToString());
        options.AddTool("lookup", "canary-description", "{}", (call, _) =>
        {
            texts.Add(call.ToString());
            return new("canary-output");
        });
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        Turn turn = session.EndTurn();
        await ReadAppendsAsync(server, 9_600);
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_1", "item_c", "call_1", "lookup", """{"name":"canary-arguments"}""");
        await server.DoneAsync("resp_1");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        JsonObject create = await server.ExpectAsync("response.create");
        await server.CreatedAsync("resp_2", create);
        await server.BeginItemAsync("resp_2", "item_1");
        await server.TranscriptAsync("resp_2", "item_1", "canary-transcript");
        await server.SendRawAsync("""{"type":"response.output_audio_transcript.delta","delta":"canary-malformed}""");
        await server.SendAsync("""{"type":"error","error":{"type":"server_error","code":"x","message":"canary-message","param":null,"event_id":null}}""");
        await server.EndItemAsync("resp_2", "item_1");
        await server.DoneAsync("resp_2");
        texts.Add((await turn.EndAsync()).ToString());
        texts.Add(turn.ToString());
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            texts.Add(update.ToString());
        }

        Turn text = session.SendMessage("canary-text");
        texts.Add(text.ToString());
        texts.Add(options.ToString());
        texts.Add(session.ToString());
        await server.EndAsync(session);
        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync().ToListAsync();
        Assert.Contains(updates, update => update is VoiceSessionUpdate.Problem(SessionProblem.Reported));
        updates.ForEach(update => texts.Add(update.ToString()));
        updates.OfType<VoiceSessionUpdate.Problem>().ToList().ForEach(problem => texts.Add(problem.Details.ToString()));
        texts.Add(Assert.Throws<RealtimeClosedException>(() => session.SendMessage("canary-late")).ToString());

        Assert.Contains(logs.Lines, line => line.Contains("malformed"));
        Assert.Contains(logs.Lines, line => line.Contains("lookup"));
        Assert.DoesNotContain(logs.Lines, line => line.Contains("canary"));
        Assert.DoesNotContain(texts, line => line?.Contains("canary") ?? false);
    }

    [Fact]
    public async Task NoCredentialOfAnMcpServer_ComesOutOfLogsTextsOrEvents()
    {
        var logs = new CapturingLoggers();
        var texts = new ConcurrentBag<string?>();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.LoggerFactory = logs;
        options.OnServerEvent = (in ServerEvent e) => texts.Add(e.ToOwned().ToString());
        options.OnClientEvent = (in ClientEvent e) => texts.Add(e.ToOwned().ToString());
        options.Session = options.Session with { Tools = [Shop("canary-token-1")] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await using IAsyncEnumerator<WireEvent> events = session.ReadEventsAsync().GetAsyncEnumerator();
        ValueTask<bool> next = events.MoveNextAsync();
        Assert.Contains("canary-token-1", server.Received[0].ToJsonString()); // the service is told, and nobody else

        Task<SessionConfiguration> taken = session.UpdateAsync(new() { Tools = [Shop("canary-token-2")] });
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        texts.Add((await taken).ToString());
        texts.Add(string.Join(';', (await taken).Tools!));
        Task<SessionConfiguration> refused = session.UpdateAsync(new() { Tools = [Shop("canary-token-3")] });
        update = await server.ExpectAsync("session.update");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"x","message":"canary-token-3 is no token","param":"session.tools","event_id":"{{{update["event_id"]}}}"}}""");
        texts.Add((await Assert.ThrowsAsync<RealtimeRejectedException>(() => refused)).ToString());
        texts.Add((await Assert.ThrowsAnyAsync<ArgumentException>(() => session.UpdateAsync(new() { Tools = [Shop("canary-token-4") with { TunnelId = "canary-tunnel" }] }))).ToString());
        texts.Add((await Assert.ThrowsAnyAsync<ArgumentException>(() => session.UpdateAsync(new() { Tools = [Shop("canary-token-5") with { Headers = new Dictionary<string, string> { ["x-key"] = "canary\n" } }] }))).ToString());
        texts.Add(Assert.ThrowsAny<ArgumentException>(() => session.Respond(new() { Tools = [Shop("canary-token-6")] })).ToString());
        await server.EndAsync(session);
        for (; await next; next = events.MoveNextAsync())
        {
            string json = System.Text.Encoding.UTF8.GetString(events.Current.Utf8Json.Span);
            texts.Add(json.Contains("canary-token-3 is no token") ? "" : json); // the server's own sentence is no credential of ours
            texts.Add(events.Current.ToString());
        }

        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync().ToListAsync();
        updates.ForEach(update => texts.Add(update.ToString()));
        texts.Add(Assert.Throws<RealtimeClosedException>(() => session.Respond()).ToString());
        Assert.Contains(texts, static text => text?.Contains("***") ?? false);
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("canary"));
        Assert.DoesNotContain(texts, static text => text?.Contains("canary") ?? false);
    }

    [Fact]
    public async Task NoCredentialOfASessionBesideACall_ComesOut()
    {
        var logs = new CapturingLoggers();
        VoiceSessionOptions options = VoiceSessionOptions.Attach("rtc_1", "canary-key");
        options.LoggerFactory = logs;
        options.Headers["Authorization"] = "canary-header";
        var texts = new List<string?> { options.ToString(), options.Credential!.ToString(), options.Clone().ToString() };
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1"}}""");
        VoiceSession session = await connecting;
        texts.Add(Assert.Throws<RealtimeRefusedException>(() => session.Input.GetSpan()).ToString());
        texts.Add(session.Configuration.ToString());
        await server.EndAsync(session);

        options.Headers.Clear();
        foreach (string address in (string[])["ws://127.0.0.1:1/v1/realtime?call_id=rtc_1&secret=canary-query", "ws://host.invalid/v1/realtime?call_id=canary", "wss://canary-user:canary-password@127.0.0.1/"])
        {
            options.Endpoint = new(address);
            texts.Add((await Assert.ThrowsAnyAsync<Exception>(() => VoiceSession.ConnectAsync(options))).ToString());
        }

        Assert.DoesNotContain(texts, static text => text?.Contains("canary") ?? false);
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("canary"));
    }

    [Fact]
    public async Task ATranscriptionThatFails_IsLogged_WithoutTheServersWords()
    {
        var logs = new CapturingLoggers();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.LoggerFactory = logs;
        options.Session = options.Session with { Transcription = "whisper-1" };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        Task<Utterance> committing = session.Input.CommitAsync();
        await ReadAppendsAsync(server, 9_600);
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.SendAsync("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}""");
        await server.ItemAsync(JsonNode.Parse("""{"id":"item_u","type":"message","role":"user","content":[{"type":"input_audio"}]}""")!);
        await server.SendAsync("""{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_u","content_index":0,"error":{"type":"transcription_error","code":"audio_unintelligible","message":"canary","param":null}}""");
        UtteranceResult result = await (await committing).Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((UtteranceOutcome.Failed, "audio_unintelligible"), (result.Outcome, result.Error?.Code));
        await server.EndAsync(session);
        Assert.Contains(logs.Lines, static line => line.StartsWith("The user's words in the item item_u could not be written down: audio_unintelligible.", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("canary"));
    }

    private static VoiceTool.McpServer Shop(string token) => new()
    {
        Label = "shop",
        Url = new("https://mcp.example.com/"),
        Approval = McpApprovalPolicy.Never,
        Authorization = token,
        Headers = new Dictionary<string, string> { ["authorization"] = "canary-header-1", ["x-api-key"] = "canary-header-2" },
    };

    private sealed class CapturingLoggers : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception + string.Join(";", state as IEnumerable<KeyValuePair<string, object?>> ?? []));

        public void Dispose()
        {
        }
    }
}
