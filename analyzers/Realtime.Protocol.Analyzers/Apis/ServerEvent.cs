using System;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>What the server says, as a type or a kind of a realtime library speaks of it.</summary>
[Flags]
internal enum ServerEvent
{
    None = 0,
    SessionCreated = 1 << 0,
    SessionUpdated = 1 << 1,
    SpeechStarted = 1 << 2,
    SpeechStopped = 1 << 3,
    AudioCommitted = 1 << 4,

    /// <summary><c>conversation.item.created</c> or <c>.added</c>: an item that may still grow.</summary>
    ItemAdded = 1 << 5,
    ItemDone = 1 << 6,
    ResponseCreated = 1 << 7,
    ResponseDone = 1 << 8,

    /// <summary><c>response.output_item.added</c>: its arguments are still to come.</summary>
    OutputItemAdded = 1 << 9,
    OutputItemDone = 1 << 10,
    ArgumentsDone = 1 << 11,
    AudioDelta = 1 << 12,
    AudioDone = 1 << 13,
    Error = 1 << 14,
}
