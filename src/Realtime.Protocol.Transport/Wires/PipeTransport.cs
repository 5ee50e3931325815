using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Whole messages over a pair of pipes: in memory between two sides of one process, or over anything that can be wrapped as an
/// <see cref="IDuplexPipe"/>. It behaves as a WebSocket does (goodbyes, limits, loss without a goodbye), so that what is tested on it holds there.
/// </summary>
/// <remarks>
/// A frame is a 32-bit big-endian length and that many bytes. A negative length is a goodbye: its complement counts the bytes that follow,
/// a 16-bit status code and a description in UTF-8.
/// </remarks>
public sealed class PipeTransport : IRealtimeTransport
{
    private const int HeaderBytes = 4;

    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly MessageLimits _limits;
    private readonly MessageBlock _incoming;

    // Each end of the pipes belongs to whoever holds its gate: disposal must not complete an end that is being read or written.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private bool _outputCompleted;
    private RealtimeCloseReason? _ourGoodbye;
    private RealtimeCloseReason? _closeReason;

    /// <summary>A transport over two pipes; it completes both when it is disposed.</summary>
    /// <param name="pipes">Where to read and write. Nobody else does.</param>
    /// <param name="limits">What the peer may send.</param>
    public PipeTransport(IDuplexPipe pipes, MessageLimits limits = default)
    {
        ArgumentNullException.ThrowIfNull(pipes);
        _input = pipes.Input;
        _output = pipes.Output;
        _limits = limits;
        _incoming = new MessageBlock(limits.MaxMessageBytes);
    }

    /// <inheritdoc/>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _closeReason);

    /// <summary>Its pipes wake whoever receives in the pool, as a socket does: they are not someone's own.</summary>
    internal bool ReceivesInPool { get; private init; }

