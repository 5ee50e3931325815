namespace Realtime.Protocol.Testing.Simulation.Input.Detectors;

/// <summary>
/// How long the user has to be quiet before semantic detection takes the turn for ended. The service judges the meaning of what was said; here
/// the meaning is the text that the test has for the turn: a sentence that has ended ends the turn soon, and one that is left open keeps the
/// server waiting as long as the eagerness allows.
/// </summary>
/// <remarks>The longest waits are published, eight, four and two seconds; the others are this simulator's own.</remarks>
internal static class SemanticPause
{
    private const int EndedMs = 300;

    private static readonly string[] Fillers =
    [
        "um", "umm", "uh", "uhm", "er", "erm", "hm", "hmm", "mm", "well", "so", "like", "and", "or", "but", "because", "äh", "ähm", "und", "oder", "aber", "also", "weil", "euh", "et", "mais", "este", "pero",
    ];

    /// <summary>The pause in milliseconds.</summary>
    /// <param name="eagerness">As the session has it; <c>auto</c> is <c>medium</c>.</param>
    /// <param name="text">What the user is understood to say in this turn; null or nothing when nobody says it.</param>
    public static int Of(string eagerness, string? text)
    {
        ReadOnlySpan<char> said = text.AsSpan().TrimEnd().TrimEnd("\"'”’»)]").TrimEnd();
        (int open, int unknown) = eagerness switch
        {
            "low" => (8_000, 1_200),
            "high" => (2_000, 300),
            _ => (4_000, 600),
        };
        return said.IsEmpty ? unknown
            : said.EndsWith("...") || said[^1] is '…' or ',' or '-' or '–' or '—' or ':' or ';' || IsFiller(said) ? open
            : said[^1] is '.' or '?' or '!' or '。' or '？' or '！' ? EndedMs
            : unknown;
    }

    private static bool IsFiller(ReadOnlySpan<char> said)
    {
        ReadOnlySpan<char> last = said[(said.LastIndexOf(' ') + 1)..];
        foreach (string filler in Fillers)
        {
            if (last.Equals(filler, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
