using System.Globalization;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Metadata is at most 16 pairs, with keys to 64 and values to 512 characters; one key is the session's own. What does not fit is refused here, before the server would refuse the whole create.
/// With all 16 in use there is no room for the session's token: a response in the conversation is then matched by order, and one beside it, which only a token tells from others, is refused.
/// </summary>
internal static class MetadataFits
{
    public const int MaxPairs = 16;
    public const int MaxKey = 64;
    public const int MaxValue = 512;

    /// <summary>Null when it fits; otherwise why not. Says sizes and places, never contents.</summary>
    /// <param name="metadata">The application's pairs.</param>
    /// <param name="needsToken">There has to be room for the session's own.</param>
    [LifecycleRule("RC-19")]
    public static string? Refusal(ReadOnlySpan<KeyValuePair<string, string>> metadata, bool needsToken)
    {
        if (needsToken && metadata.Length == MaxPairs)
        {
            return string.Create(CultureInfo.InvariantCulture, $"You gave {metadata.Length} metadata pairs to a response outside the conversation; one of the {MaxPairs} is the session's token, which alone tells it from others.");
        }

        if (metadata.Length > MaxPairs)
        {
            return string.Create(CultureInfo.InvariantCulture, $"You gave {metadata.Length} metadata pairs; the service takes {MaxPairs}.");
        }

        for (int i = 0; i < metadata.Length; i++)
        {
            (string? key, string? value) = metadata[i];
            if (key is null or { Length: > MaxKey } || value is null or { Length: > MaxValue })
            {
                return string.Create(CultureInfo.InvariantCulture, $"Metadata pair {i} has a key of {key?.Length ?? 0} and a value of {value?.Length ?? 0} characters; the service takes {MaxKey} and {MaxValue}.");
            }

            if (key == ResponseToken.MetadataKey)
            {
                return $"Metadata pair {i} uses the key {ResponseToken.MetadataKey}, by which the session knows its own responses.";
            }
        }

        return null;
    }
}
