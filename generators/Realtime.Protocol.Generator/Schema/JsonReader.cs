using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>
/// A strict reader of RFC 8259 with positions. The compiler host decides which System.Text.Json a generator gets, and
/// that one has no positions for what is well-formed but wrong; so the generator brings its own reader. It never throws:
/// what is wrong comes back as a message and an offset.
/// </summary>
internal sealed class JsonReader
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _position;
    private int _depth;
    private string? _fault;
    private int _faultPosition;

    private JsonReader(string text) => _text = text;

    /// <summary>Reads one JSON text.</summary>
    /// <returns>The value, or <see langword="null"/> with the fault and its offset.</returns>
    public static JsonNode? Read(string text, out string fault, out int faultPosition)
    {
        var reader = new JsonReader(text);
        JsonNode? root = reader.Value();
        if (root is not null)
        {
            reader.SkipSpace();
            if (reader._position != text.Length)
            {
                root = reader.Fail("there is something behind the end of the value");
            }
        }

        fault = reader._fault ?? "";
        faultPosition = reader._faultPosition;
        return root;
    }

    private JsonNode? Value()
    {
        SkipSpace();
        if (_position >= _text.Length)
        {
            return Fail("the text ends where a value is expected");
        }

        if (_depth >= MaxDepth)
        {
            return Fail($"values are nested deeper than {MaxDepth}");
        }

        _depth++;
        JsonNode? node = _text[_position] switch
        {
            '{' => Object(),
            '[' => Array(),
            '"' => String(),
            't' => Literal("true", JsonNodeKind.True),
            'f' => Literal("false", JsonNodeKind.False),
            'n' => Literal("null", JsonNodeKind.Null),
            _ => Number(),
        };
        _depth--;
        return node;
    }

    private JsonNode? Object()
    {
        int start = _position++;
        var members = new List<JsonMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        SkipSpace();
        if (TryTake('}'))
        {
            return new JsonNode(JsonNodeKind.Object, start, _position);
        }

        do
        {
            SkipSpace();
            JsonNode? name = String();
            if (name is null)
            {
                return null;
            }

            if (!names.Add(name.Text))
            {
                _position = name.Start;
                return Fail($"the name \"{name.Text}\" occurs twice in one object");
            }

            SkipSpace();
            if (!TryTake(':'))
            {
                return Fail("a colon is expected");
            }

            JsonNode? value = Value();
            if (value is null)
            {
                return null;
            }

            members.Add(new JsonMember(name.Text, name.Start, name.End, value));
            SkipSpace();
        }
        while (TryTake(','));

        return TryTake('}')
            ? new JsonNode(JsonNodeKind.Object, start, _position, members: members)
            : Fail("a comma or the end of the object is expected");
    }

    private JsonNode? Array()
    {
        int start = _position++;
        var items = new List<JsonNode>();
        SkipSpace();
        if (TryTake(']'))
        {
            return new JsonNode(JsonNodeKind.Array, start, _position);
        }

        do
        {
            JsonNode? item = Value();
            if (item is null)
            {
                return null;
            }

            items.Add(item);
            SkipSpace();
        }
        while (TryTake(','));

        return TryTake(']')
            ? new JsonNode(JsonNodeKind.Array, start, _position, items: items)
            : Fail("a comma or the end of the array is expected");
    }

    private JsonNode? String()
    {
        int start = _position;
        if (!TryTake('"'))
        {
            return Fail("a string is expected");
        }

        var value = new StringBuilder();
        while (_position < _text.Length)
        {
            char character = _text[_position];
            if (character == '"')
            {
                return EndOfString(start, value.ToString());
            }

            if (character < ' ')
            {
                return Fail("a control character must be escaped");
            }

            if (character != '\\')
            {
                value.Append(character);
                _position++;
            }
            else if (!Escape(value))
            {
                return Fail("this is no escape sequence of JSON");
            }
        }

        return Fail("the text ends inside a string");
    }

    /// <summary>The string that ends here. Half of a surrogate pair is no character: no UTF-8 can hold it, on the wire or in generated code.</summary>
    private JsonNode? EndOfString(int start, string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                _position = start;
                return Fail("the string holds half of a surrogate pair");
            }
        }

        _position++;
        return new JsonNode(JsonNodeKind.String, start, _position, value);
    }

    private bool Escape(StringBuilder value)
    {
        char kind = _position + 1 < _text.Length ? _text[_position + 1] : '\0';
        int simple = "\"\\/bfnrt".IndexOf(kind);
        if (simple >= 0)
        {
            value.Append("\"\\/\b\f\n\r\t"[simple]);
            _position += 2;
            return true;
        }

        if (kind != 'u'
            || _position + 6 > _text.Length
            || !ushort.TryParse(_text.Substring(_position + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
        {
            return false;
        }

        value.Append((char)unit);
        _position += 6;
        return true;
    }

    private JsonNode? Number()
    {
        int start = _position;
        TryTake('-');
        if (!TryTake('0') && !Digits())
        {
            _position = start;
            return Fail("a value is expected");
        }

        if (TryTake('.') && !Digits())
        {
            return Fail("digits are expected behind the decimal point");
        }

        if (TryTake('e') || TryTake('E'))
        {
            if (!TryTake('+'))
            {
                TryTake('-');
            }

            if (!Digits())
            {
                return Fail("digits are expected in the exponent");
            }
        }

        return new JsonNode(JsonNodeKind.Number, start, _position, _text.Substring(start, _position - start));
    }

    private JsonNode? Literal(string literal, JsonNodeKind kind)
    {
        int start = _position;
        if (string.CompareOrdinal(_text, _position, literal, 0, literal.Length) != 0)
        {
            return Fail("a value is expected");
        }

        _position += literal.Length;
        return new JsonNode(kind, start, _position);
    }

    private bool Digits()
    {
        int start = _position;
        while (_position < _text.Length && _text[_position] is >= '0' and <= '9')
        {
            _position++;
        }

        return _position > start;
    }

    private bool TryTake(char wanted)
    {
        if (_position >= _text.Length || _text[_position] != wanted)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\n' or '\r' or '\t')
        {
            _position++;
        }
    }

    private JsonNode? Fail(string fault)
    {
        if (_fault is null)
        {
            _fault = fault;
            _faultPosition = _position;
        }

        return null;
    }
}
