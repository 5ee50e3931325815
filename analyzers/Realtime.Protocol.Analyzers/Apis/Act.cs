using System;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>What a member of a realtime library does, whatever that library calls it.</summary>
[Flags]
internal enum Act
{
    None = 0,

    /// <summary>Sends or changes the configuration of a session.</summary>
    Configure = 1 << 0,

    /// <summary>Sends audio of the user.</summary>
    SendAudio = 1 << 1,

    /// <summary>Makes the audio that was sent an item.</summary>
    CommitAudio = 1 << 2,

    /// <summary>Throws away audio that was sent and not committed.</summary>
    ClearAudio = 1 << 3,

    /// <summary>Adds an item of any kind.</summary>
    AddItem = 1 << 4,

    /// <summary>Makes or sends the output of a tool.</summary>
    ToolOutput = 1 << 5,

    /// <summary>Asks the model for a response; of ours, what the session sequences.</summary>
    AskForResponse = 1 << 6,

    /// <summary>Cancels the active response, or interrupts what is said.</summary>
    Cancel = 1 << 7,

    /// <summary>Cuts an item to what was heard.</summary>
    Truncate = 1 << 8,

    /// <summary>Reports how much was played.</summary>
    ReportPlayed = 1 << 9,

    /// <summary>Sends JSON that the caller wrote.</summary>
    SendRaw = 1 << 10,

    /// <summary>Sends an event that its argument names.</summary>
    SendEvent = 1 << 11,

    /// <summary>Reads what the server says.</summary>
    Receive = 1 << 12,

    /// <summary>Closes or disposes a session.</summary>
    Close = 1 << 13,

    /// <summary>The text of an error, made for people.</summary>
    ErrorText = 1 << 14,

    /// <summary>The code of an error, made for programs.</summary>
    ErrorCode = 1 << 15,
}
