using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Realtime.Protocol.Testing;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A line without a socket: a test says what comes, sees what goes, and may let the other side take nothing.</summary>
internal sealed class ScriptedWire : ICallWire
{
    private readonly Channel<WireMessage> _incoming = Channel.CreateUnbounded<WireMessage>();
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<bool> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When each frame went out, by the clock that <see cref="Clock"/> shows.</summary>
    public ConcurrentQueue<TimeSpan> SentAt { get; } = new();

    public VirtualTime? Clock { get; set; }

    public bool TakesNothing { get; set; }

    public bool AnswersGoodbyes { get; set; } = true;

    public bool IsAborted => _aborted.Task.IsCompleted;

    public int? Status { get; private set; }

    /// <summary>How much of what came was not read.</summary>
    public int Unread => _incoming.Reader.Count;

    public ChannelReader<byte[]> Sent => _outgoing.Reader;

    public void Say(string text) => _incoming.Writer.TryWrite(new(Encoding.UTF8.GetBytes(text), true, null));

    public void Say(byte[] bytes) => _incoming.Writer.TryWrite(new(bytes, false, null));

    public void Break() => _incoming.Writer.TryWrite(new(default, false, CallEnd.Lost("It broke."), IsOver: true));

    public async ValueTask<WireMessage> ReceiveAsync()
    {
        Task<WireMessage> next = _incoming.Reader.ReadAsync().AsTask();
        return await Task.WhenAny(next, _aborted.Task) == next ? await next : new(default, false, CallEnd.Lost("It was broken off."), IsOver: true);
    }

    public async ValueTask<bool> SendAsync(OutgoingFrames frames)
    {
        if (TakesNothing)
        {
            await _aborted.Task;
            return false;
        }

        for (int i = 0; i < frames.Count; i++)
        {
            SentAt.Enqueue(Clock?.Elapsed ?? TimeSpan.Zero);
            _outgoing.Writer.TryWrite(frames[i].Bytes.ToArray());
        }

        return true;
    }

    public ValueTask CloseAsync(int status, string description)
    {
        Status = status;
        if (!AnswersGoodbyes)
        {
            return default;
        }

        _incoming.Writer.TryWrite(new(default, false, CallEnd.HungUp, IsOver: true));
        return default;
    }

    public void Abort() => _aborted.TrySetResult(false);

    public ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        return default;
    }
}
