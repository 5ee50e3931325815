using System.Text;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>What one process sees of a journal: it may be gone, or the process may stand still behind it.</summary>
internal sealed class TroubledJournal(ISessionJournal inner) : ISessionJournal
{
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Saved)> _expected = [];
    private TaskCompletionSource? _still;

    /// <summary>Nothing is there to be asked.</summary>
    public bool IsGone { get; set; }

    /// <summary>From now on a save waits.</summary>
    public void StandStill() => _still = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waited goes on.</summary>
    public void GoOn() => _still!.SetResult();

    /// <summary>Completes with the next save that holds the text.</summary>
    public Task SavedAsync(string text)
    {
        var saved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _expected.Add((text, saved));
        }

        return saved.Task;
    }

    public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        ThrowIfGone();
        return inner.ClaimAsync(callId, owner, cancellationToken);
    }

    public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        byte[] copy = checkpoint.ToArray();
        await (_still?.Task ?? Task.CompletedTask);
        ThrowIfGone();
        bool isSaved = await inner.SaveAsync(callId, fence, copy, cancellationToken);
        string text = Encoding.UTF8.GetString(copy);
        lock (_lock)
        {
            foreach ((_, TaskCompletionSource saved) in _expected.Where(expected => isSaved && text.Contains(expected.Text, StringComparison.Ordinal)))
            {
                saved.TrySetResult();
            }
        }

        return isSaved;
    }

    public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
    {
        ThrowIfGone();
        return inner.EndAsync(callId, fence, cancellationToken);
    }

    private void ThrowIfGone()
    {
        if (IsGone)
        {
            throw new IOException("The store is gone.");
        }
    }
}
