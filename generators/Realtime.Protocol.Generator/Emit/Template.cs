using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// A piece of C# that stands in an emitter as it will stand in the generated file: a raw string with holes, taken by
/// <see cref="Code.Of"/>. It knows lines and columns, nothing of C#. A hole that is alone on its line may hold several lines,
/// which all begin at the hole's column; when it holds nothing, its line goes, and so does a second blank line.
/// Lines end in LF on every machine, so that the same schema gives the same bytes.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Template
{
    private readonly StringBuilder _text;
    private bool _isEmptyLine;

    public Template(int literalLength, int formattedCount) => _text = new(literalLength + (64 * formattedCount));

    public void AppendLiteral(string literal)
    {
        literal = literal.Replace("\r", "");
        if (_isEmptyLine && (literal.Length == 0 || literal[0] == '\n'))
        {
            literal = DropLine(literal);
        }

        _isEmptyLine = false;
        _text.Append(literal);
    }

    public void AppendFormatted(int value) => _text.Append(value);

    public void AppendFormatted(uint value) => _text.Append(value);

    public void AppendFormatted(string value)
    {
        int column = Column();
        bool isAlone = IsIndentation(column);
        _isEmptyLine = isAlone && value.Length == 0;
        _text.Append(isAlone ? Indent(value, column) : value);
    }

    public override string ToString()
    {
        AppendLiteral("");
        return _text.ToString();
    }

    /// <summary>Takes the empty line away, and the blank one behind it where nothing stands before it.</summary>
    private string DropLine(string next)
    {
        _text.Length -= Column();
        if (_text.Length == 0)
        {
            return next.TrimStart('\n');
        }

        _text.Length--;
        bool isAfterNothing = _text.Length == 0 || _text[_text.Length - 1] is '\n' or '{';
        return isAfterNothing && next.StartsWith("\n\n", System.StringComparison.Ordinal) ? next.Substring(1) : next;
    }

    private int Column()
    {
        int column = 0;
        while (column < _text.Length && _text[_text.Length - 1 - column] != '\n')
        {
            column++;
        }

        return column;
    }

    private bool IsIndentation(int column)
    {
        for (int i = _text.Length - column; i < _text.Length; i++)
        {
            if (_text[i] != ' ')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Every line but the first moves to the column; an empty one carries no indentation.</summary>
    private static string Indent(string lines, int column)
    {
        string indentation = new(' ', column);
        return string.Join("\n", lines.Split('\n').Select((line, index) => index == 0 || line.Length == 0 ? line : indentation + line));
    }
}
