namespace Realtime.Protocol.Testing;

/// <summary>What somebody may have meant who mistyped a name.</summary>
internal static class Spelling
{
    private const int Longest = 64;

    /// <summary>The known name that is a third of its letters away at most, capitals aside; null when none is.</summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        if (name.Length is 0 or > Longest || known.Count == 0)
        {
            return null;
        }

        string asked = name.ToUpperInvariant();
        string nearest = known.MinBy(candidate => Distance(asked, candidate.ToUpperInvariant()))!;
        return nearest != name && Distance(asked, nearest.ToUpperInvariant()) <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>A question with the nearest name in quotation marks, with a space before it; nothing when none is near.</summary>
    public static string Meant(string name, IEnumerable<string> known) => Nearest(name, [.. known]) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";

    // Letters put in, left out or changed, and neighbours that changed places.
    private static int Distance(string from, string to)
    {
        int[,] steps = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                int change = from[i - 1] == to[j - 1] ? 0 : 1;
                steps[i, j] = Math.Min(Math.Min(steps[i - 1, j] + 1, steps[i, j - 1] + 1), steps[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
                }
            }
        }

        return steps[from.Length, to.Length];
    }
}
