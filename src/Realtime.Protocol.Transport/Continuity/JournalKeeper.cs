using System.Security.Cryptography;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One call in the application's journal: claimed when a connection is open, saved at what is worth keeping, ended when the application closes the session. Saving is asked for under the session's lock and waits for nothing. A save that is
/// refused says that another owner has the call: the session ends as handed over.
/// </summary>
/// <param name="life">Whose checkpoints it keeps.</param>
/// <param name="reporter">Learns how the saves fare.</param>
/// <param name="logger">The same.</param>
internal sealed class JournalKeeper(SessionLife life, ChangeReporter reporter, DeferredLogger logger) : IJournalWatcher, IAsyncDisposable
{
    private static readonly RealtimeCloseReason Superseded = new(RealtimeCloseKind.HandedOver, null, "Another owner has claimed the call.");

    private JournalWriter? _writer;
    private TimeProvider? _time;

    /// <summary>Claims the call of the options; null when they have no journal. What is stored goes before what the options say was said.</summary>
    /// <param name="options">A copy of the caller's; they resume from what is stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The journal failed, or did not answer in time.</exception>
    /// <exception cref="SessionCheckpointException">What is stored cannot be used.</exception>
    public static async Task<JournalClaim?> ClaimAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        if (options.Journal is not { } journal)
        {
            return null;
        }

        JournalClaim claim = await AskAsync(journal, options.CallId!, options, cancellationToken).ConfigureAwait(false);
        if (claim.Checkpoint is { } stored)
        {
            (options.ResumeFrom, options.History) = (SessionCheckpoint.FromUtf8Json(stored.Span), []);
        }

        return claim;
    }

    /// <summary>Refuses a journal without a call.</summary>
    /// <exception cref="ArgumentException">There is a journal and no call.</exception>
    public static void Check(VoiceSessionOptions options)
    {
        if (options is { Journal: not null, CallId: not { Length: > 0 } })
        {
            throw new ArgumentException($"{nameof(options.Journal)} needs a {nameof(options.CallId)}: the name under which the call is stored.", nameof(options));
        }
    }

    /// <summary>No session came about. A call that the claim has begun ends again; one that was stored is left to whoever claims it next. A store that fails or hangs makes no difference.</summary>
    public static async Task GiveBackAsync(VoiceSessionOptions options, JournalClaim claim)
    {
        if (claim.Checkpoint is not null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(JournalWriter.Farewell, options.TimeProvider);
        CancellationToken token = patience.Token;
        Task ending = Task.Run(() => options.Journal!.EndAsync(options.CallId!, claim.Fence, token).AsTask(), CancellationToken.None);
        await ending.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The session is open: what happens is kept from now on.</summary>
    public void Begin(VoiceSessionOptions options, long fence)
    {
        _time = options.TimeProvider;
        _writer = new(options.Journal!, options.CallId!, fence, this, options.TimeProvider, options.Chance);
        _writer.Save();
    }

    /// <summary>Saves, if this change is worth it. Under the session's lock.</summary>
    public void Told(SessionChange change)
    {
        if (change is SessionChange.InputCommitted or SessionChange.ItemTranscribed or SessionChange.ToolCallReady or SessionChange.TurnEnded
            or SessionChange.ItemAdded { Kind: ItemFactKind.UserMessage })
        {
            _writer?.Save();
        }
    }

    /// <summary>The output of a call was given, an answer was heard to its end, or the session goes on over another connection.</summary>
    public void Save() => _writer?.Save();

    /// <summary>Waits until the state of now is stored, or the store has failed once more.</summary>
    public Task FlushAsync() => _writer?.FlushAsync(CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>
    /// Waits until what has happened so far is stored, but not longer than an end does: a store that fails or hangs holds no call up, and is told of.
    /// </summary>
    /// <returns>False when another owner has the call.</returns>
    public async Task<bool> KeepAsync()
    {
        if (_writer is not { } writer)
        {
            return true;
        }

        try
        {
            await writer.FlushAsync(CancellationToken.None).WaitAsync(JournalWriter.Farewell, _time!).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The saving goes on.
        }

        return !writer.IsHandedOver;
    }

    /// <summary>The application closed the session: the call is over.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (_writer?.EndAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing does not fail; an entry that is left is claimed by nobody.
        }
    }

    /// <summary>The entry stays, for whoever goes on.</summary>
    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? default;

    public ReadOnlyMemory<byte> Snapshot() => life.Checkpoint().ToUtf8Json();

    public void SaveFailed(Exception failure, int attempts)
    {
        LogMessages.JournalFailed(logger, attempts, failure.GetType().Name);
        reporter.Report(new SessionProblem.JournalFailed(failure.GetType().Name, attempts));
    }

    public void SaveRecovered() => LogMessages.JournalRecovered(logger);

    public void HandedOver() => life.EndAs(Superseded);

    private static async Task<JournalClaim> AskAsync(ISessionJournal journal, string callId, VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            // On the pool: a store may block before it first waits.
            return await Task.Run(() => journal.ClaimAsync(callId, owner, either.Token).AsTask(), either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (either.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RealtimeConnectException(RealtimeConnectFailure.Timeout, $"The journal did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s, so no session came about.", late);
        }
        catch (Exception failure)
        {
            throw new RealtimeConnectException(RealtimeConnectFailure.JournalFailed, "The journal could not be asked for the call, so no session came about. The inner exception says why.", failure);
        }
    }
}
