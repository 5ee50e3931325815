using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>Reads JSON from the pieces of a literal: characters, and holes where the program puts a value.</summary>
/// <remarks>What is no JSON gives null and never an exception: most literals of a program are none. Nesting is limited, so that a literal of ten thousand brackets is no JSON either.</remarks>
internal sealed class JsonTextReader
{
    /// <summary>A character that no JSON text has outside of a string, and that stands for a hole here; the hole's number follows in the list.</summary>
    private const char Hole = '\uFFFF';

    private const int Deepest = 64;

    private readonly string _text;
    private readonly IReadOnlyList<IOperation> _holes;
    private readonly SyntaxNode _literal;
    private int _at;
    private int _hole;

    private JsonTextReader(string text, IReadOnlyList<IOperation> holes, SyntaxNode literal) => (_text, _holes, _literal) = (text, holes, literal);

    /// <summary>The object that the pieces are; null when they are no JSON object, or one that is not complete.</summary>
    public static WrittenJson? Read(IEnumerable<(string? Characters, IOperation? Hole)> pieces, SyntaxNode literal)
    {
        var text = new StringBuilder();
        var holes = new List<IOperation>();
        foreach (var (characters, hole) in pieces)
        {
            if (hole is not null)
            {
                text.Append(Hole);
                holes.Add(hole);
            }
            else if (characters is null || characters.IndexOf(Hole) >= 0)
            {
                return null;
            }
            else
            {
                text.Append(characters);
            }
        }

        var reader = new JsonTextReader(text.ToString(), holes, literal);
        reader.SkipSpace();
        if (reader.Next() != '{' || reader.Value(0) is not { } value)
        {
            return null;
        }

        reader.SkipSpace();
        return reader._at == reader._text.Length ? value : null;
    }

    private WrittenJson? Value(int depth)
    {
        SkipSpace();
        switch (Next())
        {
            case '{' when depth < Deepest: return Object(depth);
            case '[' when depth < Deepest: return Array(depth);
            case '"': return String();
            case Hole:
                _at++;
                var operation = _holes[_hole++];
                // Digits or letters beside a hole belong to the same value, which is then unknown as a whole.
                return IsWord(Next()) ? null : new(JsonForm.Unknown, operation.Syntax) { Operation = operation };
            default: return Word();
        }
    }

    private WrittenJson? Object(int depth)
    {
        var members = ImmutableArray.CreateBuilder<(string, WrittenJson)>();
        _at++;
        SkipSpace();
        if (Took('}'))
        {
            return new(JsonForm.Object, _literal);
        }

        do
        {
            SkipSpace();
            if (Next() != '"' || String() is not { } name)
            {
                return null;
            }

            SkipSpace();
            if (!Took(':') || Value(depth + 1) is not { } value)
            {
                return null;
            }

            // A name that has a hole is nobody's.
            members.Add((name.Content ?? "", value));
            SkipSpace();
        }
        while (Took(','));
        return Took('}') ? new(JsonForm.Object, _literal) { Members = members.ToImmutable() } : null;
    }

    private WrittenJson? Array(int depth)
    {
        _at++;
        SkipSpace();
        if (Took(']'))
        {
            return new(JsonForm.Array, _literal);
        }

        do
        {
            if (Value(depth + 1) is null)
            {
                return null;
            }

            SkipSpace();
        }
        while (Took(','));
        return Took(']') ? new(JsonForm.Array, _literal) : null;
    }

    private WrittenJson? String()
    {
        var content = new StringBuilder();
        var known = true;
        for (_at++; _at < _text.Length;)
        {
            var c = _text[_at++];
            switch (c)
            {
                case '"':
                    return new(JsonForm.Text, _literal) { Content = known ? content.ToString() : null };
                case Hole:
                    _hole++;
                    known = false;
                    break;
                case '\\':
                    if (!Escaped(content))
                    {
                        return null;
                    }

                    break;
                default:
                    content.Append(c);
                    break;
            }
        }

        return null;
    }

    private bool Escaped(StringBuilder content)
    {
        if (_at == _text.Length)
        {
            return false;
        }

        var c = _text[_at++];
        if (c == 'u')
        {
            if (_at + 4 > _text.Length || !ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                return false;
            }

            content.Append((char)unit);
            _at += 4;
            return true;
        }

        const string Escapes = "\"\\/bfnrt";
        const string Meant = "\"\\/\b\f\n\r\t";
        var i = Escapes.IndexOf(c);
        if (i >= 0)
        {
            content.Append(Meant[i]);
        }

        return i >= 0;
    }

    private WrittenJson? Word()
    {
        var start = _at;
        while (IsWord(Next()))
        {
            _at++;
        }

        var word = _text.Substring(start, _at - start);
        return Next() == Hole ? null : word switch
        {
            "null" => new(JsonForm.Null, _literal),
            "true" or "false" => new(JsonForm.Flag, _literal),
            _ => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? new(JsonForm.Number, _literal) { Content = word } : null,
        };
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '-' or '+' or '.';

    private char Next() => _at < _text.Length ? _text[_at] : '\0';

    private bool Took(char c)
    {
        if (Next() != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (Next() is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }
}
