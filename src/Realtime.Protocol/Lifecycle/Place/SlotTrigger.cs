namespace Realtime.Protocol.Lifecycle;

/// <summary>What can happen to that place.</summary>
internal enum SlotTrigger
{
    /// <summary>The server committed a turn that it is going to answer.</summary>
    AnswerExpected,

    /// <summary>It did not answer in time, or the user speaks again.</summary>
    AnswerOverdue,

    /// <summary>We sent a create.</summary>
    CreateSent,

    /// <summary>A response of ours began.</summary>
    CreatedOurs,

    /// <summary>Somebody else's response began.</summary>
    CreatedOther,

    /// <summary>Our create was refused, and no running response is known that would explain it.</summary>
    Refused,

    /// <summary>Our create was refused because of a running response that the server named.</summary>
    RefusedByNamed,

    /// <summary>Our create was refused because of a running response that the server did not name.</summary>
    RefusedByUnnamed,

    /// <summary>We sent a cancel.</summary>
    CancelSent,

    /// <summary>The response is over.</summary>
    Done,

    /// <summary>The response is over, and our create is still unanswered.</summary>
    DoneCreateOpen,

    /// <summary>The response is over, and the server owes an answer to the turn that ended it.</summary>
    DoneAnswerExpected,

    /// <summary>The server said that nothing runs, so our create is lost (RC-11).</summary>
    CreateLost,
}
