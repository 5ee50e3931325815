namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>What happened at one moment of a lane: connections that began and ended, what went wrong, and rules that a client broke.</summary>
internal sealed class LaneMarks(PageRoom room)
{
    private readonly List<BrokenRule> _violations = [];
    private readonly List<Problem> _problems = [];
    private readonly List<ConnectionMark> _connections = [];

    /// <summary>In the order of their places, which is not that in which they were noticed.</summary>
    public IReadOnlyList<BrokenRule> Violations => [.. _violations.OrderBy(static rule => rule.At)];

    public IReadOnlyList<Problem> Problems => _problems;

    public IReadOnlyList<ConnectionMark> Connections => _connections;

    /// <summary>A session begins.</summary>
    public void Open(double at, string? session) => Add(new(at, _connections.Exists(static mark => mark.Kind != "closed") ? "renewed" : "opened", PageRoom.Short(session), null));

    /// <summary>A connection has ended.</summary>
    public void Close(double at, string? reason, long? code) => Add(new(at, "closed", PageRoom.Short(reason), code));

    /// <summary>Something went wrong.</summary>
    /// <param name="at">The place.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="line">The line of the log.</param>
    /// <param name="called">The code of the error, or its type.</param>
    /// <param name="parameter">What the error is about.</param>
    /// <param name="message">The error in words.</param>
    public void Problem(double at, string kind, long line, string? called, string? parameter = null, string? message = null)
    {
        if (room.IsIn(_problems))
        {
            _problems.Add(new(at, kind, line, PageRoom.Short(called), PageRoom.Short(parameter), room.Content(message)));
        }
    }

    /// <summary>A client broke a rule.</summary>
    public void Violation(BrokenRule broken)
    {
        if (room.IsIn(_violations))
        {
            _violations.Add(broken);
        }
    }

    private void Add(ConnectionMark mark)
    {
        if (room.IsIn(_connections))
        {
            _connections.Add(mark);
        }
    }
}
