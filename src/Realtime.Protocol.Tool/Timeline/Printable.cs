using System.Globalization;
using System.Text;

namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>
/// Text of the other side, made safe for a terminal: one line, of bearable length, and without the characters that would move the cursor, change colours or reverse the
/// direction of writing. What a server sends decides nothing about the user's screen.
/// </summary>
internal static class Printable
{
    private const int MostCharacters = 300;

    /// <summary>The text on one line; every character that does not print is a space, and what is too long ends in an ellipsis.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MostCharacters));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length >= MostCharacters)
            {
                return line.Append('…').ToString();
            }

            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            bool prints = category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
            line.Append(prints ? rune.ToString() : " ");
        }

        return line.ToString();
    }

    /// <summary>The text of an event on one line.</summary>
    public static string Line(TextView text) => Line(text.ToString());
}
