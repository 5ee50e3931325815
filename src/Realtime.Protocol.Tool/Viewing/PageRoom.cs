namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>What a page can bear of what peers wrote: every list, name and text has a bound, and what is left out is counted.</summary>
/// <param name="withContent">Whether what was said is kept, and what tools were told and told.</param>
internal sealed class PageRoom(bool withContent)
{
    /// <summary>How much speech there may be of the user, and how many tools.</summary>
    public const int MostSpans = 5_000;

    private const int MostMarks = 1_000;
    private const int MostName = 80;
    private const int MostWords = 2_000;
    private const int MostContent = 4 * 1024 * 1024;

    private int _left = MostContent;

    /// <summary>How many things found no room.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Whether a list can take one more; what it cannot take is counted.</summary>
    public bool IsIn<T>(List<T> list, int most = MostMarks)
    {
        LeftOut += list.Count < most ? 0 : 1;
        return list.Count < most;
    }

    /// <summary>What was said, as far as it is shown.</summary>
    public string? Content(string? words)
    {
        string? shown = withContent ? Short(words, MostWords) : null;
        if (shown?.Length > _left)
        {
            LeftOut++;
            return null;
        }

        _left -= shown?.Length ?? 0;
        return shown;
    }

    /// <summary>What was said in several parts, as far as it is shown.</summary>
    public string? Joined(string? before, string? more) => Content(string.IsNullOrEmpty(more) ? before : before is null ? more : $"{before} {more}");

    /// <summary>A text of a peer, no longer than a page can bear.</summary>
    public static string? Short(string? text, int most = MostName) => text is null || text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");
}
