namespace Realtime.Protocol.Lifecycle;

/// <summary>The words of one part of an item, as one event has them. Borrows the message.</summary>
public readonly ref struct PartWords
{
    /// <summary>The words.</summary>
    public TextView Text { get; init; }

    /// <summary>They are what is said in sound, and not a text.</summary>
    public bool IsTranscript { get; init; }

    /// <summary>They are all of them, and not a piece.</summary>
    public bool IsWhole { get; init; }
}
