using System.ComponentModel;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Views;

/// <summary>Reads values of enumerations from text that was checked before.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EnumReader
{
    /// <summary>Longer than any value known today; an escaped text that does not fit stands for none of them.</summary>
    private const int LongestEscapedValue = 128;

    /// <summary>The value in this slot, with its text.</summary>
    public static EnumView<TEnum> Read<TEnum, TNames>(ReadOnlySpan<byte> message, Slot slot)
        where TEnum : struct, Enum
        where TNames : IEnumNames<TEnum>
    {
        var text = new TextView(message, slot);
        if (!slot.HasValue)
        {
            return new EnumView<TEnum>(default, text);
        }

        return slot.IsEscaped ? ReadEscaped<TEnum, TNames>(text) : new EnumView<TEnum>(TNames.Parse(text.Raw), text);
    }

    // On its own: a method that takes memory from the stack is never inlined.
    private static EnumView<TEnum> ReadEscaped<TEnum, TNames>(TextView text)
        where TEnum : struct, Enum
        where TNames : IEnumNames<TEnum>
    {
        Span<byte> decoded = stackalloc byte[LongestEscapedValue];
        return new EnumView<TEnum>(text.TryCopyTo(decoded, out int length) ? TNames.Parse(decoded[..length]) : default, text);
    }

    /// <summary>The word of the wire that a written value stands for, whether the schema has a name for it or not; null when there is no value.</summary>
    public static string? Word<TEnum, TNames>(OpenEnum<TEnum> value)
        where TEnum : struct, Enum
        where TNames : IEnumNames<TEnum> =>
        !value.HasValue ? null : value.Raw.HasValue ? value.Raw.ToString() : Encoding.UTF8.GetString(TNames.ToUtf8(value.Known)[1..^1]);
}
