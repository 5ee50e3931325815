using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests.Handlers;

/// <summary>The application's logger: on nobody's thread, in order, bounded, and harmless when it throws or hangs.</summary>
public sealed class DeferredLoggerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("call-42")]
    [InlineData(null)]
    public async Task EveryLineOfASession_StandsInAScope_WithTheCallTheSessionAndItsTurn(string? callId)
    {
        var log = new ScopedLogger();
        VoiceSessionOptions options = ScriptedServer.Manual();
        (options.CallId, options.LoggerFactory) = (callId, log);
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Assert.DoesNotContain("call-42", server.Received[0].ToJsonString());
        session.SendMessage("hello");
        await server.EndAsync(session);

        string call = callId is null ? "" : $"CallId: {callId}, ";
        Assert.Contains(("Session ready.", $"{call}SessionId: sess_1"), log.Lines);
        Assert.Contains(("Turn 1 began (Application).", $"{call}SessionId: sess_1, Turn: 1"), log.Lines);
        Assert.Contains(("Turn 1 ended: Disconnected.", $"{call}SessionId: sess_1, Turn: 1"), log.Lines);
        Assert.All(log.Lines, line => Assert.Equal($"{call}SessionId: sess_1{(line.Text.StartsWith("Turn 1", StringComparison.Ordinal) ? ", Turn: 1" : "")}", line.Scope));
    }

    [Fact]
    public async Task Lines_AreWrittenInOrder_OnAnotherThread_AndAFailureCostsItsLineOnly()
    {
        var lines = new ConcurrentQueue<string>();
        int caller = 0;
        bool onCaller = false;
        var log = new DeferredLogger(new HookedLogger(line =>
        {
            onCaller |= Environment.CurrentManagedThreadId == caller;
            lines.Enqueue(line);
            if (line == "1")
            {
                throw new InvalidOperationException("The log is full.");
            }
        }));

        // A thread of its own, which the pool can't use for the lines meanwhile.
        var writer = new Thread(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            for (int i = 0; i < 100; i++)
            {
                log.LogInformation("{I}", i);
            }
        });
        writer.Start();
        writer.Join();

        await log.Written.WaitAsync(Patience);
        Assert.False(onCaller);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), lines);
    }

    [Fact]
    public async Task ALoggerThatHangs_HoldsNobodyUp_AndIsToldHowManyLinesAreMissing()
    {
        using var resume = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var lines = new ConcurrentQueue<string>();
        var log = new DeferredLogger(new HookedLogger(line =>
        {
            lines.Enqueue(line);
            entered.Set();
            Assert.True(resume.Wait(Patience));
        }));

        log.LogInformation("first");
        Assert.True(entered.Wait(Patience));
        for (int i = 0; i < DeferredLogger.MaxWaitingLines + 7; i++)
        {
            log.LogInformation("more");
        }

        Assert.False(log.Written.IsCompleted);
        resume.Set();
        await log.Written.WaitAsync(Patience);

        Assert.Equal(DeferredLogger.MaxWaitingLines + 2, lines.Count);
        Assert.Contains("7 log lines", lines.Last());
    }

    private sealed class ScopedLogger : ILoggerFactory, ILogger
    {
        private object? _scope;

        public ConcurrentQueue<(string Text, string? Scope)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull
        {
            _scope = state;
            return this;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((formatter(state, exception), _scope is IReadOnlyList<KeyValuePair<string, object?>> pairs ? string.Join(", ", Enumerable.Range(0, pairs.Count).Select(i => $"{pairs[i].Key}: {pairs[i].Value}")) : _scope?.ToString()));

        public void Dispose() => _scope = null;
    }
}
