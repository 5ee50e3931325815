using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Realtime.Protocol.Wire;

/// <summary>The tokens of RFC 8259: strings, numbers, literals, and whatever value comes, read and checked without regard to its meaning.</summary>
public ref partial struct JsonCursor
{
    /// <summary>What ends a run of plain characters inside a string: the quote, the backslash and every control character.</summary>
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"u8);

    private bool SkipValue()
    {
        if (_position >= _json.Length)
        {
            return Fail(ReadErrorReason.Truncated, _position);
        }

        switch (_json[_position])
        {
            case (byte)'"':
                return ReadQuoted(out _, ReadErrorReason.WrongType);
            case (byte)'{' or (byte)'[' when _passesOver:
                PassOver();
                return true;
            case (byte)'{':
                return SkipObject();
            case (byte)'[':
                return SkipArray();
            case (byte)'t':
                return Literal("true"u8);
            case (byte)'f':
                return Literal("false"u8);
            case (byte)'n':
                return Literal("null"u8);
            default:
                return NumberToken(out _);
        }
    }

    /// <summary>Passes over the object or array that begins here; the strict reader byte by byte.</summary>
    private void PassOver() =>
        _position = IsStrict ? JsonNested.EndByBytes(_json, _position) : JsonNested.End(_json, _position);

    private bool SkipObject()
    {
        if (!BeginObject(out bool more))
        {
            return false;
        }

        while (more)
        {
            if (!ReadName(out _) || !Skip() || !NextMember(out more))
            {
                return false;
            }
        }

        return true;
    }

    private bool SkipArray()
    {
        if (!BeginArray(out bool more))
        {
            return false;
        }

        while (more)
        {
            if (!Skip() || !NextElement(out more))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a string with its quotes. What else stands there is reported with <paramref name="otherwise"/>.</summary>
    private bool ReadQuoted(out Slot slot, ReadErrorReason otherwise)
    {
        slot = default;
        if (_position >= _json.Length)
        {
            return Fail(ReadErrorReason.Truncated, _position);
        }

        if (_json[_position] != (byte)'"')
        {
            return FailForm(otherwise, otherwise == ReadErrorReason.WrongType ? JsonForms.Text : JsonForms.None, _position);
        }

        int start = _position + 1;
        int at = PlainText.End(_json, start);
        if (at < _json.Length && _json[at] == (byte)'"')
        {
            slot = Slot.Text(start, at - start, escaped: false);
            _position = at + 1;
            return true;
        }

        // The slow path: escapes, other alphabets, faults.
        bool escaped = false;
        while (true)
        {
            int run = _json[at..].IndexOfAny(EndsPlainText);
            if (run < 0)
            {
                return Fail(ReadErrorReason.Truncated, _json.Length);
            }

            at += run;
            if (_json[at] == (byte)'"')
            {
                break;
            }

            if (_json[at] != (byte)'\\')
            {
                return Fail(ReadErrorReason.ControlCharacter, at);
            }

            escaped = true;
            if (!JsonEscapes.TryMeasure(_json[at..], out int length, out ReadErrorReason reason))
            {
                return Fail(reason, at);
            }

            at += length;
        }

        ReadOnlySpan<byte> content = _json[start..at];
        if (!Utf8.IsValid(content))
        {
            return Fail(ReadErrorReason.InvalidUtf8, start + ValidLength(content));
        }

        slot = Slot.Text(start, content.Length, escaped);
        _position = at + 1;
        return true;
    }

    /// <summary>How much of a text is UTF-8, up to the first sequence of bytes that is not.</summary>
    private static int ValidLength(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (Rune.DecodeFromUtf8(text[length..], out _, out int bytes) == OperationStatus.Done)
        {
            length += bytes;
        }

        return length;
    }

    /// <summary>Reads a number by its grammar; its value is for the caller to judge.</summary>
    private bool NumberToken(out Slot slot)
    {
        int start = _position;
        slot = default;
        int at = start;
        if (at < _json.Length && _json[at] == (byte)'-')
        {
            at++;
        }

        if (at >= _json.Length)
        {
            return Fail(ReadErrorReason.Truncated, at);
        }

        if (_json[at] == (byte)'0')
        {
            at++;
        }
        else if (!Digits(ref at))
        {
            return Fail(at == start ? ReadErrorReason.UnexpectedByte : ErrorAt(at), at);
        }

        if (at < _json.Length && _json[at] == (byte)'.')
        {
            at++;
            if (!Digits(ref at))
            {
                return Fail(ErrorAt(at), at);
            }
        }

        if (at < _json.Length && (_json[at] | 0x20) == (byte)'e')
        {
            at++;
            if (at < _json.Length && _json[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            if (!Digits(ref at))
            {
                return Fail(ErrorAt(at), at);
            }
        }

        _position = at;
        slot = Slot.Value(start, at - start);
        return true;
    }

    private readonly bool Digits(ref int at)
    {
        int start = at;
        while (at < _json.Length && (uint)(_json[at] - '0') <= 9)
        {
            at++;
        }

        return at > start;
    }

    private readonly ReadErrorReason ErrorAt(int at) => at >= _json.Length ? ReadErrorReason.Truncated : ReadErrorReason.UnexpectedByte;

    private bool Literal(ReadOnlySpan<byte> literal)
    {
        ReadOnlySpan<byte> rest = _json[_position..];
        if (rest.StartsWith(literal))
        {
            _position += literal.Length;
            return true;
        }

        int same = rest.CommonPrefixLength(literal);
        return Fail(ErrorAt(_position + same), _position + same);
    }
}
