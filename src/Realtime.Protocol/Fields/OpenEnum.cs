namespace Realtime.Protocol.Events;

/// <summary>
/// A value of an enumeration that may grow on the server's side: one of the values known today, or any other text.
/// The default is absent.
/// </summary>
/// <typeparam name="TEnum">The enumeration of the values known today; its zero is <c>Unknown</c>.</typeparam>
public readonly struct OpenEnum<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>A value known today.</summary>
    public OpenEnum(TEnum value)
    {
        Known = value;
        Presence = Presence.Value;
    }

    /// <summary>Any value, as it stands on the wire.</summary>
    public OpenEnum(Text raw)
    {
        Raw = raw;
        Presence = raw.Presence;
    }

    private OpenEnum(Presence presence) => Presence = presence;

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static OpenEnum<TEnum> Null => new(Presence.Null);

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence { get; }

    /// <summary>True when there is a value, neither absent nor <c>null</c>.</summary>
    public bool HasValue => Presence == Presence.Value;

    /// <summary>The known value, or <c>Unknown</c> when the value was given as text.</summary>
    public TEnum Known { get; }

    /// <summary>The text that was given instead of a known value.</summary>
    public Text Raw { get; }

    /// <summary>A value known today.</summary>
    public static implicit operator OpenEnum<TEnum>(TEnum value) => new(value);

    /// <summary>Any value, as it stands on the wire.</summary>
    public static implicit operator OpenEnum<TEnum>(string? raw) => new((Text)raw);

    /// <summary>The known value's name, or the text.</summary>
    public override string ToString() => Raw.HasValue ? Raw.ToString() : Known.ToString();
}
