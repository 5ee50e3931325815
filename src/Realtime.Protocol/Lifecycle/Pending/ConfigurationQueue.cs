using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The configurations that wait for an answer, in the order of sending. <c>session.updated</c> names no event, so it answers the oldest of them; an error takes out the one it names. A
/// configuration that was not answered in time becomes a tombstone: were it taken out, its late acknowledgement would be spent on the next one, and every later one after that (SE-02).
/// </summary>
internal sealed class ConfigurationQueue
{
    /// <summary>More than any session has open; beyond it the oldest tombstone is taken for lost.</summary>
    public const int MaxEntries = 256;

    private readonly List<PendingConfiguration> _entries = [];

    // Made with the first one that has to wait.
    private List<WaitingConfiguration>? _waiting;

    // Acknowledgements that were booked on tombstones. If a tombstone was lost on its way, the acknowledgement belongs to a later entry, which then seems to lack one.
    private int _doubtful;

    public int Count => _entries.Count;

    /// <summary>Those that wait to be sent.</summary>
    public int WaitingCount => _waiting?.Count ?? 0;

    public bool HasWaiting => WaitingCount > 0;

    /// <summary>This one is sent when the place for a response is free (SE-06).</summary>
    public void Wait(WaitingConfiguration asked) => (_waiting ??= []).Add(asked);

    /// <summary>The next one to be sent.</summary>
    public bool TryTakeWaiting([NotNullWhen(true)] out WaitingConfiguration? next)
    {
        next = HasWaiting ? _waiting![0] : null;
        _waiting?.Remove(next!);
        return next is not null;
    }

    /// <summary>Takes one out that has waited for too long; false when it does not wait.</summary>
    public bool Withdraw(int handle) => _waiting?.RemoveAll(waited => waited.Handle == handle) > 0;

    public PendingConfiguration Add(int handle, IReadOnlyDictionary<string, long>? toolTimeouts)
    {
        if (_entries.Count == MaxEntries)
        {
            _entries.RemoveAt(Math.Max(0, _entries.FindIndex(entry => entry.IsTombstone)));
        }

        var added = new PendingConfiguration(handle, toolTimeouts);
        _entries.Add(added);
        return added;
    }

    /// <summary>The server acknowledged a configuration.</summary>
    /// <returns>The one that is thereby answered; null when none waits. Whoever waited for a tombstone was told already, so its handle has ended.</returns>
    [LifecycleRule("SE-02")]
    public PendingConfiguration? Acknowledge()
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        foreach (PendingConfiguration entry in _entries)
        {
            entry.HasSeenUpdate = true;
        }

        PendingConfiguration oldest = _entries[0];
        _doubtful += oldest.IsTombstone ? 1 : 0;
        Answer(oldest);
        return oldest;
    }

    /// <summary>The server refused this one: it changes nothing, and is not what a later acknowledgement is about.</summary>
    [LifecycleRule("SE-04")]
    public void Refuse(PendingConfiguration entry) => Answer(entry);

    /// <summary>The server refused a configuration without saying which. They are worked on in order, so it is the oldest.</summary>
    /// <returns>The one that is thereby answered; null when none waits.</returns>
    public PendingConfiguration? RefuseOldest()
    {
        PendingConfiguration? oldest = _entries.Count > 0 ? _entries[0] : null;
        if (oldest is not null)
        {
            Answer(oldest);
        }

        return oldest;
    }

    /// <summary>Its time is up. In doubt it was acknowledged: an acknowledgement came since it was sent, and one was booked on a tombstone that may have been lost.</summary>
    /// <returns>True when it counts as acknowledged; false when it has failed and is a tombstone from now on.</returns>
    [LifecycleRule("SE-02")]
    public bool IsAcknowledgedInDoubt(PendingConfiguration entry)
    {
        if (_doubtful > 0 && entry.HasSeenUpdate)
        {
            _doubtful--;
            Answer(entry);
            return true;
        }

        entry.IsTombstone = true;
        return false;
    }

    // When nothing waits any more, every acknowledgement found its configuration, and no doubt is left.
    private void Answer(PendingConfiguration entry)
    {
        _entries.Remove(entry);
        _doubtful = _entries.Count > 0 ? _doubtful : 0;
    }
}
