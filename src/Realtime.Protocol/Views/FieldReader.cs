using System.ComponentModel;
using System.Runtime.CompilerServices;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Views;

/// <summary>What generated getters share: the value of a slot that was checked when the message was read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FieldReader
{
    /// <summary>A whole number that must be there. Inlined for what an index nearly always is: one digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Integer(ReadOnlySpan<byte> message, Slot slot) =>
        slot is { HasValue: true, Length: 1 } ? (uint)(message[slot.Start] - '0') : LongerInteger(message, slot);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long LongerInteger(ReadOnlySpan<byte> message, Slot slot)
    {
        if (!slot.HasValue)
        {
            return 0;
        }

        JsonNumber.TryGetInteger(slot.In(message), out long value);
        return value;
    }

    /// <summary>A whole number that may be absent or <c>null</c>.</summary>
    public static Field<long> OptionalInteger(ReadOnlySpan<byte> message, Slot slot) =>
        slot.HasValue ? Integer(message, slot) : Missing<long>(slot);

    /// <summary>A number that must be there.</summary>
    public static double Number(ReadOnlySpan<byte> message, Slot slot)
    {
        if (!slot.HasValue)
        {
            return 0;
        }

        JsonNumber.TryGetDouble(slot.In(message), out double value);
        return value;
    }

    /// <summary>A number that may be absent or <c>null</c>.</summary>
    public static Field<double> OptionalNumber(ReadOnlySpan<byte> message, Slot slot) =>
        slot.HasValue ? Number(message, slot) : Missing<double>(slot);

    /// <summary>A truth value that must be there.</summary>
    public static bool Boolean(ReadOnlySpan<byte> message, Slot slot) => slot.HasValue && message[slot.Start] == (byte)'t';

    /// <summary>A truth value that may be absent or <c>null</c>.</summary>
    public static Field<bool> OptionalBoolean(ReadOnlySpan<byte> message, Slot slot) =>
        slot.HasValue ? Boolean(message, slot) : Missing<bool>(slot);

    /// <summary>A limit that must be there.</summary>
    public static IntegerOrInfinity IntegerOrInfinity(ReadOnlySpan<byte> message, Slot slot) =>
        slot.HasValue && message[slot.Start] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') ? Integer(message, slot) : Events.IntegerOrInfinity.Infinity;

    /// <summary>A limit that may be absent or <c>null</c>.</summary>
    public static Field<IntegerOrInfinity> OptionalIntegerOrInfinity(ReadOnlySpan<byte> message, Slot slot) =>
        slot.HasValue ? IntegerOrInfinity(message, slot) : Missing<IntegerOrInfinity>(slot);

    private static Field<T> Missing<T>(Slot slot) => slot.Occurs ? Field<T>.Null : default;
}
