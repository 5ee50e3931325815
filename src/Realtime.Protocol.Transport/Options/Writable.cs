using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What an application gives in members of options and requests, looked at where it is given, so that what is thrown names the member. What has
/// no form on the wire is refused here; what the service may not like is the service's to say.
/// </summary>
internal static class Writable
{
    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> HeaderName =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

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

    /// <exception cref="ArgumentOutOfRangeException">It is a number that no value of the enumeration has.</exception>
    public static void Known<T>(T value, string member)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(member, value, $"{typeof(T).Name} has no such value.");
        }
    }

    /// <exception cref="ArgumentException">A request cannot carry it. The value is not repeated: it may be a secret.</exception>
    public static void Header(string name, string? value, string member)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(HeaderName))
        {
            throw new ArgumentException($"\"{name}\" is no name of a header: it takes letters, digits and - or _, without a colon.", member);
        }

        int bad = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (bad >= 0 && value![bad] != '\t')
        {
            throw new ArgumentException($"The header {name} holds {(value[bad] is '\r' or '\n' ? "a line break" : "a character outside printable ASCII")} at position {bad}; a request can't carry it.", member);
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
