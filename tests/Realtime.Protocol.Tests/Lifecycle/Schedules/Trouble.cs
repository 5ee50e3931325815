namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What may go wrong in a schedule, besides what goes wrong in every one (refusals, late cancels, answers outside the conversation). Each can be had alone.</summary>
[Flags]
internal enum Trouble
{
    None = 0,

    /// <summary>A message of the server never comes.</summary>
    Loss = 1,

    /// <summary>A message of the server comes twice.</summary>
    Duplication = 2,

    /// <summary>Two messages of the server that follow each other change places.</summary>
    Swap = 4,

    /// <summary>A message of the client never comes.</summary>
    LostRequest = 8,

    /// <summary>Errors do not name the event that they answer.</summary>
    IdlessErrors = 16,

    /// <summary>The server repeats no metadata, and nobody was told.</summary>
    NoEcho = 32,

    /// <summary>The server states a null conversation for every response.</summary>
    NullConversation = 64,

    /// <summary>The connection ends in the middle.</summary>
    Disconnect = 128,

    /// <summary>From some moment on the server takes nothing and says nothing.</summary>
    Mute = 256,

    /// <summary>The application never gives the output of a tool.</summary>
    StuckTools = 512,

    /// <summary>The server never sends <c>conversation.item.done</c>.</summary>
    NoItemDone = 1024,

    /// <summary>Members that nothing needs are missing, null or of another type.</summary>
    OddMembers = 2048,

    /// <summary>The server says <c>conversation.item.created</c> where others say <c>conversation.item.added</c>.</summary>
    OldNames = 4096,

    /// <summary>The server begins responses that nobody asked it for, whenever nothing runs: somebody else writes to the conversation, too.</summary>
    OwnResponses = 8192,

    /// <summary>The server repeats the metadata of some requests, and of others not.</summary>
    SomeEcho = 16384,

    /// <summary>The server decides differently wherever services differ, and its answers have items beside each other and several parts.</summary>
    OtherService = 32768,
}
