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
