namespace Realtime.Protocol.Lifecycle;

/// <summary>The items that the server was asked for, each once for everyone who waits for it. Whoever waits is told when it comes, is refused, is deleted or is overdue, and when the connection ends.</summary>
internal sealed class RetrievalTable(OperationTable operations)
{
    // What is said of an item that was deleted while it was on its way.
    private static readonly ServerError Deleted = new("item_deleted", null, "The item was deleted while it was being retrieved (IT-09).", null, null);

    /// <summary>What is said of an item whose copy cannot be read.</summary>
    public static readonly ServerError Unreadable = new("item_unreadable", null, "The server's copy of the item could not be read (IT-09).", null, null);

    private Dictionary<string, int>? _handles;

    /// <summary>The handle that waits for this item; 0 when none does.</summary>
    public int Find(string itemId) => _handles?.GetValueOrDefault(itemId) ?? 0;

    /// <summary>The item is asked for.</summary>
    [LifecycleRule("IT-09")]
    public int Open(string itemId, long now)
    {
        int handle = operations.Open(now);
        (_handles ??= new(StringComparer.Ordinal))[itemId] = handle;
        return handle;
    }

    /// <summary>Nobody waits for the item any more; gives the handle that did.</summary>
    public int Close(string itemId) => _handles is not null && _handles.Remove(itemId, out int handle) ? handle : 0;

    /// <summary>Nobody waits any more for the one item that is asked for; gives the handle that did, and 0 when none or several are.</summary>
    public int CloseOnly() => _handles is { Count: 1 } ? Close(_handles.Keys.First()) : 0;

    /// <summary>Nobody waits any more for the item that this text names; gives the handle that did, and 0 when none did.</summary>
    public int CloseNamed(string text) => _handles?.Keys.FirstOrDefault(id => ErrorReach.Names(text, id)) is { } named ? Close(named) : 0;

    /// <summary>This handle has ended, in whatever way.</summary>
    public void Close(int handle)
    {
        if (handle != 0 && _handles?.FirstOrDefault(open => open.Value == handle).Key is { } itemId)
        {
            _handles.Remove(itemId);
        }
    }

    /// <summary>The item is gone, so it will not come.</summary>
    public void Gone(string itemId)
    {
        if (Close(itemId) is var handle and not 0)
        {
            operations.Fail(handle, Deleted);
        }
    }
}
