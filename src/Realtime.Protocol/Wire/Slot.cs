namespace Realtime.Protocol.Wire;

/// <summary>
/// Where a member's value lies in a message: eight bytes instead of a copy. The default says absent. Text is located
/// without its quotes; everything else from its first byte to its last.
/// </summary>
public readonly struct Slot
{
    private const uint PresenceMask = 0b011;
    private const uint EscapedBit = 0b100;
    private const int LengthShift = 3;

    private readonly uint _packed;

    private Slot(int start, int length, Presence presence, bool escaped)
    {
        Start = start;
        _packed = ((uint)length << LengthShift) | (escaped ? EscapedBit : 0) | (uint)presence;
    }

    private Slot(int start, uint packed)
    {
        Start = start;
        _packed = packed;
    }

    /// <summary>Offset of the value's first byte in the message.</summary>
    public int Start { get; }

    /// <summary>The value's length in bytes.</summary>
    public int Length => (int)(_packed >> LengthShift);

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => (Presence)(_packed & PresenceMask);

    /// <summary>True when the member occurs, be it with <c>null</c>.</summary>
    public bool Occurs => (_packed & PresenceMask) != 0;

    /// <summary>True when there is a value, neither absent nor <c>null</c>.</summary>
    public bool HasValue => (_packed & PresenceMask) == (uint)Presence.Value;

    /// <summary>True for text that holds at least one JSON escape.</summary>
    public bool IsEscaped => (_packed & EscapedBit) != 0;

    /// <summary>The literal <c>null</c> at this place.</summary>
    public static Slot Null(int start) => new(start, 4, Presence.Null, false);

    /// <summary>A value at this place.</summary>
    public static Slot Value(int start, int length) => new(start, length, Presence.Value, false);

    /// <summary>Text at this place, without its quotes.</summary>
    public static Slot Text(int start, int length, bool escaped) => new(start, length, Presence.Value, escaped);

    /// <summary>The same value, so many bytes further on.</summary>
    internal Slot MovedBy(int bytes) => Occurs ? new(Start + bytes, _packed) : this;

    /// <summary>The bytes of this place in a message.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}
