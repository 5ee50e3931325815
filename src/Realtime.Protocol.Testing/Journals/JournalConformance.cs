using System.Text;

namespace Realtime.Protocol.Testing;

/// <summary>
/// Whether a store keeps what <see cref="ISessionJournal"/> promises: a check for each promise, by name, to be run from any test framework. Each uses calls of its own, so a store may be asked everything at once and keep its other data.
/// </summary>
public static class JournalConformance
{
    // Enough that two meet in any store that has a gap, and few enough for one that takes ten milliseconds.
    private const int Claimants = 16;
    private const int Rounds = 24;

    /// <summary>A call that nobody claimed has nothing stored, and its first fence is above zero.</summary>
    public const string NewCallIsEmpty = nameof(NewCallIsEmpty);

    /// <summary>What was saved is what another process gets, byte for byte.</summary>
    public const string SavedCheckpointComesBack = nameof(SavedCheckpointComesBack);

    /// <summary>A claim raises the fence and changes nothing else.</summary>
    public const string ClaimRaisesTheFence = nameof(ClaimRaisesTheFence);

    /// <summary>Of many that claim at once each gets a fence of its own, and only the highest can save.</summary>
    public const string ClaimsAtOnceHaveFencesOfTheirOwn = nameof(ClaimsAtOnceHaveFencesOfTheirOwn);

    /// <summary>A save by a former owner, or with a fence that nobody was given, is refused and changes nothing.</summary>
    public const string StaleSaveIsRefused = nameof(StaleSaveIsRefused);

    /// <summary>A save that meets a claim is either in what the claim gives, or refused.</summary>
    public const string SaveThatMeetsAClaimIsInItOrRefused = nameof(SaveThatMeetsAClaimIsInItOrRefused);

    /// <summary>Of saves one after the other the last one stays.</summary>
    public const string SavesKeepTheirOrder = nameof(SavesKeepTheirOrder);

    /// <summary>A megabyte of all bytes comes back whole.</summary>
    public const string MegabyteComesBack = nameof(MegabyteComesBack);

    /// <summary>The store keeps bytes of its own: a caller may use its memory anew.</summary>
    public const string MemoryIsNotShared = nameof(MemoryIsNotShared);

    /// <summary>After the end nothing is stored, the owner can save no more, and the next fence is higher than all before.</summary>
    public const string EndedCallIsEmpty = nameof(EndedCallIsEmpty);

    /// <summary>An end by a former owner changes nothing.</summary>
    public const string StaleEndChangesNothing = nameof(StaleEndChangesNothing);

    /// <summary>Calls do not touch each other, however alike their ids are, and any text is an id.</summary>
    public const string CallsAreApart = nameof(CallsAreApart);

    /// <summary>A step that is cancelled before it begins throws, and changes nothing.</summary>
    public const string CancelledStepChangesNothing = nameof(CancelledStepChangesNothing);

    /// <summary>While the store is gone, steps fail: none hangs, and none says that it saved. When it is back, everything is as before.</summary>
    public const string StoreGoneAndBack = nameof(StoreGoneAndBack);

    private static readonly (string Name, Func<Run, Task> Ask)[] All =
    [
        (NewCallIsEmpty, NewCallAsync),
        (SavedCheckpointComesBack, ComesBackAsync),
        (ClaimRaisesTheFence, RaisesAsync),
        (ClaimsAtOnceHaveFencesOfTheirOwn, ClaimsAtOnceAsync),
        (StaleSaveIsRefused, StaleSaveAsync),
        (SaveThatMeetsAClaimIsInItOrRefused, SaveMeetsClaimAsync),
        (SavesKeepTheirOrder, OrderAsync),
        (MegabyteComesBack, MegabyteAsync),
        (MemoryIsNotShared, NotSharedAsync),
        (EndedCallIsEmpty, EndedAsync),
        (StaleEndChangesNothing, StaleEndAsync),
        (CallsAreApart, ApartAsync),
        (CancelledStepChangesNothing, CancelledAsync),
        (StoreGoneAndBack, GoneAndBackAsync),
    ];

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyList<string> Checks { get; } = [.. All.Select(static check => check.Name)];

