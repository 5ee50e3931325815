using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>
/// A logger that runs a test's code at each line, on the thread that logs: the way to hold a session at a known place. A session goes on
/// when its log fails, so what the code throws is kept; a test that asserts there ends with <see cref="ThrowIfFailed"/>.
/// </summary>
internal sealed class HookedLogger(Action<string> hook) : ILoggerFactory, ILogger
{
    private Exception? _failure;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            hook(formatter(state, exception));
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            throw;
        }
    }

    /// <summary>Throws what the code threw first.</summary>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
    }
}
