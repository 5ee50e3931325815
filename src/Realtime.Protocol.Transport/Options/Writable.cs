namespace Realtime.Protocol.Transport;

/// <summary>
/// What an application gives in members of options and requests, looked at where it is given, so that what is thrown names the member. What has
/// no form on the wire is refused here; what the service may not like is the service's to say.
/// </summary>
internal static class Writable
{
    /// <exception cref="ArgumentException">The text holds half a character.</exception>
    public static void Text(string? text, string member)
    {
        for (int i = 0; i < text?.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException($"The text holds half a character (a lone surrogate) at position {i}; it can't be written as UTF-8.", member);
            }
        }
    }

    /// <exception cref="ArgumentException">It is infinite or not a number, for which JSON has no text.</exception>
    public static void Number(double? number, string member)
    {
        if (number is { } value && !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(member, value, "JSON has no text for infinity and not-a-number.");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static void Time(TimeSpan? time, string member)
    {
        if (time is { } value)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, member);
        }
    }
}
