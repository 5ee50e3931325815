using System.ComponentModel;
using System.Runtime.CompilerServices;
using static Realtime.Protocol.Wire.JsonBytes;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Reads objects whose members come in the order of the schema, some of them left out, with no white space between them and
/// none that is not known: what services send. Whatever else comes, it declines, and the strict reader answers; so it
/// accepts only what the strict reader accepts, and finds the same members. Differential tests hold it to that.
/// </summary>
/// <remarks>
/// Every method takes a place and returns the one behind what it read, or a negative number. So the place stays in a
/// register, where a cursor's is written to memory and read again three times for each member.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OrderedReader
{
    /// <summary>What a method returns instead of a place when the strict reader must answer.</summary>
    public const int Declined = -1;

    /// <summary>Given instead of a depth: the text was read before, so nested values are passed over.</summary>
    public const int Checked = -1;

    /// <summary>The place of the first name; declines what is no object.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Where the object begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Open(ReadOnlySpan<byte> json, int at) => Is(json, at, (byte)'{') ? at + 1 : Declined;

    /// <summary>True when this name stands here, in quotes and with a colon behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> name) =>
        (uint)at <= (uint)json.Length && name.Length <= json.Length - at && json.Slice(at, name.Length).SequenceEqual(name);

    /// <summary>True when another member follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsComma(ReadOnlySpan<byte> json, int at) => Is(json, at, (byte)',');

    /// <summary>The place behind the object, if it ends here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Close(ReadOnlySpan<byte> json, int at) => Is(json, at, (byte)'}') ? at + 1 : Declined;

    /// <summary>Reads a string.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Text(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        if (Is(json, at, (byte)'"'))
        {
            int end = PlainText.End(json, at + 1);
            if (Is(json, end, (byte)'"'))
            {
                slot = Slot.Text(at + 1, end - at - 1, escaped: false);
                return end + 1;
            }
        }

        return UnusualText(json, at, nullable, ref slot);
    }

    /// <summary>Reads a whole number that fits 64 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Integer(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        int end = at;
        while ((uint)end < (uint)json.Length && (uint)(json[end] - '0') <= 9)
        {
            end++;
        }

        int digits = end - at;
        if (digits is > 0 and <= JsonNumber.DigitsThatFit && (digits == 1 || json[at] != (byte)'0') && (Is(json, end, (byte)',') || Is(json, end, (byte)'}')))
        {
            slot = Slot.Value(at, digits);
            return end;
        }

        return digits > 0 ? UnusualInteger(json, at, ref slot) : Null(json, at, nullable, ref slot);
    }

    /// <summary>Reads a number that fits a double.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Number(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        var cursor = new JsonCursor(json, at);
        return cursor.ReadNumber(ref slot, nullable) ? cursor.Position : Declined;
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Boolean(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        int length = Has(json, at, "true"u8) ? 4 : Has(json, at, "false"u8) ? 5 : 0;
        if (length == 0)
        {
            return Null(json, at, nullable, ref slot);
        }

        slot = Slot.Value(at, length);
        return at + length;
    }

    /// <summary>Reads a whole number that is not negative, or the text <c>"inf"</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int IntegerOrInfinity(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        if (Has(json, at, "\"inf\""u8))
        {
            slot = Slot.Text(at + 1, 3, escaped: false);
            return at + 5;
        }

        var cursor = new JsonCursor(json, at);
        return cursor.ReadIntegerOrInfinity(ref slot, nullable) ? cursor.Position : Declined;
    }

    /// <summary>Reads audio and leaves it encoded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Base64(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        var cursor = new JsonCursor(json, at);
        return cursor.ReadBase64(ref slot, nullable) ? cursor.Position : Declined;
    }

    /// <summary>Reads a value that has a view of its own.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Where the value begins.</param>
    /// <param name="depth">How deep the value lies, or <see cref="Checked"/>.</param>
    /// <param name="nested">Where the members of objects are noted; null when nobody remembers them.</param>
    /// <param name="nullable">Whether null is allowed.</param>
    /// <param name="slot">Where the value lies.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Value<TView>(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested, bool nullable, scoped ref Slot slot)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (Is(json, at, (byte)'n'))
        {
            return Null(json, at, nullable, ref slot);
        }

        int end = depth == Checked ? PassOver(json, at) : TView.PassInOrder(json, at, depth, nested);
        slot = end < 0 ? default : Slot.Value(at, end - at);
        return end;
    }

    /// <summary>Reads an array whose elements have a view.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Where the array begins.</param>
    /// <param name="depth">How deep the array lies, or <see cref="Checked"/>.</param>
    /// <param name="nested">Where the members of objects are noted; null when nobody remembers them.</param>
    /// <param name="nullable">Whether null is allowed.</param>
    /// <param name="slot">Where the array lies.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int List<TView>(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested, bool nullable, scoped ref Slot slot)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (!Is(json, at, (byte)'['))
        {
            return Null(json, at, nullable, ref slot);
        }

        int end = depth == Checked ? JsonNested.End(json, at) : PassElements<TView>(json, at + 1, depth + 1, nested);
        slot = end < 0 ? default : Slot.Value(at, end - at);
        return end;
    }

    /// <summary>Reads any value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Any(ReadOnlySpan<byte> json, int at, int depth, scoped ref Slot slot)
    {
        int end = depth == Checked ? PassOver(json, at) : SkipStrictly(json, at, depth);
        slot = end < 0 ? default : Slot.Value(at, end - at);
        return end;
    }

    /// <summary>Passes over a value that has a view of its own, or declines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pass<TView>(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested = null)
        where TView : struct, IJsonView<TView>, allows ref struct => TView.PassInOrder(json, at, depth, nested);

    /// <summary>The strict reader's answer for one value, and nothing of its reason.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int PassStrictly<TView>(ReadOnlySpan<byte> json, int at, int depth)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (!IsValue(json, at))
        {
            return Declined;
        }

        var cursor = JsonCursor.AtDepth(json, at, depth);
        return TView.Validate(ref cursor) ? cursor.Position : Declined;
    }

    /// <summary>Passes over one member, its name and its value, without looking into objects and arrays.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int PassMember(ReadOnlySpan<byte> json, int at)
    {
        Slot ignored = default;
        if (!Is(json, at, (byte)'"'))
        {
            return Declined;
        }

        int end = PlainText.End(json, at + 1);
        if (!Is(json, end, (byte)'"') || !Is(json, end + 1, (byte)':'))
        {
            return Declined;
        }

        at = end + 2;
        if ((uint)at >= (uint)json.Length)
        {
            return Declined;
        }

        return json[at] switch
        {
            (byte)'"' => Text(json, at, nullable: false, ref ignored),
            (byte)'{' or (byte)'[' => JsonNested.End(json, at),
            (byte)'t' or (byte)'f' => Boolean(json, at, nullable: false, ref ignored),
            (byte)'n' => Null(json, at, nullable: true, ref ignored),
            _ => Integer(json, at, nullable: false, ref ignored),
        };
    }

    private static int SkipStrictly(ReadOnlySpan<byte> json, int at, int depth)
    {
        if (!IsValue(json, at))
        {
            return Declined;
        }

        var cursor = JsonCursor.AtDepth(json, at, depth);
        return cursor.Skip() ? cursor.Position : Declined;
    }

    /// <summary>The strict reader passes over white space, and then a value would not lie where its slot says.</summary>
    private static bool IsValue(ReadOnlySpan<byte> json, int at) => (uint)at < (uint)json.Length && json[at] > (byte)' ';

    private static int PassElements<TView>(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (depth > JsonCursor.MaxDepth)
        {
            return Declined;
        }

        if (Is(json, at, (byte)']'))
        {
            return at + 1;
        }

        while (true)
        {
            at = TView.PassInOrder(json, at, depth, nested);
            if (!Is(json, at, (byte)','))
            {
                return Is(json, at, (byte)']') ? at + 1 : Declined;
            }

            at++;
        }
    }

    private static int PassOver(ReadOnlySpan<byte> json, int at)
    {
        if (Is(json, at, (byte)'{') || Is(json, at, (byte)'['))
        {
            return JsonNested.End(json, at);
        }

        var cursor = JsonCursor.OfChecked(json, at);
        return cursor.Skip(out Slot value) && value.Start == at ? cursor.Position : Declined;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Null(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        if (!nullable || !Has(json, at, "null"u8))
        {
            return Declined;
        }

        slot = Slot.Null(at);
        return at + 4;
    }

    /// <summary>The slow path: escapes, other alphabets, null.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int UnusualText(ReadOnlySpan<byte> json, int at, bool nullable, scoped ref Slot slot)
    {
        if (Is(json, at, (byte)'n'))
        {
            return Null(json, at, nullable, ref slot);
        }

        var cursor = new JsonCursor(json, at);
        return cursor.ReadText(ref slot, nullable) ? cursor.Position : Declined;
    }

    /// <summary>The slow path: many digits, a fraction, an exponent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int UnusualInteger(ReadOnlySpan<byte> json, int at, scoped ref Slot slot)
    {
        var cursor = new JsonCursor(json, at);
        return cursor.ReadInteger(ref slot, nullable: false) ? cursor.Position : Declined;
    }
}
