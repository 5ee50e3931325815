using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Whole messages over a WebSocket. It adds what <see cref="WebSocket"/> leaves open: fragments joined into one pooled block, a limit on size
/// and fragments, text and nothing else, and one typed reason for every end. It starts nothing of its own: no loop, no timer, no queue.
/// </summary>
public sealed class WebSocketTransport : IRealtimeTransport
{
    // How long an answer to the peer's goodbye may take before the connection is simply dropped.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly MessageLimits _limits;
    private readonly TimeProvider _time;
    private readonly MessageBlock _incoming;
    private readonly SecretWords? _secrets;

    // Ends what waits. Disposing the socket does not: a server's stream over an upgraded connection leaves its reader and its writer waiting.
    // The socket never sees a caller's token: cancelling one aborts it, and whoever waits in the other direction would report a loss
    // before the reason is known.
    private readonly CancellationTokenSource _ending = new();

    // What a receive or a send waits with. A client's socket ends both when it is broken off, and with a token each message would pay for registering with it three times.
    private readonly CancellationToken _untilTheEnd;

    // What we said goodbye with; it becomes the reason when the peer's answer, or the loss of the connection, ends the wait for it.
    private RealtimeCloseReason? _ourGoodbye;
    private RealtimeCloseReason? _closeReason;

    /// <summary>A transport over a WebSocket that is already open, on either side; the transport disposes it.</summary>
    /// <param name="socket">An open WebSocket that nobody else reads or writes.</param>
    /// <param name="limits">What the peer may send.</param>
    /// <param name="timeProvider">The clock for the short wait when the peer says goodbye; the system's when null.</param>
    public WebSocketTransport(WebSocket socket, MessageLimits limits = default, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _limits = limits;
        _time = timeProvider ?? TimeProvider.System;
        _incoming = new MessageBlock(limits.MaxMessageBytes);
        _untilTheEnd = socket is ClientWebSocket ? CancellationToken.None : _ending.Token;
    }

    /// <param name="secrets">What is blanked out of the peer's goodbye.</param>
    internal WebSocketTransport(WebSocket socket, MessageLimits limits, TimeProvider timeProvider, SecretWords secrets)
        : this(socket, limits, timeProvider) => _secrets = secrets;

    /// <inheritdoc/>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _closeReason);

    /// <summary>The subprotocol that the server chose; null when it chose none.</summary>
    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>Its socket is one that we connected, which wakes whoever receives in the pool. One that was given may lie over anything, and wake it on the thread of whoever sends.</summary>
    internal bool ReceivesInPool { get; init; }

