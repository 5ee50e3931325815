namespace Realtime.Protocol.Gateway;

/// <summary>
/// What goes to a caller, in one order: whoever writes has the line for himself, and waits until the caller's side has taken what was written. One that takes nothing for too long is left, so nothing gathers in memory.
/// </summary>
internal sealed class CallLine(ICallProtocol protocol, ICallWire wire, TimeSpan timeout, TimeProvider time, Action<CallEnd> end)
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly OutgoingFrames _frames = new();
    private bool _isClosed;

    /// <summary>Writes and sends. False when the line is gone.</summary>
    /// <param name="write">Called when the line is free; what it writes goes out in one piece. Nothing is allowed.</param>
    public async ValueTask<bool> SendAsync<T>(Action<ICallProtocol, OutgoingFrames, T> write, T state)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return !_isClosed && await WriteAsync(write, state).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The last words, and goodbye. Nothing is sent afterwards.</summary>
    public async ValueTask CloseAsync(CallEnd reason)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_isClosed)
            {
                _isClosed = true;
                await WriteAsync(static (protocol, frames, reason) => protocol.WriteEnd(frames, reason), reason).ConfigureAwait(false);
                await wire.CloseAsync(protocol.CloseStatus(reason), CallWords.Of(reason.Kind)).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private ValueTask<bool> WriteAsync<T>(Action<ICallProtocol, OutgoingFrames, T> write, T state)
    {
        _frames.Clear();
        write(protocol, _frames, state);
        if (_frames.Count == 0)
        {
            return new(true);
        }

        ValueTask<bool> sending = wire.SendAsync(_frames);
        return sending.IsCompletedSuccessfully ? Judge(sending.Result) : WaitAsync(sending.AsTask());
    }

    private ValueTask<bool> Judge(bool isSent)
    {
        if (!isSent)
        {
            end(CallEnd.Lost("The line to the caller broke."));
        }

        return new(isSent);
    }

    private async ValueTask<bool> WaitAsync(Task<bool> sending)
    {
        try
        {
            return await Judge(await sending.WaitAsync(timeout, time).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            end(new(CallEndKind.SlowReader, $"The caller's side took nothing for {timeout.TotalSeconds:0.#} s."));
            wire.Abort();
            await sending.ConfigureAwait(false); // it holds the memory of the frames
            return false;
        }
    }
}
