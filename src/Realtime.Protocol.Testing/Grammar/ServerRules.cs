namespace Realtime.Protocol.Testing.Grammar;

/// <summary>The rules of <see cref="ServerGrammar"/> by what they are about, so that a fault or a switch can say which of them it breaks.</summary>
[Flags]
internal enum ServerRules
{
    /// <summary>None: the order stays whole.</summary>
    None = 0,

    /// <summary>An event is JSON of the shape that its type has.</summary>
    Readable = 1 << 0,

    /// <summary>Each event has an id of its own.</summary>
    EventIds = 1 << 1,

    /// <summary>The session is created once and before everything else, and so is the conversation.</summary>
    Opening = 1 << 2,

    /// <summary>Speech starts, stops and is committed as one item.</summary>
    Speech = 1 << 3,

    /// <summary>What was committed is added next.</summary>
    Commit = 1 << 4,

    /// <summary>An item is added once, behind one that was there, and is named only while it is there.</summary>
    Items = 1 << 5,

    /// <summary>What was added is done once, and the output of a response only behind that, with a final status.</summary>
    ItemsEnd = 1 << 6,

    /// <summary>A transcript belongs to an item and ends once.</summary>
    Transcripts = 1 << 7,

    /// <summary>A listing of remote tools, and a call of one, begin once and end once.</summary>
    Remote = 1 << 8,

    /// <summary>A response is created once, in progress, and alone in the conversation.</summary>
    Creation = 1 << 9,

    /// <summary>Only a response that was created, and is not done, says something.</summary>
    Running = 1 << 10,

    /// <summary>The items of a response come in sequence and are done before it, and its output is all of them.</summary>
    Output = 1 << 11,

    /// <summary>Parts open one behind the other, and what belongs to a part comes while it is open, of its kind, and ends once.</summary>
    Parts = 1 << 12,

    /// <summary>The whole is the sum of its deltas.</summary>
    Sums = 1 << 13,

    /// <summary>What was opened is closed when everything is at rest; <see cref="ServerGrammar.IsAtRest"/>.</summary>
    Rest = 1 << 14,

    /// <summary>Everything but what holds for a single event.</summary>
    Order = All & ~(Readable | EventIds),

    /// <summary>Every rule.</summary>
    All = (1 << 15) - 1,
}