    /// <summary>Opens a WebSocket to the endpoint of the options.</summary>
    /// <param name="options">Where to, with which credential, and how long it may take.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The connection could not be made; its kind and message say what to do about it.</exception>
    /// <exception cref="ArgumentException">The options are wrong: the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<WebSocketTransport> ConnectAsync(RealtimeConnectionOptions options, CancellationToken cancellationToken = default) =>
        WebSocketConnector.ConnectAsync(options, cancellationToken);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration giveUp = cancellationToken.UnsafeRegister(static transport => ((WebSocketTransport)transport!).GiveUp("A receive was cancelled."), this);
        _incoming.Clear();
        int fragments = 0;
        while (CloseReason is null)
        {
            Memory<byte> room = _incoming.GetMemory();
            ValueWebSocketReceiveResult received;
            try
            {
                received = await _socket.ReceiveAsync(room, _untilTheEnd).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                RealtimeCloseReason reason = End(_ourGoodbye ?? WebSocketFailure.Classify(failure));
                cancellationToken.ThrowIfCancellationRequested();
                return new(reason);
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                return new(AnswerGoodbye());
            }

            _incoming.Advance(received.Count);
            if (_incoming.IsOverLimit)
            {
                return new(Refuse(RealtimeCloseKind.MessageTooLarge, WebSocketCloseStatus.MessageTooBig,
                    $"A message of more than {_limits.MaxMessageBytes} bytes was received."));
            }

            if (received.EndOfMessage)
            {
                return new(_incoming.Written, received.MessageType == WebSocketMessageType.Binary);
            }

            // A receive that fills the room may have stopped in the middle of a fragment; any other one stops at its end.
            if (received.Count < room.Length && ++fragments >= _limits.MaxFragments)
            {
                return new(Refuse(RealtimeCloseKind.TooManyFragments, WebSocketCloseStatus.PolicyViolation,
                    $"A message in more than {_limits.MaxFragments} fragments was received."));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(CloseReason);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (CloseReason is not null || Volatile.Read(ref _ourGoodbye) is not null)
        {
            return false;
        }

        using CancellationTokenRegistration giveUp = cancellationToken.UnsafeRegister(static transport => ((WebSocketTransport)transport!).GiveUp("A send was cancelled."), this);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, _untilTheEnd).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The peer's goodbye may be in the receive buffer already: it says more than the failed send does, so the receiver decides.
            if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            {
                End(_ourGoodbye ?? WebSocketFailure.Classify(failure));
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        CloseStatus.ThrowIfNotSendable(statusCode);
        var goodbye = new RealtimeCloseReason(RealtimeCloseKind.ByUs, statusCode, description);
        if (CloseReason is not null || Interlocked.CompareExchange(ref _ourGoodbye, goodbye, null) is not null)
        {
            return;
        }

        if (!await TrySayGoodbyeAsync((WebSocketCloseStatus)statusCode, description, cancellationToken).ConfigureAwait(false))
        {
            End(goodbye);
            _socket.Abort();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the connection at once, without a goodbye unless <see cref="CloseAsync"/> said it. A receive that waits returns the end.</summary>
    public async ValueTask DisposeAsync()
    {
        End(_ourGoodbye ?? new(RealtimeCloseKind.ByUs, null, "The transport was disposed."));
        await _ending.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
    }

    // The peer said goodbye, first or in answer to ours.
    private RealtimeCloseReason AnswerGoodbye()
    {
        if (Volatile.Read(ref _ourGoodbye) is { } ours)
        {
            return End(ours);
        }

        // An empty close frame reads as 1000 on .NET, so there is always a code.
        string words = _socket.CloseStatusDescription ?? "";
        RealtimeCloseReason reason = End(new(RealtimeCloseKind.ByPeer, (int?)_socket.CloseStatus, _secrets?.Blank(words) ?? words));
        SayLastWord(WebSocketCloseStatus.NormalClosure, "");
        return reason;
    }

    private RealtimeCloseReason Refuse(RealtimeCloseKind kind, WebSocketCloseStatus status, string description)
    {
        RealtimeCloseReason reason = End(new(kind, (int)status, description));
        SayLastWord(status, description);
        return reason;
    }

    // Nobody waits for it: the reason is known, the frame is written before the call first yields, and what the platform then waits for
    // is a second in which the server may close its side.
    private void SayLastWord(WebSocketCloseStatus status, string description) => _ = SayAsync(status, description);

    private async Task SayAsync(WebSocketCloseStatus status, string description)
    {
        if (!await TrySayGoodbyeAsync(status, description, CancellationToken.None).ConfigureAwait(false)
            && _socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            // Behind a message that the peer does not take. Whoever sends that message is not to wait for ever. A socket that has said
            // goodbye already stays: breaking it off could overtake that word.
            _socket.Abort();
        }
    }

    private void GiveUp(string description)
    {
        End(new(RealtimeCloseKind.Cancelled, null, description));
        _ending.Cancel();
        if (_socket is ClientWebSocket)
        {
            _socket.Abort();
        }
    }

    private async Task<bool> TrySayGoodbyeAsync(WebSocketCloseStatus status, string description, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(GoodbyeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _socket.CloseOutputAsync(status, CloseStatus.Cut(description), either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private RealtimeCloseReason End(RealtimeCloseReason reason) => Interlocked.CompareExchange(ref _closeReason, reason, null) ?? reason;
}
