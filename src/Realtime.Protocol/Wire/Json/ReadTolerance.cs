namespace Realtime.Protocol.Events;

/// <summary>What a reader does with a message whose JSON is sound, but in which a known member is missing or has another form than the protocol gives it.</summary>
public enum ReadTolerance
{
    /// <summary>The message is refused: the definition of what the protocol is.</summary>
    Strict = 0,

    /// <summary>
    /// The message is read as if the odd members were absent, and the event says so in its <c>Oddities</c>. Half a character (a lone surrogate) reads U+FFFD. Nothing else is forgiven: syntax, depth,
    /// size, UTF-8 and the event's own <c>type</c> must be right.
    /// </summary>
    Mend,
}
