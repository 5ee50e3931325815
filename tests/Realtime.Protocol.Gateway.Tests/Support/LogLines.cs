using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Keeps every log line of a host, at every level, with what stands in its scopes and exceptions.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(LogLevel Level, string Text)> Lines => [.. _lines];

    /// <summary>Completes with the next line, or at once when one came since the call before.</summary>
    public async Task ChangedAsync()
    {
        await Volatile.Read(ref _changed).Task.WaitAsync(TestContext.Current.CancellationToken);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string?>();
            owner._scopes.ForEachScope(static (scope, all) => all.Add(scope is IEnumerable<KeyValuePair<string, object>> pairs ? string.Join(' ', pairs) : scope?.ToString()), scopes);
            owner._lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception} {string.Join(' ', scopes)}"));
            Volatile.Read(ref owner._changed).TrySetResult();
        }
    }
}
