namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>The forms that a value may have; several where a member takes more than one.</summary>
[Flags]
internal enum ShapeForms
{
    None = 0,
    Null = 1 << 0,
    Text = 1 << 1,

    /// <summary>Sound as base64. Its alphabet is checked where it is decoded, so that sound is walked over once.</summary>
    Audio = 1 << 2,
    Boolean = 1 << 3,
    Integer = 1 << 4,
    Number = 1 << 5,
    Array = 1 << 6,

    /// <summary>An object of members that have rows of their own.</summary>
    Object = 1 << 7,

    /// <summary>An object whose <c>type</c> says which members it has.</summary>
    Choice = 1 << 8,

    /// <summary>An object of any names, whose values are alike.</summary>
    Map = 1 << 9,

    /// <summary>An object of whatever members: a JSON Schema, or data of the client.</summary>
    Open = 1 << 10,
    AnyObject = Object | Choice | Map | Open,
}

/// <summary>The kinds of session that take something.</summary>
[Flags]
internal enum ShapeSessions
{
    /// <summary>None of the simulated service: members that only compatible services take, or that only the server sets.</summary>
    None = 0,
    Realtime = 1 << 0,
    Transcription = 1 << 1,
    Translation = 1 << 2,

    /// <summary>Those that keep what they hear as items.</summary>
    Hearing = Realtime | Transcription,
}

/// <summary>What an update does to a value that is there already.</summary>
internal enum ShapeMerging
{
    Replace,

    /// <summary>An object whose members are merged one by one.</summary>
    Join,

    /// <summary>An object that starts from a template, chosen by its <c>type</c>, when its type changes; members are merged on top.</summary>
    Template,
}
