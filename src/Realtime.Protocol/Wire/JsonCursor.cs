using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The strict reader: walks one JSON text (RFC 8259) from left to right, refuses whatever the written policy of
/// schema/README.md refuses, and locates values instead of copying them. It is the definition that every faster path is
/// held to. It never throws: a method that returns false has left the reason in <see cref="Error"/>.
/// </summary>
/// <remarks>
/// An object is read as <c>BeginObject(out more); while (more) { ReadName; read a value; NextMember(out more); }</c>,
/// an array likewise.
/// </remarks>
public ref partial struct JsonCursor
{
    /// <summary>How deep objects and arrays may be nested: the default of the platform's own readers.</summary>
    public const int MaxDepth = 64;

    /// <summary>What ends a run of plain characters inside a string: the quote, the backslash and every control character.</summary>
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"u8);

    private readonly ReadOnlySpan<byte> _json;
    private int _position;
    private int _depth;
    private ReadErrorReason _reason;
    private int _errorOffset;
    private string? _errorMember;

    /// <summary>A reader at the start of a text.</summary>
    public JsonCursor(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>A reader at a value inside a text.</summary>
    public JsonCursor(ReadOnlySpan<byte> json, int position)
    {
        _json = json;
        _position = position;
    }

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>Offset of the next byte to be read.</summary>
    public readonly int Position => _position;

    /// <summary>Why the last method returned false.</summary>
    public readonly ReadError Error => _reason == ReadErrorReason.None
        ? default
        : new ReadError(_reason, _errorOffset, JsonPath.At(_json, _errorOffset), _errorMember);

    /// <summary>Reads <c>{</c>. <paramref name="more"/> says whether a member follows.</summary>
    public bool BeginObject(out bool more) => Begin((byte)'{', (byte)'}', out more);

    /// <summary>Reads <c>[</c>. <paramref name="more"/> says whether an element follows.</summary>
    public bool BeginArray(out bool more) => Begin((byte)'[', (byte)']', out more);

    /// <summary>Reads what stands behind a member's value: a comma, or the end of the object.</summary>
    public bool NextMember(out bool more) => Next((byte)'}', out more);

    /// <summary>Reads what stands behind an element: a comma, or the end of the array.</summary>
    public bool NextElement(out bool more) => Next((byte)']', out more);

    /// <summary>Reads a member's name and the colon behind it.</summary>
    /// <param name="name">The name's place. An escaped name is rare: compare it with <see cref="JsonEscapes.ValueEquals"/>.</param>
    public bool ReadName(out Slot name)
    {
        SkipSpace();
        if (!ReadQuoted(out name, ReadErrorReason.UnexpectedByte))
        {
            return false;
        }

        SkipSpace();
        return Expect((byte)':');
    }

    /// <summary>True when only white space is left.</summary>
    public bool End()
    {
        SkipSpace();
        return _position == _json.Length || Fail(ReadErrorReason.TrailingData, _position);
    }

    /// <summary>Reads any value and checks it.</summary>
    public bool Skip() => Skip(out _);

    /// <summary>Reads any value, checks it and says where it lies, quotes included.</summary>
    public bool Skip(out Slot slot)
    {
        SkipSpace();
        int start = _position;
        slot = default;
        if (!SkipValue())
        {
            return false;
        }

        slot = Slot.Value(start, _position - start);
        return true;
    }

    /// <summary>The first byte of the next value, or zero at the end of the text.</summary>
    public byte Peek()
    {
        SkipSpace();
        return _position < _json.Length ? _json[_position] : (byte)0;
    }

    internal bool Fail(ReadErrorReason reason, int offset, string? member = null)
    {
        _reason = reason;
        _errorOffset = offset;
        _errorMember = member;
        return false;
    }

    private bool Begin(byte open, byte close, out bool more)
    {
        more = false;
        SkipSpace();
        if (!Expect(open))
        {
            return false;
        }

        if (++_depth > MaxDepth)
        {
            return Fail(ReadErrorReason.TooDeep, _position - 1);
        }

        SkipSpace();
        if (_position < _json.Length && _json[_position] == close)
        {
            _position++;
            _depth--;
            return true;
        }

        more = true;
        return true;
    }

    private bool Next(byte close, out bool more)
    {
        more = false;
        SkipSpace();
        if (_position >= _json.Length)
        {
            return Fail(ReadErrorReason.Truncated, _position);
        }

        byte found = _json[_position];
        if (found == (byte)',')
        {
            _position++;
            more = true;
            return true;
        }

        if (found != close)
        {
            return Fail(ReadErrorReason.UnexpectedByte, _position);
        }

        _position++;
        _depth--;
        return true;
    }

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
            return Fail(otherwise, _position);
        }

        int start = _position + 1;
        int at = start;
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
            return Fail(ReadErrorReason.InvalidUtf8, start);
        }

        slot = Slot.Text(start, content.Length, escaped);
        _position = at + 1;
        return true;
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

    private bool Expect(byte wanted)
    {
        if (_position < _json.Length && _json[_position] == wanted)
        {
            _position++;
            return true;
        }

        return Fail(ErrorAt(_position), _position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }
}
