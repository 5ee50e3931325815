namespace Realtime.Protocol.Hosting;

/// <summary>Words of the configuration: equal whatever their case and with or without <c>_</c> and <c>-</c>, as the wire, C# and people write them; and the nearest one to a word that is none.</summary>
internal static class Spelled
{
    public static bool Same(string one, string other) => string.Equals(Bare(one), Bare(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The word that was probably meant; null for none that is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        string bare = Bare(written);
        return known
            .Select(word => (Word: word, Distance: Distance(bare, Bare(word))))
            .Where(found => found.Distance <= Math.Max(1, Math.Min(bare.Length, found.Word.Length) / 3))
            .OrderBy(static found => found.Distance)
            .Select(static found => found.Word)
            .FirstOrDefault();
    }

    private static string Bare(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    // How many letters must be changed, added or taken away (Levenshtein), whatever their case. Keys are short: the bound keeps a page of text from being compared.
    private static int Distance(string one, string other)
    {
        const int Longest = 64;
        if (one.Length > Longest)
        {
            return Longest;
        }

        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= other.Length; j++)
            {
                int change = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(change, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
