namespace Realtime.Protocol.Lifecycle;

/// <summary>Who holds the conversation's one place for a response.</summary>
internal enum SlotPhase
{
    /// <summary>Nobody. The only phase in which a create is sent (RC-01).</summary>
    Idle,

    /// <summary>The server is about to answer a turn that it took itself (RC-06).</summary>
    AnswerDue,

    /// <summary>Our create is on the wire and unanswered (RC-02).</summary>
    Requested,

    /// <summary>A response runs.</summary>
    Active,

    /// <summary>A response runs, and our cancel is on the wire.</summary>
    Cancelling,

    /// <summary>Our create was refused because of a response that the server did not name (RC-05).</summary>
    Blocked,
}
