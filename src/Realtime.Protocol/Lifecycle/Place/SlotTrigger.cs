namespace Realtime.Protocol.Lifecycle;

/// <summary>What can happen to that place.</summary>
internal enum SlotTrigger
{
    /// <summary>The server took a turn that it is going to answer.</summary>
    AnswerExpected,

    /// <summary>It did not answer in time, or the user speaks again.</summary>
    AnswerOverdue,

    /// <summary>We sent a create.</summary>
    CreateSent,

    /// <summary>A response began, ours or somebody else's.</summary>
    Began,

    /// <summary>Our create was refused, and no running response is known that would explain it.</summary>
    Refused,

    /// <summary>Our create was refused because of a running response that the server named.</summary>
    RefusedByNamed,

    /// <summary>Our create was refused because of a running response that the server did not name.</summary>
    RefusedByUnnamed,

    /// <summary>We sent a cancel by name.</summary>
    CancelSent,

    /// <summary>The server refused our cancel, for another reason than that nothing runs: the response runs on.</summary>
    CancelRefused,

    /// <summary>Our create is on the wire no longer, and no response of it runs: it was lost, or its response began and ended unseen (RC-11).</summary>
    NothingRuns,

    /// <summary>The response that holds the place is over, whoever said so; where the place is blocked, any response is.</summary>
    Ended,

    /// <summary>The response that nobody named had time enough to show itself (RC-05).</summary>
    BlockOver,
}
