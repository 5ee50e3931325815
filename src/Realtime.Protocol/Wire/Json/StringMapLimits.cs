using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Wire;

/// <summary>The limits of maps such as metadata (RC-19: 16 pairs, keys of 64 and values of 512 characters), checked before a byte is written.</summary>
internal static class StringMapLimits
{
    /// <summary>Refuses a map that exceeds a limit, lacks a value or names a key twice. A limit of zero is none.</summary>
    /// <exception cref="ArgumentException">The map is refused; the message says why and never holds a value.</exception>
    public static void Check(ReadOnlySpan<KeyValuePair<string, string>> pairs, ReadOnlySpan<byte> name, int maxPairs, int maxKeyLength, int maxValueLength)
    {
        if (maxPairs > 0 && pairs.Length > maxPairs)
        {
            Throw(name, $"holds {pairs.Length} pairs; at most {maxPairs} are allowed");
        }

        for (int i = 0; i < pairs.Length; i++)
        {
            (string key, string value) = pairs[i];
            if (key is null || value is null)
            {
                Throw(name, $"lacks the {(key is null ? "key" : "value")} of pair {i}");
            }

            if (maxKeyLength > 0 && key.Length > maxKeyLength)
            {
                Throw(name, $"has a key of {key.Length} characters (pair {i}); at most {maxKeyLength} are allowed");
            }

            if (maxValueLength > 0 && value.Length > maxValueLength)
            {
                Throw(name, $"has a value of {value.Length} characters (pair {i}); at most {maxValueLength} are allowed");
            }

            foreach ((string earlier, _) in pairs[..i])
            {
                if (string.Equals(earlier, key, StringComparison.Ordinal))
                {
                    Throw(name, $"names one key twice (pair {i})");
                }
            }
        }
    }

    [DoesNotReturn]
    private static void Throw(ReadOnlySpan<byte> name, string what) =>
        throw new ArgumentException($"The map '{System.Text.Encoding.UTF8.GetString(name)}' {what}.");
}
