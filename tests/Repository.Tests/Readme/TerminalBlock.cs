using System.Text.RegularExpressions;

namespace Repository.Tests.Readme;

/// <summary>
/// What a reader types and what they see: lines behind <c>$</c> are typed, the others are seen. A number with a point stands for any such
/// number, <c>…</c> for any text, alone on a line for any lines. A block that ends with <c>^C</c> is a program that runs beside the blocks
/// behind it, in a terminal of its own, until its reader has come to the end.
/// </summary>
internal sealed partial class TerminalBlock
{
    private const string Interrupt = "^C";

    public TerminalBlock(string text)
    {
        var steps = new List<(string Typed, List<string> Seen)>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                steps.Add((line[2..], []));
            }
            else if (line == Interrupt)
            {
                IsBeside = true;
            }
            else
            {
                Assert.True(steps.Count > 0, $"The block does not begin with \"$ \": {line}");
                steps[^1].Seen.Add(line);
            }
        }

        Steps = [.. steps.Select(static step => (step.Typed, (IReadOnlyList<string>)step.Seen))];
        Assert.True(!IsBeside || Steps.Count == 1, "A terminal that runs beside the others has one command.");
    }

    /// <summary>Each command and what is seen of it.</summary>
    public IReadOnlyList<(string Typed, IReadOnlyList<string> Seen)> Steps { get; }

    /// <summary>Whether it runs beside the blocks behind it.</summary>
    public bool IsBeside { get; }

    /// <summary>Null when this was seen; else what was.</summary>
    public static string? Difference(IReadOnlyList<string> expected, string output)
    {
        string seen = Colour().Replace(output.ReplaceLineEndings("\n"), "").TrimEnd();
        string pattern = string.Concat(expected.Select(static line => line.Trim() == "…" ? @"([^\n]*\n)*?" : Pattern(line) + @"[ \t]*\n"));
        return Regex.IsMatch(seen.Length == 0 ? seen : seen + "\n", @"\A" + pattern + @"\z") ? null : $"the page shows:\n{string.Join('\n', expected)}\nand there came:\n{seen}";
    }

    /// <summary>Fails with what was seen instead.</summary>
    public static void AssertSeen(string typed, IReadOnlyList<string> expected, string output)
    {
        string? difference = Difference(expected, output);
        Assert.SkipWhen(difference is not null && output.Contains("error NU1301", StringComparison.Ordinal), "The packages of others can't be fetched here.");
        Assert.True(difference is null, $"$ {typed}\n{difference}");
    }

    private static string Pattern(string line) => AnyNumber().Replace(Regex.Escape(line).Replace("…", @"[^\n]*", StringComparison.Ordinal), @"\d+\.\d+");

    // Regex.Escape writes the point as \. and leaves digits alone. A version has two points, and stands for itself.
    [GeneratedRegex(@"(?<![\d.\w])\d+\\\.\d+(?!\\\.\d|\d)")]
    private static partial Regex AnyNumber();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();
}