    /// <summary>Asks a store one thing.</summary>
    /// <param name="check">One of <see cref="Checks"/>.</param>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalConformanceException">It does not keep its promise.</exception>
    /// <exception cref="ArgumentException">There is no such check.</exception>
    public static async Task RunAsync(string check, JournalUnderTest store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        Func<Run, Task> ask = Array.Find(All, known => known.Name == check).Ask ?? throw new ArgumentException($"There is no check '{check}'.", nameof(check));
        try
        {
            await ask(new Run(check, store, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception thrown) when (thrown is not JournalConformanceException && !cancellationToken.IsCancellationRequested)
        {
            throw new JournalConformanceException(check, $"a step threw {thrown.GetType().Name}, which it should not have.", thrown);
        }
    }

    /// <summary>Asks a store everything, one after the other.</summary>
    /// <exception cref="JournalConformanceException">It does not keep a promise.</exception>
    public static async Task RunAllAsync(JournalUnderTest store, CancellationToken cancellationToken = default)
    {
        foreach (string check in Checks)
        {
            await RunAsync(check, store, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task NewCallAsync(Run run)
    {
        JournalClaim claim = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        run.Check(claim.Fence > 0, $"the first fence of a call was {claim.Fence}, and has to be above zero.");
        run.Check(claim.Checkpoint is null, "a call that nobody had claimed held a checkpoint.");
    }

    private static async Task ComesBackAsync(Run run)
    {
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "one").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "one").ConfigureAwait(false);
    }

    private static async Task RaisesAsync(Run run)
    {
        long before = 0;
        for (int i = 0; i < 5; i++)
        {
            JournalClaim claim = await run.ClaimAsync(run.Call).ConfigureAwait(false);
            run.Check(claim.Fence > before, $"a claim got the fence {claim.Fence} behind {before}.");
            before = claim.Fence;
        }

        await run.SavesAsync(run.Call, before, "kept").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "kept").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "kept").ConfigureAwait(false);
    }

    private static async Task ClaimsAtOnceAsync(Run run)
    {
        for (int round = 0; round < Rounds / 4; round++)
        {
            string call = $"{run.Call}/{round}";
            JournalClaim[] claims = await Task.WhenAll(Enumerable.Range(0, Claimants).Select(_ => Task.Run(() => run.ClaimAsync(call)))).ConfigureAwait(false);
            run.Check(claims.Select(static claim => claim.Fence).Distinct().Count() == Claimants, "two that claimed at once got the same fence.");
            long newest = claims.Max(static claim => claim.Fence);
            foreach (JournalClaim claim in claims)
            {
                bool isSaved = await run.SaveAsync(call, claim.Fence, $"{claim.Fence}").ConfigureAwait(false);
                run.Check(isSaved == (claim.Fence == newest), isSaved ? "an owner saved after another had claimed." : "the newest owner could not save.");
            }

            await run.HoldsAsync(call, $"{newest}").ConfigureAwait(false);
        }
    }

    private static async Task StaleSaveAsync(Run run)
    {
        JournalClaim former = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, former.Fence, "former").ConfigureAwait(false);
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        run.Check(!await run.SaveAsync(run.Call, former.Fence, "stale").ConfigureAwait(false), "a former owner saved.");
        run.Check(!await run.SaveAsync(run.Call, mine.Fence + 1_000, "stale").ConfigureAwait(false), "a fence that nobody was given could save.");
        run.Check(!await run.SaveAsync(run.Call, 0, "stale").ConfigureAwait(false), "the fence 0 could save.");
        run.Check(!await run.SaveAsync($"{run.Call}/never", mine.Fence, "stale").ConfigureAwait(false), "a call that nobody had claimed could be saved.");
        await run.HoldsAsync(run.Call, "former").ConfigureAwait(false);
    }

    private static async Task SaveMeetsClaimAsync(Run run)
    {
        for (int round = 0; round < Rounds; round++)
        {
            string call = $"{run.Call}/{round}";
            JournalClaim former = await run.ClaimAsync(call).ConfigureAwait(false);
            await run.SavesAsync(call, former.Fence, "before").ConfigureAwait(false);
            Task<bool> saving = Task.Run(() => run.SaveAsync(call, former.Fence, "met"));
            Task<JournalClaim> claiming = Task.Run(() => run.ClaimAsync(call));
            bool isSaved = await saving.ConfigureAwait(false);
            JournalClaim claim = await claiming.ConfigureAwait(false);
            run.CheckStored(claim.Checkpoint, isSaved ? "met" : "before");
        }
    }

