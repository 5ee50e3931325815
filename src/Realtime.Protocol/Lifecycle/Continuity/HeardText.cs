namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The words of speech that was heard up to a place. Nobody says which word sounds when, so they are cut in proportion, and back to the end of a whole word: rather one word too few than one that nobody heard.
/// </summary>
internal static class HeardText
{
    /// <summary>The beginning of the words that belongs to the beginning of the sound.</summary>
    /// <param name="words">All words that came.</param>
    /// <param name="heard">How much of the sound was heard.</param>
    /// <param name="all">How much of it came.</param>
    public static string Cut(string words, long heard, long all)
    {
        if (heard >= all)
        {
            return words;
        }

        int end = (int)((Int128)words.Length * Math.Max(0, heard) / all);
        if (end >= words.Length)
        {
            return words;
        }

        while (end > 0 && !IsBetweenWords(words, end))
        {
            end--;
        }

        return words[..end].TrimEnd();
    }

    // Languages that are written without spaces have no other places than those between characters.
    private static bool IsBetweenWords(string words, int at) =>
        char.IsWhiteSpace(words[at]) || char.IsWhiteSpace(words[at - 1]) || (IsOfLettersThatStandAlone(words[at]) && IsOfLettersThatStandAlone(words[at - 1]));

    private static bool IsOfLettersThatStandAlone(char letter) => letter is >= '\u2E80' and <= '\uA4CF' or >= '\uF900' and <= '\uFAFF';
}
