using System.Text.RegularExpressions;

namespace Repository.Tests.Readme;

/// <summary>A block of a page, word for word.</summary>
/// <param name="Language">What stands behind the fence: <c>csharp</c>, <c>console</c>.</param>
/// <param name="Name">The file that the block is, when the line above it ends with that name and a colon: <c>`shop.json`:</c>.</param>
/// <param name="Text">What stands between the fences.</param>
internal sealed record ReadmeBlock(string Language, string? Name, string Text);

/// <summary>A section of a page and its blocks, in their order. It reads what a reader sees, and nothing that is hidden from them.</summary>
internal sealed partial record ReadmeSection(string Title, IReadOnlyList<ReadmeBlock> Blocks)
{
    /// <summary>The section of a page under this heading, up to the next heading of the same depth or a higher one.</summary>
    public static ReadmeSection Of(string page, string heading) => From(RepositoryFiles.Read(page), heading);

    /// <summary>The same of a text.</summary>
    public static ReadmeSection From(string text, string heading)
    {
        var blocks = new List<ReadmeBlock>();
        int depth = heading.TakeWhile(static letter => letter == '#').Count();
        bool isInside = false, isFound = false;
        string before = "";
        for (Match part = Part().Match(text); part.Success; part = part.NextMatch())
        {
            if (part.Groups["language"].Success)
            {
                if (isInside)
                {
                    Match name = NameAbove().Match(before);
                    blocks.Add(new(part.Groups["language"].Value, name.Success ? name.Groups[1].Value : null, part.Groups["text"].Value));
                }

                before = "";
                continue;
            }

            string line = part.Value.Trim();
            if (line.StartsWith('#') && line.TakeWhile(static letter => letter == '#').Count() <= depth)
            {
                isInside = line == heading;
                isFound |= isInside;
            }

            before = line.Length > 0 ? line : before;
        }

        Assert.True(isFound, $"There is no section \"{heading}\".");
        return new(heading, blocks);
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$|^[^\n]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"`([\w.-]+)`:$")]
    private static partial Regex NameAbove();
}
