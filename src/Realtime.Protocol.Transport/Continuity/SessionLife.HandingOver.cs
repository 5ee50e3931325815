using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Before the service ends the session because of its age, a second connection is made and told what was said beside the first, and takes over at the first moment at which nobody notices (SE-08); a minute before the end it
/// takes over in any case, which is then like a loss. When it cannot be had, the end is an ordinary loss.
/// </summary>
internal sealed partial class SessionLife
{
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(1);

    // How long the connection that was left may still say what the user said on it.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private static readonly RealtimeCloseReason AboutToExpire = new(RealtimeCloseKind.Expired, null, "The session is about to expire.");

    // Cancelled when the second connection is not wanted any more. While it is here, one is being made, or is there, and takes over when the first is lost.
    private CancellationTokenSource? _second;

    // The first has ended, and nobody connects anew because there is a second.
    private bool _isFirstOver;

    /// <summary>Looks when this connection has to be left. Under the session's lock.</summary>
    private void WatchExpiry(VoiceConnection connection)
    {
        TimeSpan before = _options.Reconnect.HandOverBeforeExpiry;
        if (!Outlives || _options.IsBesideACall || before <= TimeSpan.Zero || connection.Gate.Statement.Published.ExpiresAt is not { } end)
        {
            return;
        }

        // Told by the wall clock once, and counted by the other from then on. One that says that nothing is left, or next to nothing, is not believed: connecting would never end.
        TimeSpan left = end - _options.TimeProvider.GetUtcNow();
        if (left <= 2 * Latest)
        {
            return;
        }

        TimeSpan wait = left > before + Latest ? left - before : left / 2;
        if (wait.TotalMilliseconds < int.MaxValue)
        {
            _ = HandOverAsync(connection, wait, left - wait - Latest);
        }
    }

    private async Task HandOverAsync(VoiceConnection first, TimeSpan wait, TimeSpan patience)
    {
        // A connection that ends before is not kept alive by its timer.
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            await Task.WhenAny(Task.Delay(wait, _options.TimeProvider, over.Token), first.Connection.Ended).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
        }

        long near = _options.TimeProvider.GetTimestamp();
        while (await TrySecondAsync(first, near, patience).ConfigureAwait(false) is HandOver.Stale)
        {
            // A new one is told how the session is configured now.
        }
    }

    private async Task<HandOver> TrySecondAsync(VoiceConnection first, long near, TimeSpan patience)
    {
        CancellationTokenSource stop;
        lock (_host.Lock)
        {
            if (_current != first || Move(ContinuityTrigger.ExpiryNear) is not ContinuityAction.ConnectBeside)
            {
                return HandOver.GivenUp;
            }

            _second = stop = new();
        }

        VoiceConnection? second = null;
        HandOver result = HandOver.GivenUp;
        try
        {
            SessionConfiguration told = first.Gate.Statement.Published.Configuration;
            FilledConnection filled = await FillAsync(stop.Token).ConfigureAwait(false);
            second = filled.Connection;
            result = await TakeWhenQuietAsync(first, filled, told, near, patience, stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!stop.IsCancellationRequested)
            {
                LogMessages.HandOverFailed(_logger, failure);
            }
        }

        if (result is HandOver.Taken)
        {
            await LeaveAsync(first).ConfigureAwait(false);
            return result;
        }

        if (result is HandOver.Broken)
        {
            await first.Connection.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            DoWithoutSecond();
        }

        await (second?.Connection.DisposeAsync() ?? default).ConfigureAwait(false);
        return result;
    }

    /// <summary>Waits for the moment, and tells what is said, changed and deleted meanwhile as well.</summary>
    private async Task<HandOver> TakeWhenQuietAsync(VoiceConnection first, FilledConnection filled, SessionConfiguration told, long near, TimeSpan patience, CancellationToken stop)
    {
        while (true)
        {
            (string[] deleted, ConversationItem[] news) = ([], []);
            lock (_host.Lock)
            {
                if (filled.Connection.Connection.CloseReason is not null || !(IsBetween || _phase is ContinuityPhase.HandingOver))
                {
                    return HandOver.GivenUp;
                }

                // One that was configured otherwise meanwhile would be another session.
                if (first.Gate.Statement.Published.Configuration != told)
                {
                    return HandOver.Stale;
                }

                bool isMoment = IsBetween || first.Gate.IsQuiet;
                if (isMoment)
                {
                    (deleted, news) = filled.Replay.Follow(PlanToTell());
                }

                if (isMoment && deleted.Length + news.Length == 0)
                {
                    return TakeSecond(filled);
                }
            }

            if (deleted.Length + news.Length > 0)
            {
                if (!await TellNewsAsync(filled, deleted, news, stop).ConfigureAwait(false))
                {
                    return HandOver.GivenUp;
                }
            }
            else
            {
                if (_options.TimeProvider.GetElapsedTime(near) >= patience)
                {
                    first.Connection.BreakOff(AboutToExpire with { Description = "The session is about to expire, and was never quiet." });
                }

                await Task.Delay(Look, _options.TimeProvider, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The second connection is the session's from now on. Under the session's lock.</summary>
    private HandOver TakeSecond(FilledConnection filled)
    {
        _loss = IsBetween ? _loss : AboutToExpire;
        (_second, _isFirstOver) = (null, false);
        Move(ContinuityTrigger.Replayed);
        try
        {
            TakeOver(filled);
        }
        catch (Exception failure)
        {
            // Half of the session is on either of them.
            Broke(failure, _loss!);
            return HandOver.Broken;
        }

        LogMessages.Resumed(_logger, filled.Replay.ItemIds.Count, filled.Replay.LeftOut.Count);
        return HandOver.Taken;
    }

    private void DoWithoutSecond()
    {
        bool isLost;
        lock (_host.Lock)
        {
            isLost = IsBetween && _isFirstOver; // one that is about to say that it has ended connects anew by itself
            (_second, _isFirstOver) = (null, false);
            Move(ContinuityTrigger.Failed);
        }

        if (isLost)
        {
            _ = Task.Run(ReconnectAsync);
        }
    }

    private async Task LeaveAsync(VoiceConnection first)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task patience = Task.Delay(Farewell, _options.TimeProvider, late.Token);
        await UntilAsync(first, static gate => gate.OpenUtterances().Length == 0, patience).ConfigureAwait(false);
        await late.CancelAsync().ConfigureAwait(false);
        await first.Connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What became of a second connection.</summary>
    private enum HandOver
    {
        /// <summary>It is the session's.</summary>
        Taken,

        /// <summary>It could not be had, or nobody wants it any more.</summary>
        GivenUp,

        /// <summary>The session is configured otherwise than it was told.</summary>
        Stale,

        /// <summary>Taking it failed, and the session has ended.</summary>
        Broken,
    }
}
