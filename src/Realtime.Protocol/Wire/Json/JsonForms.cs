namespace Realtime.Protocol.Events;

/// <summary>What a JSON value is: one form of what came, one or more of what was expected.</summary>
[Flags]
public enum JsonForms : byte
{
    /// <summary>Nothing is known of a form.</summary>
    None = 0,

    /// <summary>A string.</summary>
    Text = 1 << 0,

    /// <summary>A whole number of at most 64 bits.</summary>
    Integer = 1 << 1,

    /// <summary>A number.</summary>
    Number = 1 << 2,

    /// <summary>True or false.</summary>
    Boolean = 1 << 3,

    /// <summary>An object.</summary>
    Object = 1 << 4,

    /// <summary>An array.</summary>
    Array = 1 << 5,

    /// <summary>The literal <c>null</c>.</summary>
    Null = 1 << 6,

    /// <summary>The string <c>"inf"</c>.</summary>
    Infinity = 1 << 7,
}
