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

    /// <summary>How long it may take to give up. One that does not is left alone, and the next save is tried; should the lost one arrive in the store after that, also after disposal, the newest state is saved once more.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long an end waits for what is on its way.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    // Half a second, doubled up to ten: the pauses of connecting anew, without their end.
    private static readonly ReconnectPolicy Pauses = ReconnectPolicy.Standard;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly List<(long Wanted, TaskCompletionSource<bool> Stored)> _flushes = [];
    private Task _saving = Task.CompletedTask;
    private Task _ending = Task.CompletedTask;
    private TaskCompletionSource? _pause;
    private long _asked;
    private long _stored;
    private bool _isSaving;
    private bool _isClosing;
    private bool _isEnded;
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

    /// <summary>
    /// The application closed the session: when the save that is on its way has ended, the call is ended in the store. A store that fails is told of, and keeps the entry. The store is waited for two seconds; what
    /// it does not do in them goes on until disposal.
    /// </summary>
    /// <exception cref="OperationCanceledException">The waiting was given up; the ending goes on.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        Task saving = Close(isEnded: true);
        Task ending;
        lock (_lock)
        {
            ending = _ending = Task.WhenAll(_ending, EndAfterAsync(saving));
        }

        try
        {
            await ending.WaitAsync(Farewell, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The store takes its time; should it fail, that is told.
        }
    }

    /// <summary>Ends the saving and leaves the entry in the store, for whoever goes on with the call. What is on its way has two seconds to arrive; nothing is tried again.</summary>
    public async ValueTask DisposeAsync()
    {
        Task saving = Close(isEnded: false);
        Task ending;
        lock (_lock)
        {
            ending = _ending;
        }

        try
        {
            await Task.WhenAll(saving, ending).WaitAsync(Farewell, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nobody waits for what the store has registered on its token.
            _ = _abandoned.CancelAsync().MayBeLeftAlone();
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
            _isEnded |= isEnded;
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

    private async Task EndAfterAsync(Task saving)
    {
        await saving.ConfigureAwait(false);
        if (IsHandedOver)
        {
            return;
        }

        try
        {
            await BoundAsync(EndInStoreAsync, _abandoned.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!_abandoned.IsCancellationRequested)
            {
                watcher.SaveFailed(failure, 1);
            }
        }
    }

    private Task<bool> SaveInStoreAsync(CancellationToken cancellationToken) => journal.SaveAsync(callId, fence, watcher.Snapshot(), cancellationToken).AsTask();

    private async Task<bool> EndInStoreAsync(CancellationToken cancellationToken)
    {
        await journal.EndAsync(callId, fence, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What the store answers, or that it did not in its time. It is asked on the pool, since it may block before it first waits. One that does not listen to its token is left alone, and heard later.</summary>
    private async Task<bool> BoundAsync(Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var grace = new CancellationTokenSource(Patience + Grace, time);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        var givenUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        CancellationToken told = givenUp.Token;
        Task<bool> answer = Task.Run(() => ask(told), CancellationToken.None);
        try
        {
            return await answer.WaitAsync(over.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // A store that gives up throws with its own token. Whether its answer is there by now tells nothing: it may have come a moment too late.
            _ = HearLateAsync(answer, wasLeftAlone: late is OperationCanceledException { CancellationToken: var token } && token == over.Token);
            throw cancellationToken.IsCancellationRequested ? late : new TimeoutException($"The journal did not answer within {Patience.TotalSeconds:0} seconds.", late);
        }
        finally
        {
            _ = LetGoAsync(givenUp, answer.IsCompleted);
        }
    }

    // Both tokens hang on the one of disposal, and nobody says which of them hears of it first: a store that still works is told before its token is disposed, and by what it has registered there nobody is held up.
    private static async Task LetGoAsync(CancellationTokenSource store, bool hasAnswered)
    {
        if (!hasAnswered)
        {
            await store.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        store.Dispose();
    }

    private async Task HearLateAsync(Task<bool> answer, bool wasLeftAlone)
    {
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isEnded;
        bool isDisposed;
        lock (_lock)
        {
            (isEnded, isDisposed) = (_isEnded, _isClosing && !_isEnded && !_isHandedOver);
        }

        if (isEnded)
        {
            return; // a store takes nothing of a call that was ended, and the refusal is no other owner's
        }

        if (answer is { IsCompletedSuccessfully: true, Result: false })
        {
            HandOver();
        }
        else if (wasLeftAlone && isDisposed)
        {
            // It may have put its state over a newer one, or the newest was never sent. Whoever goes on would run a tool again that has ended.
            await ((Task)BoundAsync(SaveInStoreAsync, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (wasLeftAlone)
        {
            Save(); // it may have put its state over a newer one
        }
    }
}