    private static async Task OrderAsync(Run run)
    {
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        for (int i = 0; i < Rounds; i++)
        {
            await run.SavesAsync(run.Call, mine.Fence, $"save {i}").ConfigureAwait(false);
        }

        await run.SavesAsync(run.Call, mine.Fence, new string('x', 10_000)).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "last").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "last").ConfigureAwait(false);
    }

    private static async Task MegabyteAsync(Run run)
    {
        byte[] megabyte = new byte[1_048_576];
        for (int i = 0; i < megabyte.Length; i++)
        {
            megabyte[i] = (byte)((i * 31) ^ (i >> 8));
        }

        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        run.Check(await run.InTimeAsync(token => run.Journal.SaveAsync(run.Call, mine.Fence, megabyte, token).AsTask()).ConfigureAwait(false), "an owner could not save a megabyte.");
        JournalClaim next = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        run.Check(next.Checkpoint is { } stored && stored.Span.SequenceEqual(megabyte), "a megabyte came back otherwise than it was saved.");
    }

    private static async Task NotSharedAsync(Run run)
    {
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        byte[] buffer = "mine"u8.ToArray();
        run.Check(await run.InTimeAsync(token => run.Journal.SaveAsync(run.Call, mine.Fence, buffer, token).AsTask()).ConfigureAwait(false), "an owner could not save.");
        "used"u8.CopyTo(buffer);
        await run.HoldsAsync(run.Call, "mine").ConfigureAwait(false);
    }

    private static async Task EndedAsync(Run run)
    {
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "one").ConfigureAwait(false);
        await run.EndAsync(run.Call, mine.Fence).ConfigureAwait(false);
        run.Check(!await run.SaveAsync(run.Call, mine.Fence, "after the end").ConfigureAwait(false), "an owner saved after it had ended the call.");
        await run.EndAsync(run.Call, mine.Fence).ConfigureAwait(false); // twice is harmless
        JournalClaim next = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        run.Check(next.Checkpoint is null, "a call that had ended held a checkpoint.");
        run.Check(next.Fence > mine.Fence, $"the fence {next.Fence} was given after the end, behind {mine.Fence}.");
        run.Check(!await run.SaveAsync(run.Call, mine.Fence, "stale").ConfigureAwait(false), "an owner from before the end saved.");
        await run.SavesAsync(run.Call, next.Fence, "anew").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "anew").ConfigureAwait(false);
    }

    private static async Task StaleEndAsync(Run run)
    {
        JournalClaim former = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "mine").ConfigureAwait(false);
        await run.EndAsync(run.Call, former.Fence).ConfigureAwait(false);
        run.Check(await run.SaveAsync(run.Call, mine.Fence, "still mine").ConfigureAwait(false), "a former owner ended the call of the present one.");
        await run.HoldsAsync(run.Call, "still mine").ConfigureAwait(false);
    }

    private static async Task ApartAsync(Run run)
    {
        string[] calls =
        [
            run.Call, $"{run.Call} ", run.Call.ToUpperInvariant(), $"{run.Call}/../{run.Call}", $"{run.Call}\\x", $"{run.Call}:*?\"<>|", $"{run.Call}'; drop table calls; --", $"{run.Call}\n", $"{run.Call}é",
            $"{run.Call}e\u0301", $"{run.Call}%00", $"{run.Call}." + new string('x', 400), $"../../{run.Call}", $"CON{run.Call}",
        ];
        var fences = new long[calls.Length];
        for (int i = 0; i < calls.Length; i++)
        {
            JournalClaim claim = await run.ClaimAsync(calls[i]).ConfigureAwait(false);
            run.Check(claim.Checkpoint is null, "a call held what another one with an id like it had saved.");
            fences[i] = claim.Fence;
            await run.SavesAsync(calls[i], claim.Fence, $"of {i}").ConfigureAwait(false);
        }

        await run.EndAsync(calls[0], fences[0]).ConfigureAwait(false);
        for (int i = 1; i < calls.Length; i++)
        {
            await run.HoldsAsync(calls[i], $"of {i}").ConfigureAwait(false);
        }
    }

    private static async Task CancelledAsync(Run run)
    {
        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "mine").ConfigureAwait(false);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync().ConfigureAwait(false);
        await run.IsCancelledAsync(() => run.Journal.ClaimAsync(run.Call, "other", cancelled.Token).AsTask()).ConfigureAwait(false);
        await run.IsCancelledAsync(() => run.Journal.SaveAsync(run.Call, mine.Fence, "cancelled"u8.ToArray(), cancelled.Token).AsTask()).ConfigureAwait(false);
        await run.IsCancelledAsync(() => run.Journal.EndAsync(run.Call, mine.Fence, cancelled.Token).AsTask()).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "still mine").ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "still mine").ConfigureAwait(false);
    }

    private static async Task GoneAndBackAsync(Run run)
    {
        if (run.Store is not { Break: { } doBreak, Mend: { } mend })
        {
            return;
        }

        JournalClaim mine = await run.ClaimAsync(run.Call).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "before").ConfigureAwait(false);
        await WhileGoneAsync(() => run.FailsAsync(() => run.SaveAsync(run.Call, mine.Fence, "gone"), "a save")).ConfigureAwait(false);
        await run.SavesAsync(run.Call, mine.Fence, "back").ConfigureAwait(false);
        await WhileGoneAsync(() => run.FailsAsync(() => run.ClaimAsync(run.Call), "a claim")).ConfigureAwait(false);
        await run.HoldsAsync(run.Call, "back").ConfigureAwait(false);

        async Task WhileGoneAsync(Func<Task> ask)
        {
            await doBreak().ConfigureAwait(false);
            try
            {
                await ask().ConfigureAwait(false);
            }
            finally
            {
                await mend().ConfigureAwait(false);
            }
        }
    }

    /// <summary>One check of one store: its steps, each within the patience, and what is found.</summary>
    private sealed class Run(string check, JournalUnderTest store, CancellationToken cancellationToken)
    {
        public JournalUnderTest Store => store;

        /// <summary>A call that no other check uses.</summary>
        public string Call { get; } = $"conformance {check} {Guid.NewGuid():N}";

        public ISessionJournal Journal { get; } = store.Open();

        public Task<JournalClaim> ClaimAsync(string call) => InTimeAsync(token => store.Open().ClaimAsync(call, "conformance", token).AsTask());

        public Task<bool> SaveAsync(string call, long fence, string checkpoint) => InTimeAsync(token => Journal.SaveAsync(call, fence, Encoding.UTF8.GetBytes(checkpoint), token).AsTask());

        public async Task EndAsync(string call, long fence) => await InTimeAsync(async token =>
        {
            await Journal.EndAsync(call, fence, token).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

        public async Task SavesAsync(string call, long fence, string checkpoint) => Check(await SaveAsync(call, fence, checkpoint).ConfigureAwait(false), "the owner of a call could not save.");

        /// <summary>Claims the call, and looks at what that gives.</summary>
        public async Task HoldsAsync(string call, string checkpoint) => CheckStored((await ClaimAsync(call).ConfigureAwait(false)).Checkpoint, checkpoint);

        public void CheckStored(ReadOnlyMemory<byte>? stored, string expected)
        {
            Check(stored is not null, $"nothing was stored, and '{expected}' had been saved.");
            Check(stored!.Value.Span.SequenceEqual(Encoding.UTF8.GetBytes(expected)), $"'{Encoding.UTF8.GetString(stored.Value.Span)}' was stored, and '{expected}' should be.");
        }

        public void Check(bool isKept, string otherwise)
        {
            if (!isKept)
            {
                throw new JournalConformanceException(check, otherwise);
            }
        }

        public async Task IsCancelledAsync(Func<Task> step)
        {
            try
            {
                await step().WaitAsync(store.Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Check(false, "a step that was cancelled before it began went on.");
        }

        public async Task FailsAsync<T>(Func<Task<T>> step, string what)
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is not JournalConformanceException)
            {
                return;
            }

            Check(false, $"{what} succeeded while the store was gone.");
        }

        public async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> step)
        {
            Task<T> running = step(cancellationToken);
            try
            {
                return await running.WaitAsync(store.Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException hangs) when (!running.IsCompleted)
            {
                throw new JournalConformanceException(check, $"a step had not ended after {store.Patience.TotalSeconds:0} seconds.", hangs);
            }
        }
    }
}
