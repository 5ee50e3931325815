using System.Buffers.Text;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Values of JSON numbers. The text is known to follow the grammar of RFC 8259; what is decided here is whether it is a
/// whole number (recorded sessions send integers as <c>1.0</c>) and whether it fits.
/// </summary>
internal static class JsonNumber
{
    private const int MaxDigitsOfInt64 = 19;

    /// <summary>Any number of so many digits fits 64 bits.</summary>
    public const int DigitsThatFit = 18;

    /// <summary>A whole number that fits 64 bits.</summary>
    public static bool TryGetInteger(ReadOnlySpan<byte> number, out long value)
    {
        value = 0;
        if (number.Length > DigitsThatFit)
        {
            return TryGetUnusualInteger(number, out value);
        }

        foreach (byte character in number)
        {
            uint digit = (uint)(character - '0');
            if (digit > 9)
            {
                return TryGetUnusualInteger(number, out value);
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    /// <summary>A sign, many digits, a fraction or an exponent.</summary>
    private static bool TryGetUnusualInteger(ReadOnlySpan<byte> number, out long value) =>
        (Utf8Parser.TryParse(number, out value, out int used) && used == number.Length) || TryGetIntegralDecimal(number, out value);

    /// <summary>A number whose nearest double is finite.</summary>
    public static bool TryGetDouble(ReadOnlySpan<byte> number, out double value) =>
        double.TryParse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>The slow path: a fraction or an exponent, as in <c>1.0</c>, <c>-2.50e1</c>, <c>10e-1</c>.</summary>
    private static bool TryGetIntegralDecimal(ReadOnlySpan<byte> number, out long value)
    {
        value = 0;
        bool negative = number[0] == (byte)'-';
        int at = negative ? 1 : 0;

        // The digits without leading zeros, and the power of ten of the last one. At most 19 significant digits can
        // fit; further ones are allowed only if they are zeros of no weight.
        ulong digits = 0;
        int count = 0;
        int exponent = 0;
        int pendingZeros = 0;
        bool fraction = false;
        for (; at < number.Length && (number[at] | 0x20) != (byte)'e'; at++)
        {
            if (number[at] == (byte)'.')
            {
                fraction = true;
                continue;
            }

            if (fraction)
            {
                exponent--;
            }

            if (number[at] == (byte)'0')
            {
                pendingZeros += count > 0 ? 1 : 0;
                continue;
            }

            // A digit that is not zero gives weight to the zeros before it.
            if (count + pendingZeros + 1 > MaxDigitsOfInt64)
            {
                return false;
            }

            for (; pendingZeros > 0; pendingZeros--, count++)
            {
                digits *= 10;
            }

            digits = (digits * 10) + (uint)(number[at] - '0');
            count++;
        }

        exponent += pendingZeros;
        if (digits == 0)
        {
            return true;
        }

        if (at < number.Length)
        {
            // An exponent beyond the int range: with digits other than zero it can't be an integer that fits.
            ReadOnlySpan<byte> power = number[(at + 1)..];
            power = power[0] == (byte)'+' ? power[1..] : power;
            if (!Utf8Parser.TryParse(power, out int explicitExponent, out int used) || used != power.Length || Math.Abs((long)explicitExponent + exponent) > int.MaxValue)
            {
                return false;
            }

            exponent += explicitExponent;
        }

        if (exponent < 0 || count + (long)exponent > MaxDigitsOfInt64)
        {
            return false;
        }

        for (; exponent > 0; exponent--)
        {
            digits *= 10;
        }

        // 19 digits fit an unsigned 64-bit number, so nothing has overflowed; now the sign decides.
        if (digits > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
        {
            return false;
        }

        value = negative ? unchecked(-(long)digits) : (long)digits;
        return true;
    }
}
