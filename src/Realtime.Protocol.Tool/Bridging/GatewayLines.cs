using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.Gateway;

namespace Realtime.Protocol.CommandLine.Bridging;

/// <summary>
/// What <c>gateway</c> says while it runs: the seconds since its start and a sentence, one line for each thing that happens; a call has one for its beginning and one for its end. Secrets are taken out of every line. Any thread may tell it something.
/// </summary>
internal sealed class GatewayLines(TextOutput output, TimeProvider time) : ILoggerProvider
{
    // Of the rest, what is a warning at least.
    private static readonly string[] ToldOfCalls = [typeof(VoiceCall).FullName!, typeof(Hosting.VoiceSessionFactory).FullName!];

    // Why the host did not start is thrown as well, and told once.
    private const string NotStarted = "HostedServiceStartupFaulted";

    private readonly long _start = time.GetTimestamp();
    private readonly ConcurrentBag<Secret> _secrets = [];

    /// <summary>From here on it is in no line.</summary>
    public void Hide(string? secret) => _secrets.Add(new(secret));

    /// <summary>A line of its own.</summary>
    public void Tell(string line)
    {
        string seconds = time.GetElapsedTime(_start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        output.WriteLine($"{seconds} {Timeline.Printable.Line(_secrets.Aggregate(line, static (text, secret) => secret.Hide(text)))}");
        output.Flush();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, Array.IndexOf(ToldOfCalls, categoryName) >= 0 ? LogLevel.Information : LogLevel.Warning);

    public void Dispose()
    {
    }

    private sealed class Logger(GatewayLines lines, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && eventId.Name != NotStarted)
            {
                // Why, in the words of whoever threw first; of where in the code, nobody on a command line makes anything.
                lines.Tell(exception is null ? formatter(state, null) : $"{formatter(state, null)} {exception.GetBaseException().GetType().Name}: {exception.GetBaseException().Message}");
            }
        }
    }
}
