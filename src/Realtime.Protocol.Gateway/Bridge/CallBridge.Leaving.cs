namespace Realtime.Protocol.Gateway;

/// <summary>The end of a call: in a quiet moment where the application asks for it, and in every case with a goodbye to the caller, an end of the session as the reason wants it, and one line of the log.</summary>
internal sealed partial class CallBridge
{
    // How long what is being said may take to be heard, and a goodbye to be answered.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(2);

    // Whether everything was heard is no event.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private int _leaving;

    /// <summary>Ends the call as it says when what is being said was heard, or after a while.</summary>
    /// <param name="target">Where the caller is passed on to; null for nowhere.</param>
    public void Leave(CallEnd end, string? target)
    {
        if (Interlocked.Exchange(ref _leaving, 1) == 0)
        {
            _ = Task.Run(() => LeaveWhenQuietAsync(end, target));
        }
    }

    private async Task LeaveWhenQuietAsync(CallEnd end, string? target)
    {
        VoiceCall call = _call!;
        long asked = Time.GetTimestamp();

        // Twice: a turn that was asked for just before is told of a moment later.
        for (int quiet = 0; quiet < 2 && !_end.Task.IsCompleted && Time.GetElapsedTime(asked) < LeavePatience;)
        {
            await WaitForAsync(_end.Task, Look).ConfigureAwait(false);
            quiet = _playback.IsQuiet ? quiet + 1 : 0;
        }

        if (_end.Task.IsCompleted)
        {
            return;
        }

        if (target is null)
        {
            await TryAsync(nameof(CallOptions.OnHangUp), call, () => _options.OnHangUp?.Invoke(call, _stop.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        else if (!await TryAsync(nameof(CallOptions.OnTransfer), call, () => _options.OnTransfer?.Invoke(call, target, _stop.Token) ?? Task.CompletedTask).ConfigureAwait(false))
        {
            end = new(CallEndKind.Failed, "The caller could not be passed on.");
        }

        End(end);
    }

    /// <summary>Everything is given back: the caller is told why, the session ends as the reason wants it, and one line says it.</summary>
    private async Task LeaveAsync(CallEnd end, Task receiving, List<Task> loops)
    {
        if (end.Kind is CallEndKind.Moved)
        {
            await DrainedAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Task session = CloseSessionAsync(end);
        if (!await WaitForAsync(GoodbyeAsync(end, receiving), GoodbyePatience).ConfigureAwait(false))
        {
            _wire.Abort();
        }

        await receiving.ConfigureAwait(false);
        await session.ConfigureAwait(false);
        await WaitForAsync(Task.WhenAll(loops), GoodbyePatience).ConfigureAwait(false);
        await _wire.DisposeAsync().ConfigureAwait(false);
        if (_call is { } call)
        {
            _services.Calls.Remove(call.Id, this);
            call.End(end);
            if (_options.OnEnded is { } ended)
            {
                await TryAsync(nameof(CallOptions.OnEnded), call, () => ended(call, end)).ConfigureAwait(false);
            }
        }

        TimeSpan lasted = Time.GetElapsedTime(_began);
        GatewayInstruments.Ended(_protocol.Name, lasted, end.Kind, _isCounted);
        double seconds = lasted.TotalSeconds;
        if (end.IsOrderly)
        {
            GatewayLog.Ended(Logger, _call?.Id ?? "", seconds, end.Kind, end.Description);
        }
        else
        {
            GatewayLog.Broke(Logger, _call?.Id ?? "", seconds, end.Kind, end.Description, _failure);
        }
    }

    private async Task GoodbyeAsync(CallEnd end, Task receiving)
    {
        await _line.CloseAsync(end).ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
    }

    // What was said, and how far it was heard, is stored: before the caller is told to dial again, and where a call may go on that broke.
    private async Task DrainedAsync(CancellationToken patience)
    {
        try
        {
            await (_session?.DrainAsync(patience) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (RealtimeClosedException)
        {
            // It has ended in another way.
        }
    }

    private async Task CloseSessionAsync(CallEnd end)
    {
        if (_session is { } session)
        {
            if (end.IsFinal)
            {
                await session.CloseAsync().ConfigureAwait(false);
            }
            else
            {
                await DrainedAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            }

            await session.DisposeAsync().ConfigureAwait(false);
        }

        // Who comes in with the same call waits for this, and not for a goodbye to a line that may be dead.
        _gone.TrySetResult();
    }
}
