namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>A part of a message that a scenario makes: spoken or written.</summary>
public sealed record MessagePart
{
    private MessagePart()
    {
    }

    internal string? Spoken { get; private init; }

    internal Sound? Sound { get; private init; }

    internal string? Written { get; private init; }

    /// <summary>Speaks; where the session wants text, writes.</summary>
    /// <param name="words">What is said.</param>
    /// <param name="sound">What it sounds like; a tone when null.</param>
    public static MessagePart Say(string words, Sound? sound = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new() { Spoken = words, Sound = sound };
    }

    /// <summary>Writes, whatever the session wants.</summary>
    public static MessagePart Write(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new() { Written = words };
    }

    /// <summary>Only its kind; what is said is private.</summary>
    public override string ToString() => Written is null ? "spoken part" : "written part";
}
