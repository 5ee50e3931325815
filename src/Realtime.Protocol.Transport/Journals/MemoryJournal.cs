namespace Realtime.Protocol;

/// <summary>
/// A journal in the memory of the process: for tests, and for sessions that are to outlive their connections' host objects but not the process. All its calls share one counter of fences, so that a call can be forgotten when
/// it has ended and its next owner has a higher fence all the same.
/// </summary>
public sealed class MemoryJournal : ISessionJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Fence, byte[]? Checkpoint)> _calls = new(StringComparer.Ordinal);
    private long _lastFence;

    /// <summary>How many calls are claimed and have not ended.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        ArgumentNullException.ThrowIfNull(owner);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<JournalClaim>(cancellationToken);
        }

        lock (_lock)
        {
            byte[]? stored = _calls.GetValueOrDefault(callId).Checkpoint;
            long fence = ++_lastFence;
            _calls[callId] = (fence, stored);
            return ValueTask.FromResult(new JournalClaim(fence, stored is null ? null : (ReadOnlyMemory<byte>?)stored.ToArray()));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        lock (_lock)
        {
            bool isOwner = IsOwner(callId, fence);
            if (isOwner)
            {
                _calls[callId] = (fence, checkpoint.ToArray());
            }

            return ValueTask.FromResult(isOwner);
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            if (IsOwner(callId, fence))
            {
                _calls.Remove(callId);
            }

            return ValueTask.CompletedTask;
        }
    }

    private bool IsOwner(string callId, long fence) => _calls.TryGetValue(callId, out (long Fence, byte[]? Checkpoint) stored) && stored.Fence == fence;
}
