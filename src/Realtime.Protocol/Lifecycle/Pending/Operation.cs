namespace Realtime.Protocol.Lifecycle;

/// <summary>What a client event was, kept under its event id so that an error can be told apart from every other (RC-04, IT-07).</summary>
internal enum OperationKind
{
    Configure,
    ClearInput,
    Commit,
    AddItem,
    Contribute,
    Truncate,
    Delete,
    Retrieve,
    Create,
    Cancel,
    Close,
}

/// <summary>One client event on the wire, and what its success or failure is about.</summary>
internal sealed record Operation(OperationKind Kind, string EventId)
{
    /// <summary>The caller's handle; 0 when nobody waits.</summary>
    public int Handle { get; init; }

    public Contribution? Contribution { get; init; }

    public PendingCommit? Commit { get; init; }

    public PendingConfiguration? Configuration { get; init; }

    public TrackedItem? Item { get; init; }

    public Create? Create { get; init; }

    public TrackedResponse? Response { get; init; }

    /// <summary>The application sent it by itself. What its error does here is the same, and the application is told of it in any case.</summary>
    public bool IsApplications { get; init; }

    /// <summary>When it was sent, of a cancel that nothing here tells.</summary>
    public long SentAt { get; init; }
}
