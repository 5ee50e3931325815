using System.Collections.Concurrent;
using System.Globalization;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>The logs of a host's sessions: their names in the folder, and which of them a violation belongs to; and the one log of all who were refused at the door.</summary>
internal sealed class HostLogs(string folder, bool withAudio) : IAsyncDisposable
{
    /// <summary>Where it stands who was refused at the door.</summary>
    public const string Refused = "refused.jsonl";

    private const int MostOfAName = 40;

    private readonly LogWriter _writer = new();
    private readonly ConcurrentDictionary<int, SessionLog> _open = new();
    private SessionLog? _refused;

    /// <summary>The first thing that kept a log from being written to its end; null while all goes well.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>Begins the log of a session, which is named after its first connection.</summary>
    public SessionLog Begin(SimulatorOptions options, byte[] recipe)
    {
        string name = options.Scenario ?? (options.Speaker as ScriptedModel)?.Scenario.Name ?? HostedConnection.Name(options.Kind);
        string file = string.Create(CultureInfo.InvariantCulture, $"{options.Connection:0000}-{InAFileName(name)}.jsonl");
        return new(_writer, Path.Combine(folder, file), recipe, withAudio);
    }

    // A scenario without a name has that of its file, which may hold anything and be long.
    private static string InAFileName(string name) => string.Concat(name.Take(MostOfAName).Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));

    /// <summary>What is found about a connection goes to this log from now on.</summary>
    public void Enter(int connection, SessionLog log) => _open[connection] = log;

    /// <summary>The connection is gone, and with the last one of a session that has ended its log is whole.</summary>
    /// <param name="age">How long the session has gone on, in milliseconds.</param>
    public void Leave(HostedConnection connection, SessionLog log, bool hasEnded, long age)
    {
        _open.TryRemove(connection.Number, out _);
        if (hasEnded && !_open.Values.Contains(log))
        {
            log.End(connection, age);
        }
    }

    /// <summary>A client broke a rule.</summary>
    public void Tell(Violation violation)
    {
        if (_open.TryGetValue(violation.Connection, out SessionLog? log))
        {
            log.Add(violation);
        }
    }

    /// <summary>Somebody was refused at the door.</summary>
    /// <param name="path">What they asked for, without what stands behind it: that may be a key.</param>
    /// <param name="at">When, from the start of the host.</param>
    public void Tell(DoorRefusal refusal, string? path, TimeSpan at) => LazyInitializer.EnsureInitialized(ref _refused, () => new(_writer, Path.Combine(folder, Refused), [], withAudio)).Add(refusal, path, at);

    /// <summary>Waits until everything is written that was said before.</summary>
    public Task FlushAsync() => _writer.FlushAsync();

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
