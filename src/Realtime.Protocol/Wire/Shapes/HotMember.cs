namespace Realtime.Protocol.Wire;

/// <summary>How the value of a member is read.</summary>
public enum HotValue : byte
{
    /// <summary>Something that only the strict reader reads.</summary>
    Other,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Audio as base64.</summary>
    Audio,
}

/// <summary>A member of an event that comes many times a second; the place in the event's table is the place of its slot.</summary>
/// <param name="Value">How its value is read.</param>
/// <param name="IsNullable">True when null is allowed.</param>
/// <param name="IsRequired">True when the member must be there.</param>
/// <param name="Differs">True when its value differs from one message to the next.</param>
public readonly record struct HotMember(HotValue Value, bool IsNullable, bool IsRequired, bool Differs);

/// <summary>The view of an event that comes many times a second: what the fast paths need to know of it.</summary>
public interface IHotView
{
    /// <summary>The event's permanent number.</summary>
    static abstract int HotKind { get; }

    /// <summary>All members, in the order of their slots.</summary>
    static abstract ReadOnlySpan<HotMember> HotMembers { get; }

    /// <summary>The slot of the member with this name; negative when there is none.</summary>
    static abstract int SlotOf(ReadOnlySpan<byte> name);
}
