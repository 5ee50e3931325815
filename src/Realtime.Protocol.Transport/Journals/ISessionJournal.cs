namespace Realtime.Protocol;

/// <summary>
/// A store of checkpoints, one for each call, with a fence: whoever claims a call last owns it, and nobody else can save it any more. A row of a database, a hash of a cache, a file. Its methods may be called by many
/// sessions at once, of many processes. <c>JournalConformance</c> of Realtime.Protocol.Testing asks a store whether it keeps what is promised here.
/// </summary>
public interface ISessionJournal
{
    /// <summary>
    /// Makes the caller the owner of a call: raises its fence above every one that was given before, also before the call was ended, and gives what is stored. Both are one step: of two that claim at once, each gets a fence of its own, and only the
    /// higher one can save. A claim is final: the session that had the call ends as <see cref="RealtimeCloseKind.HandedOver"/> at its next save, also where the one that claimed it then came to nothing. What is stored waits for the next claim.
    /// </summary>
    /// <param name="callId">Any text that is not empty. A store may refuse the character U+0000, and half of a surrogate pair.</param>
    /// <param name="owner">Who claims, for people who look into the store.</param>
    /// <param name="cancellationToken">Gives up. It is not known then whether the fence was raised.</param>
    ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint in the place of the one before, if the fence is the call's. When it is true, the checkpoint outlives the process.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="fence">What the claim gave.</param>
    /// <param name="checkpoint">The caller may use the memory anew when the call has returned.</param>
    /// <param name="cancellationToken">Gives up. It is not known then whether the checkpoint is stored.</param>
    /// <returns>False, and nothing is changed, when the fence is not the call's: somebody else owns it, or it was ended.</returns>
    ValueTask<bool> SaveAsync(string callId, long fence, [Borrowed] ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);

    /// <summary>The call is over: what is stored goes, and a later claim finds nothing. Does nothing when the fence is not the call's.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="fence">What the claim gave.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken);
}
