namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A table of the simulator's page that is written from data. <c>REALTIME_APPROVE=1</c> writes it anew; otherwise the page has to show it already.</summary>
internal static class PageTable
{
    private static readonly Lock Gate = new();

    private static string Page { get; } = RepositoryFolder.PathOf("src", "Realtime.Protocol.Testing", "README.md");

    /// <summary>Holds the first table below a heading to these cells, the first row the names of the columns.</summary>
    public static void IsShown(string heading, IEnumerable<string[]> rows)
    {
        lock (Gate)
        {
            string[] lines = File.ReadAllText(Page).ReplaceLineEndings("\n").Split('\n');
            int at = Array.IndexOf(lines, heading);
            Assert.True(at >= 0, $"The page has no heading \"{heading}\".");
            int start = Array.FindIndex(lines, at, static line => line.StartsWith('|'));
            int end = Array.FindIndex(lines, start, static line => !line.StartsWith('|'));
            string[][] cells = [.. rows];
            string[] table = [Line(cells[0]), string.Concat(Enumerable.Repeat("|---", cells[0].Length)) + "|", .. cells.Skip(1).Select(Line)];

            if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
            {
                File.WriteAllText(Page, string.Join('\n', [.. lines[..start], .. table, .. lines[end..]]));
                return;
            }

            Assert.Equal(table, lines[start..end]);
        }
    }

    private static string Line(string[] cells) => $"| {string.Join(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
