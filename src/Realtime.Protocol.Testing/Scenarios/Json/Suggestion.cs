namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>What somebody meant who wrote a name that does not exist.</summary>
internal static class Suggestion
{
    /// <summary>A question with the nearest name, with a space before it; nothing when none is near.</summary>
    public static string For(string written, IEnumerable<string> names)
    {
        (string? name, int distance) = names.Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(static near => near.Distance).FirstOrDefault();
        return name is not null && distance <= Math.Max(1, Math.Min(name.Length, written.Length) / 3) ? $" Did you mean \"{name}\"?" : "";
    }

    /// <summary>How many letters have to be added, taken away, changed, or to change places with the next one.</summary>
    private static int Distance(string left, string right)
    {
        int[,] steps = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                int change = left[i - 1] == right[j - 1] ? 0 : 1;
                int least = Math.Min(Math.Min(steps[i - 1, j] + 1, steps[i, j - 1] + 1), steps[i - 1, j - 1] + change);
                bool isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                steps[i, j] = isSwap ? Math.Min(least, steps[i - 2, j - 2] + 1) : least;
            }
        }

        return steps[left.Length, right.Length];
    }
}
