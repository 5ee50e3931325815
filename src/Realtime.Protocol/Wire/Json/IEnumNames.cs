using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>The values of a generated enumeration as they stand on the wire.</summary>
/// <typeparam name="TEnum">The enumeration.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IEnumNames<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>The enumeration's name, for messages.</summary>
    static abstract string TypeName { get; }

    /// <summary>The value that this text stands for; the enumeration's zero when none does.</summary>
    static abstract TEnum Parse(ReadOnlySpan<byte> text);

    /// <summary>The value as a JSON string with its quotes; empty when it has no text.</summary>
    static abstract ReadOnlySpan<byte> ToUtf8(TEnum value);
}
