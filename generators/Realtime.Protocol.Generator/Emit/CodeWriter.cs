using System.Text;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>Writes C# with indentation and documentation. Lines end in LF on every machine, so that the same schema gives the same bytes.</summary>
internal sealed class CodeWriter
{
    private const string Indentation = "    ";

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>One line; an empty one carries no indentation.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            for (int i = 0; i < _depth; i++)
            {
                _text.Append(Indentation);
            }

            _text.Append(line);
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>A line, an opening brace, and everything until <see cref="Close"/> indented.</summary>
    public CodeWriter Open(string line)
    {
        return Line(line).OpenBlock();
    }

    /// <summary>An opening brace, and everything until <see cref="Close"/> indented.</summary>
    public CodeWriter OpenBlock()
    {
        Line("{");
        _depth++;
        return this;
    }

    public CodeWriter Close(string suffix = "")
    {
        _depth--;
        return Line("}" + suffix);
    }

    /// <summary>One case of a switch over the length of a text: the length tells most texts apart, one comparison the rest.</summary>
    public CodeWriter Case(int length, string variable, string text, string statement) =>
        Line($"case {length} when global::System.MemoryExtensions.SequenceEqual({variable}, {GeneratedFile.Literal(text)}u8):")
            .Line("    " + statement);

    /// <summary>A summary, from text that may hold anything.</summary>
    public CodeWriter Summary(string text) => Line($"/// <summary>{Escape(text)}</summary>");

    public CodeWriter Remarks(string text) => Line($"/// <remarks>{Escape(text)}</remarks>");

    /// <summary>A summary that is XML already.</summary>
    public CodeWriter SummaryXml(string xml) => Line($"/// <summary>{xml}</summary>");

    public override string ToString() => _text.ToString();

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
