using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>How pieces of C# are put together, and how text of a schema gets into them: as a literal, as JSON in a literal, as documentation.</summary>
internal static class Code
{
    /// <summary>The template, its holes filled.</summary>
    public static string Of(Template template) => template.ToString();

    /// <summary>Pieces that follow each other line by line. An empty piece leaves no line.</summary>
    public static string Lines(IEnumerable<string> pieces) => string.Join("\n", pieces.Where(static piece => piece.Length > 0));

    /// <summary>Pieces with a blank line between them, as the members of a type.</summary>
    public static string Paragraphs(params IEnumerable<string> pieces) => string.Join("\n\n", pieces.Where(static piece => piece.Length > 0));

    /// <summary>The piece where the condition holds, nothing elsewhere.</summary>
    public static string If(bool condition, string piece) => condition ? piece : "";

    /// <summary>Text as a C# string.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>Text as bytes.</summary>
    public static string Utf8(string text) => Literal(text) + "u8";

    /// <summary>A member's name as it stands in JSON, before the value. Names of the protocol need no escapes, but a foreign schema's may.</summary>
    public static string JsonName(string wireName) => Json(wireName) + ":";

    /// <summary>Text as a JSON string.</summary>
    public static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (char character in text)
        {
            if (character is '"' or '\\')
            {
                json.Append('\\').Append(character);
            }
            else if (character < ' ')
            {
                json.Append("\\u").Append(((int)character).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                json.Append(character);
            }
        }

        return json.Append('"').ToString();
    }

    /// <summary>A summary, from text that may hold anything.</summary>
    public static string Summary(string text) => $"/// <summary>{Escape(text)}</summary>";

    public static string Remarks(string text) => $"/// <remarks>{Escape(text)}</remarks>";

    /// <summary>The arms of a switch over the length of a text: the length tells most texts apart, one comparison the rest.</summary>
    /// <param name="variable">The text.</param>
    /// <param name="arms">What the text may be, and the expression for each.</param>
    public static string ArmsByText(string variable, IEnumerable<(string Text, string Result)> arms) =>
        Lines(arms
            .Select(static arm => (arm.Text, arm.Result, Length: Encoding.UTF8.GetByteCount(arm.Text)))
            .OrderBy(static arm => arm.Length)
            .Select(arm => $"{arm.Length} when {variable}.SequenceEqual({Utf8(arm.Text)}) => {arm.Result},"));

    /// <summary>The constants that say which slot belongs to which member.</summary>
    public static string MemberConstants(IEnumerable<string> names) => Of($$"""
        /// <summary>The slot of each member, in the order of the schema.</summary>
        private static class Member
        {
            {{Lines(names.Select(static (name, slot) => $"public const int {name} = {slot};"))}}
        }
        """);

    /// <summary>The longest of these texts in bytes.</summary>
    public static int LongestOf(IEnumerable<string> texts) => texts.Max(static text => Encoding.UTF8.GetByteCount(text));

    /// <summary>Text as XML on one line; <c>`code`</c> becomes code.</summary>
    private static string Escape(string text)
    {
        var xml = new StringBuilder(text.Length);
        bool code = false;
        foreach (char character in text)
        {
            switch (character)
            {
                case '&':
                    xml.Append("&amp;");
                    break;
                case '<':
                    xml.Append("&lt;");
                    break;
                case '>':
                    xml.Append("&gt;");
                    break;
                case '`':
                    xml.Append(code ? "</c>" : "<c>");
                    code = !code;
                    break;
                case < ' ' or '\u0085' or '\u2028' or '\u2029':
                    xml.Append(' ');
                    break;
                default:
                    xml.Append(character);
                    break;
            }
        }

        return xml.Append(code ? "</c>" : "").ToString();
    }
}
