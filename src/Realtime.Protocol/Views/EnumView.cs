namespace Realtime.Protocol.Events;

/// <summary>
/// A value of an enumeration as it came: the value when it is known, the text in any case. A value added by the server
/// tomorrow is <c>Unknown</c> here and still readable in <see cref="Raw"/>. Valid as long as the message's buffer is.
/// </summary>
/// <typeparam name="TEnum">The enumeration of the values known today; its zero is <c>Unknown</c>.</typeparam>
public readonly ref struct EnumView<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>A value and its text.</summary>
    public EnumView(TEnum value, TextView raw)
    {
        Value = value;
        Raw = raw;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => Raw.Presence;

    /// <summary>True when there is a value, known or not.</summary>
    public bool HasValue => Raw.HasValue;

    /// <summary>The value; <c>Unknown</c> when absent, <c>null</c> or not known today.</summary>
    public TEnum Value { get; }

    /// <summary>The value as it stands on the wire.</summary>
    public TextView Raw { get; }

    /// <summary>The value as it stands on the wire; empty when absent or <c>null</c>.</summary>
    public override string ToString() => Raw.ToString();
}
