namespace Realtime.Protocol.Lifecycle;

/// <summary>Something that a caller waits for. It ends once: done, refused, overdue or with the connection.</summary>
internal sealed class PendingHandle(int number)
{
    public int Number { get; } = number;

    public TrackedItem? Item { get; init; }

    public PendingConfiguration? Configuration { get; set; }

    /// <summary>Until when an answer may come.</summary>
    public long DueAt { get; set; }
}
