namespace Realtime.Protocol.Lifecycle;

internal enum SessionIntentKind
{
    None = 0,
    Configure,
    AudioAppended,
    EndTurn,
    TextTurn,
    AddText,
    CreateResponse,
    ToolOutput,
    AnswerApproval,
    TurnPlayed,
    TurnTaken,
    ItemPlayed,
    Interrupt,
    CancelTurn,
    ClearInput,
    CommitInput,
    DeleteItem,
    AddItem,
    RetrieveItem,
    TruncateItem,
}
