namespace Realtime.Protocol.Wire;

/// <summary>How the strict reader reads a member that differs from one message to the next.</summary>
public enum HotValue : byte
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Audio as base64.</summary>
    Audio,
}

/// <summary>A member of an event that comes many times a second, whose value differs from one message to the next.</summary>
/// <param name="Slot">Which slot of the event is the member's.</param>
/// <param name="Value">How it is read.</param>
/// <param name="IsNullable">True when null is allowed.</param>
public readonly record struct HotMember(int Slot, HotValue Value, bool IsNullable);

/// <summary>An event that comes many times a second.</summary>
/// <param name="Kind">The event's permanent number.</param>
/// <param name="Members">What differs in it from one message to the next.</param>
public sealed record HotEvent(int Kind, HotMember[] Members);
