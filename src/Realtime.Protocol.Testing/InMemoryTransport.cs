using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing;

/// <summary>
/// A connection to a simulated server in the same process: no socket, no port, no thread. A session gets it in place of a WebSocket, and
/// with <see cref="VirtualTime"/> a whole conversation runs as fast as the processor allows and the same way every time.
/// </summary>
/// <example><code>
/// var time = new VirtualTime();
/// await using var server = new InMemoryTransport(time: time);
/// </code></example>
public sealed class InMemoryTransport : IRealtimeTransport
{
    private readonly SimulatorConnection _connection;
    private readonly MessageChannel _messages = new();
    private readonly TimeProvider _time;
    private readonly Transcript _transcript = new();
    private readonly CancellationTokenSource _left = new();
    private OutgoingMessage _held;
    private RealtimeCloseReason? _closeReason;

    /// <summary>Connects to a simulator of its own.</summary>
    /// <param name="options">What the server is like; the defaults follow the real service.</param>
    /// <param name="time">The clock that paces its answers; the system's when null.</param>
    /// <exception cref="ArgumentException">The plan of faults has some that need a wire: only a <see cref="Hosting.RealtimeSimulatorHost"/> has one.</exception>
    public InMemoryTransport(SimulatorOptions? options = null, TimeProvider? time = null)
    {
        options ??= new SimulatorOptions();
        FaultPlan faults = options.Faults.For(connection: 1);
        string[] impossible = [.. faults.NeedAWire];
        if (impossible.Length > 0)
        {
            throw new ArgumentException($"These faults need a wire, and there is none in memory: {string.Join(", ", impossible)}. Start a RealtimeSimulatorHost instead.", nameof(options));
        }

        _time = time ?? TimeProvider.System;
        _connection = new SimulatorConnection(options with { Faults = faults }, _time, _messages, new ClientGrammar(), _transcript);
    }

    /// <summary>What both sides said so far.</summary>
    public Transcript Transcript => _transcript;

    /// <summary>Every rule that the client broke so far, in words that its author understands: one entry for each, in the order in which they were first broken. A copy.</summary>
    /// <example><code>Assert.Empty(server.Violations);</code></example>
    public IReadOnlyList<Violation> Violations => _connection.Violations;

    /// <inheritdoc/>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _closeReason);

    /// <inheritdoc/>
    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        _messages.Release(_held);
        _held = default;
        if (CloseReason is { } ended)
        {
            return new(ended);
        }

        try
        {
            if (!await _messages.Messages.WaitToReadAsync(cancellationToken).ConfigureAwait(false) || !_messages.Messages.TryRead(out OutgoingMessage next))
            {
                return new(End(new(RealtimeCloseKind.ByUs, null, "The transport was disposed.")));
            }

            _held = next;
            if (next.StallMs != 0)
            {
                await StallAsync(next.StallMs, cancellationToken).ConfigureAwait(false);
                if (CloseReason is { } endedMeanwhile)
                {
                    return new(endedMeanwhile);
                }
            }

            // The message behind a silence may be long in coming.
            return next.IsSilence ? await ReceiveAsync(cancellationToken).ConfigureAwait(false) : next.Block is not null ? new(next.Body) : new(End(Goodbye(next)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            End(new(RealtimeCloseKind.Cancelled, null, "A receive was cancelled."));
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            End(new(RealtimeCloseKind.Cancelled, null, "A send was cancelled."));
            Leave();
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (CloseReason is not null)
        {
            return new(false);
        }

        _connection.Receive(message.Span);
        return new(true);
    }

    /// <inheritdoc/>
    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default)
    {
        End(new(RealtimeCloseKind.ByUs, statusCode, description));
        Leave();
        return default;
    }

    /// <summary>Ends the connection at once. A receive that waits returns the end.</summary>
    public ValueTask DisposeAsync()
    {
        End(new(RealtimeCloseKind.ByUs, null, "The transport was disposed."));
        Leave();
        return default;
    }

    private static RealtimeCloseReason Goodbye(in OutgoingMessage end) => end.CloseStatus == SimulatorEffect.BrokenConnection
        ? new(RealtimeCloseKind.ConnectionLost, null, "The connection broke without a goodbye.")
        : new(RealtimeCloseKind.ByPeer, end.CloseStatus == SimulatorEffect.NoStatus ? null : end.CloseStatus, end.CloseReason);

    private async Task StallAsync(int milliseconds, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The transport was closed or disposed meanwhile, which the caller sees.
        }
    }

    private void Leave()
    {
        _connection.Dispose();
        _messages.Complete();
        _left.Cancel();
    }

    private RealtimeCloseReason End(RealtimeCloseReason reason) => Interlocked.CompareExchange(ref _closeReason, reason, null) ?? reason;
}
