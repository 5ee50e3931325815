using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>A logger that runs a test's code at each line, on the thread that logs: the way to hold a session at a known place.</summary>
internal sealed class HookedLogger(Action<string> hook) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        hook(formatter(state, exception));

    public void Dispose()
    {
    }
}
