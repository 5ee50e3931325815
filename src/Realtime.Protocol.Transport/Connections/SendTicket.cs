using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What a caller waits with until the socket has taken its event. It is used again when the caller has heard the end; one whose caller never asks is left to the collector, and
/// its failure with it.
/// </summary>
internal sealed class SendTicket : IValueTaskSource
{
    private readonly SendTickets _tickets;

    // Continuations are the application's code; who completes a ticket holds a lock or is the sending loop.
    private ManualResetValueTaskSourceCore<bool> _end = new() { RunContinuationsAsynchronously = true };

    public SendTicket(SendTickets tickets) => _tickets = tickets;

    /// <summary>Ends when the ticket does. Awaited once, as every such task.</summary>
    public ValueTask Task => new(this, _end.Version);

    /// <summary>The socket has taken the event.</summary>
    public void Complete() => _end.SetResult(true);

    /// <summary>The connection ended first.</summary>
    public void Fail() => _end.SetResult(false);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _end.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        bool isSent = _end.GetResult(token);
        _end.Reset();
        _tickets.TakeBack(this);
        if (!isSent)
        {
            throw _tickets.Closed();
        }
    }
}

/// <summary>The tickets of one connection that nobody holds.</summary>
/// <param name="reason">Why the connection has ended, if it has.</param>
/// <param name="closed">How the application learns of it.</param>
internal sealed class SendTickets(Func<RealtimeCloseReason?> reason, Func<RealtimeCloseReason, RealtimeClosedException> closed)
{
    private const int MaxKept = 64;

    private readonly ConcurrentQueue<SendTicket> _free = [];

    public SendTicket Take() => _free.TryDequeue(out SendTicket? ticket) ? ticket : new(this);

    public void TakeBack(SendTicket ticket)
    {
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(ticket);
        }
    }

    /// <summary>What a caller is told whose event was not sent: it is said before the server has answered our goodbye, too.</summary>
    public RealtimeClosedException Closed() => closed(reason() ?? new(RealtimeCloseKind.ByUs, null, "The session was closed."));
}
