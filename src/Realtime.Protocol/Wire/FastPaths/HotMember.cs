using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What the fast paths need to know of a member of an event that comes many times a second: how its value is read, and
/// three marks. One byte, so that the table of an event is constant data.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[Flags]
public enum HotMember : byte
{
    /// <summary>A value that only the strict reader reads.</summary>
    Other = 0,

    /// <summary>A text.</summary>
    Text = 1,

    /// <summary>A whole number.</summary>
    Integer = 2,

    /// <summary>Audio as base64.</summary>
    Audio = 3,

    /// <summary>Null is allowed.</summary>
    Nullable = 4,

    /// <summary>The member must be there.</summary>
    Required = 8,

    /// <summary>The value differs from one message to the next.</summary>
    Differs = 16,
}

/// <summary>The view of an event that comes many times a second.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IHotView
{
    /// <summary>The event's permanent number.</summary>
    static abstract int HotKind { get; }

    /// <summary>All members, in the order of their slots.</summary>
    static abstract ReadOnlySpan<HotMember> HotMembers { get; }

    /// <summary>The slot of the member with this name; negative when there is none.</summary>
    static abstract int SlotOf(ReadOnlySpan<byte> name);

    /// <summary>
    /// What the first four bytes of a name, as a number, are multiplied with: the upper five bits of the product are the name's
    /// row, and no other member has that. The closing quote may be among the four.
    /// </summary>
    static abstract uint NameFactor { get; }

    /// <summary>By row, the slot of the one member that it can be. Empty when there is no such factor.</summary>
    static abstract ReadOnlySpan<byte> NameRows { get; }

    /// <summary>By slot, 16 bytes: the name in its quotes, zeros, and in the last byte how long it is with them.</summary>
    static abstract ReadOnlySpan<byte> NameEntries { get; }
}

/// <summary>The parts of a <see cref="HotMember"/>.</summary>
internal static class HotMembers
{
    /// <summary>The bits that say how the value is read.</summary>
    public const HotMember ValueMask = (HotMember)3;

    /// <summary>How the value is read.</summary>
    public static HotMember Value(this HotMember member) => member & ValueMask;

    /// <summary>True when the member has this mark.</summary>
    public static bool Is(this HotMember member, HotMember mark) => (member & mark) != 0;
}
