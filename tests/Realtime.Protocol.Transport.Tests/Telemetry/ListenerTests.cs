using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Transport.Tests.Sessions;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>Who listens, when, and how badly; other kinds of sessions; and what no signal ever holds.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AListenerThatSamplesNothing_GetsNothing()
    {
        int seen = 0;
        using ActivityListener listener = Listen(ActivitySamplingResult.None, _ => Interlocked.Increment(ref seen));

        await CallAsync("call-1");

        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task AListenerThatComesLater_GetsTheTurnsThatBeginThen_AndNoSessionIsLessThanNone()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Named("call-2"));
        await TurnAsync(session, server, "r1");
        Turn begun = session.SendMessage("Wait.");
        using (var observer = new Observer())
        {
            await server.AnswerTextAsync("r2", "Yes.");
            await begun.EndAsync();
            await TurnAsync(session, server, "r3");
            await EndAsync(session, server);

            Assert.Equal(["realtime gpt-realtime", "realtime turn"], observer.Spans.Select(static span => span.DisplayName));
            Assert.Equal(3, observer.Named("realtime turn").Single().GetTagItem("realtime.turn.number"));
            Assert.Empty(observer.Named("realtime turn").Single().Links);
            Assert.DoesNotContain(observer.Points(), static point => point.StartsWith("realtime.session.active", StringComparison.Ordinal));
            Assert.Contains(observer.Points(), static point => point.StartsWith("realtime.turn.duration", StringComparison.Ordinal) && point.Contains(" 2×", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AListenerThatLeaves_IsMissedByNobody()
    {
        var observer = new Observer();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Named("call-3"));
        Turn turn = session.SendMessage("Hello.");
        observer.Dispose();
        await server.AnswerTextAsync("r1", "Yes.");

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task AListenerThatThrows_EndsNothing()
    {
        int thrown = 0;
        using ActivityListener spans = Listen(ActivitySamplingResult.AllData, Throw, Throw);
        using var metrics = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RealtimeTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        metrics.SetMeasurementEventCallback<double>((_, _, _, _) => Throw(null));
        metrics.SetMeasurementEventCallback<long>((_, _, _, _) => Throw(null));
        metrics.Start();

        await CallAsync("call-4", options => options.OnServerEvent = static (in ServerEvent _) => { });

        Assert.True(thrown > 5);

        void Throw(Activity? span)
        {
            Interlocked.Increment(ref thrown);
            throw new InvalidOperationException("This observer is broken.");
        }
    }

    [Fact]
    public async Task TwoSessionsAtOnce_DoNotMix()
    {
        using var observer = new Observer();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(static i => Task.Run(() => CallAsync($"call-{i}"))));

        Activity[] spans = observer.Spans;
        foreach (IGrouping<ActivityTraceId, Activity> trace in spans.Where(static span => span.DisplayName != "realtime connect").GroupBy(static span => span.TraceId))
        {
            Assert.Single(trace.Select(static span => span.GetTagItem("gen_ai.conversation.id")).Distinct());
            Assert.Equal(["execute_tool echo", "realtime gpt-realtime", "realtime gpt-realtime", "realtime turn"], trace.Select(static span => span.DisplayName).Order(StringComparer.Ordinal));
        }

        Assert.Equal(10, spans.Length);
    }

    [Fact]
    public async Task WithoutANameOfTheApplications_TheServicesIdIsTheConversations_AndTheSpanOfConnectingIsInTheCallers()
    {
        using var application = new ActivitySource("Shop");
        using var observer = new Observer("Shop");
        using (application.StartActivity("take the call"))
        {
            await CallAsync(null);
            Assert.Equal("take the call", Activity.Current?.DisplayName);
        }

        Activity own = Assert.Single(observer.Named("take the call"));
        Assert.Equal(own.SpanId, Assert.Single(observer.Named("realtime connect")).ParentSpanId);
        Assert.Equal(default, Assert.Single(observer.Named("realtime turn")).ParentSpanId);
        Assert.All(observer.Spans.Where(span => span != own), static span => Assert.Equal("sess_1", span.GetTagItem("gen_ai.conversation.id")));
    }

    [Fact]
    public async Task AConnectionThatIsRefused_IsASpanWithItsError()
    {
        using var observer = new Observer();
        var options = new VoiceSessionOptions { Endpoint = new("ws://127.0.0.1:9/v1/realtime?model=m"), Transport = static (_, _) => throw new RealtimeConnectException(RealtimeConnectFailure.TooManyRequests, "Too many.") };

        await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(options));

        await ServerRow.UntilAsync(() => observer.Spans.Length == 1);
        Assert.Equal(
            "realtime connect Client Error{error.type=too_many_requests gen_ai.provider.name=openai gen_ai.request.model=m realtime.session.kind=voice server.address=127.0.0.1}",
            Observer.Describe(observer.Spans[0]));
        Assert.DoesNotContain(observer.Points(), static point => point.StartsWith("realtime.session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATranscription_AndATranslation_AreToldAsWhatTheyAre()
    {
        using var observer = new Observer();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranscriptionSession> connecting = TranscriptionSession.ConnectAsync(new TranscriptionSessionOptions { Transcription = "w", CallId = "call-5", TimeProvider = new ManualTime() }.Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"transcription","id":"sess_1"}}""");
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        TranscriptionSession captions = await connecting.WaitAsync(Patience);
        await server.CloseAsync(1000, "");
        await captions.Ended.WaitAsync(Patience);
        await captions.DisposeAsync();

        (client, server) = ScriptedServer.Create();
        Task<TranslationSession> translating = TranslationSession.ConnectAsync(new TranslationSessionOptions { Language = "de", TimeProvider = new ManualTime() }.Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"translation","id":"sess_2"}}""");
        update = await server.ExpectAsync("session.update");
        await server.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        TranslationSession interpreter = await translating.WaitAsync(Patience);
        await server.CloseAsync(1000, "");
        await interpreter.Ended.WaitAsync(Patience);
        await interpreter.DisposeAsync();

        Assert.Equal(
            [
                "realtime connect Client Unset{gen_ai.conversation.id=call-5 gen_ai.provider.name=openai realtime.session.kind=transcription}",
                "realtime connect Client Unset{gen_ai.conversation.id=sess_2 gen_ai.provider.name=openai gen_ai.request.model=gpt-realtime-translate realtime.session.kind=translation}",
            ],
            observer.Spans.Select(Observer.Describe));
        Assert.Equal(
            [
                "realtime.input.backlog{} 0",
                "realtime.session.active{realtime.session.kind=transcription} 0",
                "realtime.session.active{realtime.session.kind=translation} 0",
                "realtime.session.duration{realtime.close.kind=by_peer realtime.session.kind=transcription} 1×0",
                "realtime.session.duration{realtime.close.kind=by_peer realtime.session.kind=translation} 1×0",
            ],
            observer.Points());
    }

    [Fact]
    public async Task WhatAReaderMissed_AndHowLongAHandlerTook_IsCounted()
    {
        using var observer = new Observer();
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.OnServerEvent = (in ServerEvent _) => time.Advance(TimeSpan.FromMilliseconds(10));
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await EndAsync(session, server);
        var updates = new SessionUpdates();
        for (int i = 0; i < SessionFeed.MaxWaiting + 3; i++)
        {
            updates.Tell(new VoiceSessionUpdate.ItemDeleted($"item_{i}"));
        }

        updates.Complete();
        Assert.Equal(3, (await updates.ReadAllAsync().OfType<VoiceSessionUpdate.Missed>().SingleAsync()).Count);
        var tap = new EventTap(time);
        await using IAsyncEnumerator<WireEvent> events = tap.ReadAllAsync(EventSelection.All, default).GetAsyncEnumerator();
        ValueTask<bool> first = events.MoveNextAsync();
        for (int i = 0; i < EventFeed.MaxEvents + 10; i++)
        {
            tap.Sent("""{"type":"input_audio_buffer.clear"}"""u8);
        }

        long missed = 0;
        tap.Complete();
        for (bool isAnother = await first; isAnother; isAnother = await events.MoveNextAsync())
        {
            missed += events.Current.MissedBefore;
        }

        Assert.InRange(missed, 1, 10);
        Assert.Contains($"realtime.events.missed{{realtime.reader=events}} {missed}", observer.Points());
        Assert.Contains("realtime.events.missed{realtime.reader=updates} 3", observer.Points());
        Assert.Contains("realtime.handler.duration{realtime.handler=OnServerEvent} 2×0.02", observer.Points());
    }

    [Fact]
    public async Task NoSignal_AndNoLine_HoldsAKeyOrAnythingThatWasSaid()
    {
        string[] canaries = ["CANARY-KEY", "CANARY-HEADER", "CANARY-INSTRUCTIONS", "CANARY-QUESTION", "CANARY-ANSWER", "CANARY-ARGUMENTS", "CANARY-OUTPUT", "CANARY-SERVER", "CANARY-CODE", "CANARY-DESCRIPTION", "CANARY-TOKEN", "CANARY-FAILURE", "CANARY-REMOTE", Convert.ToBase64String(Encoding.ASCII.GetBytes("CANARY-AUDIO"))];
        using var observer = new Observer();
        using var log = new WholeLog();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Named("call-6", options =>
        {
            (options.Credential, options.LoggerFactory, options.Headers["X-Secret"]) = ("CANARY-KEY", log, "CANARY-HEADER");
            options.Session = options.Session with
            {
                Instructions = "CANARY-INSTRUCTIONS",
                Tools =
                [
                    VoiceTool.Create("echo", "CANARY-DESCRIPTION", """{"type":"object"}""", static _ => "CANARY-OUTPUT"),
                    VoiceTool.Declare("order", "CANARY-DESCRIPTION", """{"type":"object"}"""),
                    new VoiceTool.McpServer { Label = "shop", Url = new("https://shop.example/mcp"), Approval = McpApprovalPolicy.Never, Description = "CANARY-DESCRIPTION", Authorization = "CANARY-TOKEN" },
                ],
            };
        }));
        await server.ListingAsync("item_l", "shop");
        await server.ListedAsync("item_l", "shop", "CANARY-REMOTE");
        Turn turn = session.SendMessage("CANARY-QUESTION");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        const string Arguments = """{"wish":"CANARY-ARGUMENTS"}""";
        await server.CallAsync("r1", "item_c", "call_c", "echo", Arguments);
        await server.CallAsync("r1", "item_d", "call_d", "order", Arguments);
        foreach (string item in (string[])["item_m", "item_n"])
        {
            await server.McpCallAsync("r1", item, "shop", "CANARY-REMOTE", Arguments);
        }

        await server.DoneAsync("r1");
        await server.McpEndedAsync("item_m", "shop", "CANARY-REMOTE", Arguments, output: "CANARY-OUTPUT");
        await server.McpEndedAsync("item_n", "shop", "CANARY-REMOTE", Arguments, """{"type":"http_error","code":503,"message":"CANARY-FAILURE"}""");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync(static started => started.Call.Name == "order").AsTask().WaitAsync(Patience);
        session.SubmitToolOutput("call_d", "CANARY-OUTPUT");
        await server.TakeItemsAsync(2);
        await server.CreatedAsync("r2", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("r2", "item_2");
        await server.AudioAsync("r2", "item_2", Encoding.ASCII.GetBytes("CANARY-AUDIO"));
        await server.TranscriptAsync("r2", "item_2", "CANARY-ANSWER");
        await server.EndItemAsync("r2", "item_2");
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"CANARY-CODE","message":"CANARY-SERVER"}}""");
        await server.SendRawAsync("""{"type":"CANARY-SERVER","unfinished":"CANARY-SERVER""");
        await server.DoneAsync("r2", "failed", """{"type":"failed","error":{"type":"CANARY-CODE","code":"CANARY-CODE","message":"CANARY-SERVER"}}""");
        Assert.Equal("CANARY-ANSWER", (await turn.EndAsync()).Transcript);
        RealtimeRefusedException refused = Assert.Throws<RealtimeRefusedException>(() => session.SubmitToolOutput("nobody", "CANARY-OUTPUT"));
        await EndAsync(session, server);
        RealtimeClosedException closed = Assert.Throws<RealtimeClosedException>(() => session.SendMessage("CANARY-QUESTION"));

        string signals = string.Join('\n', observer.Spans.Select(static span => $"{Observer.Describe(span)} {span.StatusDescription} {span.TraceStateString} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.Select(static e => e.Name))}").Concat(observer.Points()));
        string lines = string.Join('\n', log.Lines);
        Assert.Contains("execute_tool echo", signals);
        Assert.Contains("execute_tool order", signals);
        Assert.Contains("realtime.mcp.server=shop", signals);
        Assert.Contains("error.type=_OTHER", signals);
        Assert.Contains("realtime.problems{realtime.problem.code=_OTHER realtime.problem.kind=reported} 1", signals);
        Assert.Contains("call-6", lines);

        // A code of the server's and the name of a remote tool are no content, and stand in the log, where somebody looks for them.
        Assert.All(canaries, canary => Assert.DoesNotContain(canary, signals, StringComparison.Ordinal));
        Assert.All(canaries.Where(static canary => canary is not ("CANARY-CODE" or "CANARY-REMOTE")), canary => Assert.DoesNotContain(canary, $"{lines}{refused}{closed}", StringComparison.Ordinal));
    }

    private static ActivityListener Listen(ActivitySamplingResult sampling, Action<Activity> started, Action<Activity>? stopped = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RealtimeTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStarted = started,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static VoiceSessionOptions Named(string? callId, Action<VoiceSessionOptions>? configure = null)
    {
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        (options.CallId, options.Model) = (callId, "gpt-realtime");
        options.Session = options.Session with { Tools = [VoiceTool.Create("echo", "Says it again.", """{"type":"object"}""", static call => call.Arguments)] };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>A whole call of one turn with a tool.</summary>
    private static async Task CallAsync(string? callId, Action<VoiceSessionOptions>? configure = null)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(Named(callId, configure));
        Turn turn = session.SendMessage("Say it again.");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_c", "call_c", "echo", "{}");
        await server.DoneAsync("r1");
        await server.TakeItemsAsync(1);
        await server.AnswerAsync("r2", "It.");
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await EndAsync(session, server);
    }

    private static async Task TurnAsync(VoiceSession session, ScriptedServer server, string response)
    {
        Turn turn = session.SendMessage("Hello.");
        await server.AnswerTextAsync(response, "Yes.");
        await turn.EndAsync();
    }

    private static async Task EndAsync(VoiceSession session, ScriptedServer server)
    {
        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>Everything that a logger is given, at every level: text, parts, scopes and exceptions.</summary>
    private sealed class WholeLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"scope {state}");
            return this;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? [])} {exception}");

        public void Dispose()
        {
        }
    }
}