    /// <summary>Two transports in one process: what one sends, the other receives.</summary>
    /// <param name="limits">What each may send.</param>
    public static (PipeTransport Client, PipeTransport Server) CreatePair(MessageLimits limits = default)
    {
        var options = new PipeOptions(minimumSegmentSize: MessageBlock.LargeBytes, useSynchronizationContext: false);
        var up = new Pipe(options);
        var down = new Pipe(options);
        return (new(new Ends(down.Reader, up.Writer), limits) { ReceivesInPool = true }, new(new Ends(up.Reader, down.Writer), limits) { ReceivesInPool = true });
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        bool entered = false;
        try
        {
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            entered = true;
            return CloseReason is { } ended ? new(ended) : await ReadFrameAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            End(new(RealtimeCloseKind.Cancelled, null, "A receive was cancelled."));
            _output.CancelPendingFlush();
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(End(_ourGoodbye ?? new(RealtimeCloseKind.ConnectionLost, null, $"The connection broke: {failure.Message}")));
        }
        finally
        {
            if (entered)
            {
                _reading.Release();
            }
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        bool entered = false;
        try
        {
            await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            entered = true;
            if (CloseReason is not null || _outputCompleted)
            {
                return false;
            }

            BinaryPrimitives.WriteInt32BigEndian(_output.GetSpan(HeaderBytes), message.Length);
            _output.Advance(HeaderBytes);
            _output.Write(message.Span);
            FlushResult flushed = await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
            return !flushed.IsCompleted && CloseReason is null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            End(new(RealtimeCloseKind.Cancelled, null, "A send was cancelled."));
            _input.CancelPendingRead();
            throw;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            End(_ourGoodbye ?? new(RealtimeCloseKind.ConnectionLost, null, $"The connection broke: {failure.Message}"));
            _input.CancelPendingRead();
            return false;
        }
        finally
        {
            if (entered)
            {
                _writing.Release();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        CloseStatus.ThrowIfNotSendable(statusCode);
        var goodbye = new RealtimeCloseReason(RealtimeCloseKind.ByUs, statusCode, description);
        if (CloseReason is null && Interlocked.CompareExchange(ref _ourGoodbye, goodbye, null) is null)
        {
            await SayGoodbyeAsync(statusCode, description, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the connection at once; without <see cref="CloseAsync"/> the peer sees it as lost. A receive that waits returns the end.</summary>
    public async ValueTask DisposeAsync()
    {
        End(_ourGoodbye ?? new(RealtimeCloseKind.ByUs, null, "The transport was disposed."));
        _output.CancelPendingFlush();
        await _writing.WaitAsync().ConfigureAwait(false);
        await CompleteOutputAsync().ConfigureAwait(false);
        _writing.Release();

        _input.CancelPendingRead();
        await _reading.WaitAsync().ConfigureAwait(false);
        await _input.CompleteAsync().ConfigureAwait(false);
        _reading.Release();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedMessage> ReadFrameAsync(CancellationToken cancellationToken)
    {
        _incoming.Clear();
        ReadResult header = await _input.ReadAtLeastAsync(HeaderBytes, cancellationToken).ConfigureAwait(false);
        if (CloseReason is not null || header.Buffer.Length < HeaderBytes)
        {
            _input.AdvanceTo(header.Buffer.Start, header.Buffer.End);
            return new(End(_ourGoodbye ?? new(RealtimeCloseKind.ConnectionLost, null, "The connection broke without a goodbye.")));
        }

        int length = ReadLength(header.Buffer);
        _input.AdvanceTo(header.Buffer.GetPosition(HeaderBytes));
        int bytes = length < 0 ? ~length : length;
        if (bytes > _limits.MaxMessageBytes)
        {
            return new(await RefuseAsync(cancellationToken).ConfigureAwait(false));
        }

        for (int missing = bytes; missing > 0;)
        {
            ReadResult body = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> part = body.Buffer.Slice(0, Math.Min(missing, body.Buffer.Length));
            if (CloseReason is not null || part.IsEmpty)
            {
                _input.AdvanceTo(body.Buffer.Start, body.Buffer.End);
                return new(End(_ourGoodbye ?? new(RealtimeCloseKind.ConnectionLost, null, "The connection broke in the middle of a message.")));
            }

            int count = (int)part.Length;
            part.CopyTo(_incoming.GetSpan(count));
            _incoming.Advance(count);
            _input.AdvanceTo(part.End);
            missing -= count;
        }

        return length >= 0 ? new(_incoming.Written) : new(await AnswerGoodbyeAsync(cancellationToken).ConfigureAwait(false));
    }

    private static int ReadLength(ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        return BinaryPrimitives.ReadInt32BigEndian(header);
    }

    private async ValueTask<RealtimeCloseReason> RefuseAsync(CancellationToken cancellationToken)
    {
        string description = $"A message of more than {_limits.MaxMessageBytes} bytes was received.";
        RealtimeCloseReason reason = End(new(RealtimeCloseKind.MessageTooLarge, 1009, description));
        await SayGoodbyeAsync(1009, description, cancellationToken).ConfigureAwait(false);
        return reason;
    }

    private async ValueTask<RealtimeCloseReason> AnswerGoodbyeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _ourGoodbye) is { } ours)
        {
            return End(ours);
        }

        RealtimeCloseReason reason = End(ReadGoodbye(_incoming.Written.Span));
        await SayGoodbyeAsync(1000, "", cancellationToken).ConfigureAwait(false);
        return reason;
    }

    private static RealtimeCloseReason ReadGoodbye(ReadOnlySpan<byte> payload) => payload.Length < 2
        ? new(RealtimeCloseKind.ByPeer, null, "")
        : new(RealtimeCloseKind.ByPeer, BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload[2..]));

    private async ValueTask SayGoodbyeAsync(int statusCode, string description, CancellationToken cancellationToken)
    {
        // A send that waits for a peer who does not read would hold the gate for ever; the goodbye goes behind what it has written.
        _output.CancelPendingFlush();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_outputCompleted)
            {
                byte[] text = Encoding.UTF8.GetBytes(CloseStatus.Cut(description));
                Span<byte> frame = _output.GetSpan(HeaderBytes + 2);
                BinaryPrimitives.WriteInt32BigEndian(frame, ~(2 + text.Length));
                BinaryPrimitives.WriteUInt16BigEndian(frame[HeaderBytes..], (ushort)statusCode);
                _output.Advance(HeaderBytes + 2);
                _output.Write(text);
                await CompleteOutputAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask CompleteOutputAsync()
    {
        if (!_outputCompleted)
        {
            _outputCompleted = true;
            await _output.CompleteAsync().ConfigureAwait(false);
        }
    }

    private RealtimeCloseReason End(RealtimeCloseReason reason) => Interlocked.CompareExchange(ref _closeReason, reason, null) ?? reason;

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
