using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Keeps the store up to date with one session: each save is a snapshot of now, one is on its way at a time, and what gathers meanwhile is in the next one. Asking for a save takes a moment and waits for nothing, so it may be done
/// anywhere. A store that fails or hangs is tried again with growing pauses while the session goes on; one that refuses has another owner.
/// </summary>
/// <param name="journal">The store.</param>
/// <param name="callId">The call.</param>
/// <param name="fence">What the claim gave.</param>
/// <param name="watcher">Gives the snapshots, and is told.</param>
/// <param name="time">The clock.</param>
/// <param name="chance">A number of at least 0 and less than 1, for the pauses.</param>
internal sealed class JournalWriter(ISessionJournal journal, string callId, long fence, IJournalWatcher watcher, TimeProvider time, Func<double> chance) : IAsyncDisposable
{
    /// <summary>How long the store may take before it is told to give up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take to give up. One that does not is left alone, and the next save is tried; should the lost one arrive in the store after that, the one behind replaces it.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long disposal waits for what is on its way.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    // Half a second, doubled up to ten: the pauses of connecting anew, without their end.
    private static readonly ReconnectPolicy Pauses = ReconnectPolicy.Standard;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly List<(long Wanted, TaskCompletionSource<bool> Stored)> _flushes = [];
    private Task _saving = Task.CompletedTask;
    private TaskCompletionSource? _pause;
    private long _asked;
    private long _stored;
    private bool _isSaving;
    private bool _isClosing;
    private bool _isHandedOver;

    /// <summary>Another owner has the call.</summary>
    public bool IsHandedOver
    {
        get
        {
            lock (_lock)
            {
                return _isHandedOver;
            }
        }
    }

    /// <summary>Something happened that is worth keeping: the user's item was committed, a tool began or ended, a turn ended. After the end it does nothing.</summary>
    public void Save()
    {
        lock (_lock)
        {
            _asked++;
            Start();
        }
    }

    /// <summary>Saves the state of now, and waits until it is stored. A pause between attempts is cut short.</summary>
    /// <returns>False when it is not stored: the store failed once more, another owner has the call, or the writer has ended.</returns>
    /// <exception cref="OperationCanceledException">The waiting was given up; the saving goes on.</exception>
    public Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var stored = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isClosing || _isHandedOver)
            {
                return Task.FromResult(false);
            }

            _flushes.Add((++_asked, stored));
            Start();
            _pause?.TrySetResult();
        }

        return stored.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The application closed the session: waits for the save that is on its way, and ends the call in the store. A store that fails is told of, and keeps the entry.</summary>
    /// <exception cref="OperationCanceledException">It was given up; the store may have ended the call or not.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await Close(isEnded: true).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (IsHandedOver)
        {
            return;
        }

        try
        {
            await BoundAsync(EndInStoreAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            watcher.SaveFailed(failure, 1);
        }
    }

    /// <summary>Ends the saving and leaves the entry in the store, for whoever goes on with the call. What is on its way has two seconds to arrive; nothing is tried again.</summary>
    public async ValueTask DisposeAsync()
    {
        Task saving = Close(isEnded: false);
        try
        {
            await saving.WaitAsync(Farewell, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _abandoned.CancelAsync().ConfigureAwait(false);
            await saving.ConfigureAwait(false);
        }
    }

    // Under the lock.
    private void Start()
    {
        if (!_isSaving && !_isClosing && !_isHandedOver)
        {
            _isSaving = true;
            _saving = Task.Run(SaveAllAsync);
        }
    }

    private Task Close(bool isEnded)
    {
        lock (_lock)
        {
            _isClosing = true;
            _asked = isEnded ? _stored : _asked; // what is to be removed need not be saved
            _pause?.TrySetResult();
            return _saving;
        }
    }

    private async Task SaveAllAsync()
    {
        for (int failed = 0; TryBegin(isAnotherTry: failed > 0, out long wanted);)
        {
            try
            {
                bool isOwner = await BoundAsync(SaveInStoreAsync, _abandoned.Token).ConfigureAwait(false);
                if (!isOwner)
                {
                    HandOver();
                    continue;
                }

                Stored(wanted);
                if (failed > 0)
                {
                    failed = 0;
                    watcher.SaveRecovered();
                }
            }
            catch (Exception) when (_abandoned.IsCancellationRequested)
            {
                failed++; // nobody waits for it any more, and nobody is to be told
            }
            catch (Exception failure)
            {
                failed++;
                watcher.SaveFailed(failure, failed);
                await PauseAsync(wanted, failed).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether there is something to save; otherwise the saving has ended, and whoever waits is told.</summary>
    private bool TryBegin(bool isAnotherTry, out long wanted)
    {
        lock (_lock)
        {
            wanted = _asked;
            if (_asked > _stored && !_isHandedOver && !(_isClosing && isAnotherTry))
            {
                return true;
            }

            _isSaving = false;
            Answer(long.MaxValue, isStored: false);
            return false;
        }
    }

    private void Stored(long wanted)
    {
        lock (_lock)
        {
            _stored = Math.Max(_stored, wanted);
            _asked = Math.Max(_asked, _stored);
            Answer(wanted, isStored: true);
        }
    }

    private void HandOver()
    {
        lock (_lock)
        {
            if (_isHandedOver)
            {
                return;
            }

            _isHandedOver = true;
            _pause?.TrySetResult();
        }

        watcher.HandedOver();
    }

    // Under the lock: answers those who wait for a state up to this one.
    private void Answer(long upTo, bool isStored)
    {
        for (int i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Wanted <= upTo)
            {
                _flushes[i].Stored.TrySetResult(isStored);
                _flushes.RemoveAt(i);
            }
        }
    }

    /// <summary>Waits until the next attempt, or until somebody cannot wait for it.</summary>
    private async Task PauseAsync(long wanted, int failed)
    {
        TaskCompletionSource pause;
        lock (_lock)
        {
            Answer(wanted, isStored: false);
            if (_flushes.Count > 0 || _isClosing || _isHandedOver)
            {
                return;
            }

            pause = _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using var over = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(BackOff.Delay(Pauses, failed, chance()), time, over.Token), pause.Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _pause = null;
        }
    }

    private Task<bool> SaveInStoreAsync(CancellationToken cancellationToken) => journal.SaveAsync(callId, fence, watcher.Snapshot(), cancellationToken).AsTask();

    private async Task<bool> EndInStoreAsync(CancellationToken cancellationToken)
    {
        await journal.EndAsync(callId, fence, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What the store answers, or that it did not in its time. One that does not listen to its token is left alone; should it refuse later, that is heard.</summary>
    private async Task<bool> BoundAsync(Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        Task<bool> answer = ask(either.Token);
        try
        {
            return await answer.WaitAsync(Patience + Grace, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            _ = HearLateAsync(answer);
            throw cancellationToken.IsCancellationRequested ? late : new TimeoutException($"The journal did not answer within {Patience.TotalSeconds:0} seconds.", late);
        }
    }

    private async Task HearLateAsync(Task<bool> answer)
    {
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer is { IsCompletedSuccessfully: true, Result: false })
        {
            HandOver();
        }
    }
}
