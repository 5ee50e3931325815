using System.Text.RegularExpressions;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>
/// A block of C# on a page, and the code that stands around it when a test compiles it. A page shows what its reader has to see; the class, the parameters and the types of the reader's own that it leaves
/// out stand in a file beside the test, one piece a block: <c>## page number</c>, then the code with <c>§</c> where the block goes. A line <c>… is text</c> before it says what an ellipsis of the page stands for.
/// </summary>
/// <param name="Heading">The heading that the block stands under.</param>
/// <param name="Number">From 1, in the order of the page.</param>
internal sealed partial record PageBlock(string Heading, int Number, string Text)
{
    private const string Place = "§";
    private const string Ellipsis = "… is ";

    /// <summary>The blocks of a page, in its order.</summary>
    public static IReadOnlyList<PageBlock> Of(string page)
    {
        var blocks = new List<PageBlock>();
        string heading = "";
        foreach (Match match in HeadingOrBlock().Matches(File.ReadAllText(RepositoryFolder.PathOf(page)).ReplaceLineEndings("\n")))
        {
            if (match.Groups["heading"].Success)
            {
                heading = match.Groups["heading"].Value;
            }
            else if (match.Groups["language"].Value == "csharp")
            {
                blocks.Add(new PageBlock(heading, blocks.Count + 1, match.Groups["text"].Value.TrimEnd()));
            }
        }

        return blocks;
    }

    /// <summary>What stands around the blocks of pages, by page and number.</summary>
    public static IReadOnlyDictionary<string, string> SurroundingsIn(string file) => File.ReadAllText(RepositoryFolder.PathOf(file)).ReplaceLineEndings("\n")
        .Split("\n## ")[1..]
        .Select(static piece => piece.Split('\n', 2))
        .ToDictionary(static piece => piece[0].Trim(), static piece => piece[1]);

    /// <summary>The block with what stands around it, and where in that it begins.</summary>
    public (string Source, int Start) Within(string surroundings)
    {
        string text = Text;
        if (surroundings.StartsWith(Ellipsis, StringComparison.Ordinal))
        {
            string[] parts = surroundings.Split('\n', 2);
            (text, surroundings) = (text.Replace("…", parts[0][Ellipsis.Length..].Trim(), StringComparison.Ordinal), parts[1]);
        }

        int start = surroundings.IndexOf(Place, StringComparison.Ordinal);
        Assert.True(start >= 0, $"The surroundings have no {Place} where the block goes");
        return (surroundings.Remove(start, 1).Insert(start, text), start);
    }

    [GeneratedRegex(@"^#{1,6} (?<heading>[^\n]+)$|^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex HeadingOrBlock();
}
