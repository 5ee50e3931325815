using System.ComponentModel;
using System.Runtime.CompilerServices;

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
[EditorBrowsable(EditorBrowsableState.Never)]
[Cursor]
public ref partial struct JsonCursor
{
    /// <summary>How deep objects and arrays may be nested: the default of the platform's own readers.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _passesOver;
    private int _position;
    private int _depth;
    private ReadErrorReason _reason;
    private JsonForms _expected;
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

    private JsonCursor(ReadOnlySpan<byte> json, int position, int depth, bool passesOver)
    {
        _json = json;
        _position = position;
        _depth = depth;
        _passesOver = passesOver;
    }

    /// <summary>A reader at a value inside a text that was read before: it passes over nested values without checking them again.</summary>
    public static JsonCursor OfChecked(ReadOnlySpan<byte> json, int position) => new(json, position, depth: 0, passesOver: true);

    /// <summary>A reader at a value so deep inside a text.</summary>
    internal static JsonCursor AtDepth(ReadOnlySpan<byte> json, int position, int depth) => new(json, position, depth, passesOver: false);

    /// <summary>
    /// A reader at the same place that looks ahead: it passes over nested values, since they are checked when this one comes
    /// to them. So of two faults the first is reported, not one that lies nested behind it.
    /// </summary>
    public readonly JsonCursor Ahead() => new(_json, _position, _depth, passesOver: true) { IsStrict = IsStrict };

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>True when this reader must do all the work itself: no fast path before it. So the paths are compared.</summary>
    public bool IsStrict { get; init; }

    /// <summary>True when a member that must be there may be missing: in a message that is mended.</summary>
    public bool Forgives { get; init; }

    /// <summary>Where the members of nested objects are noted; null when nobody remembers them.</summary>
    public NestedTable? Nested { get; init; }

    /// <summary>Offset of the next byte to be read.</summary>
    public readonly int Position => _position;

    /// <summary>How deep the members of an object lie that begins here; <see cref="OrderedReader.Checked"/> when they were checked before.</summary>
    public readonly int DepthOfMembers => _passesOver ? OrderedReader.Checked : _depth + 1;

    /// <summary>Goes on behind an object that <see cref="OrderedReader"/> has read.</summary>
    public bool MoveTo(int position)
    {
        _position = position;
        return true;
    }

    /// <summary>Why the last method returned false. Names no member in its path: here none is known.</summary>
    public readonly ReadError Error => ErrorNaming<NoMemberNames>();

    /// <summary>Why the last method returned false. Its path names members that are known, and no other.</summary>
    /// <typeparam name="TNames">The names that may be printed.</typeparam>
    public readonly ReadError ErrorNaming<TNames>()
        where TNames : struct, IMemberNames => _reason == ReadErrorReason.None
            ? default
            : new ReadError(
                _reason,
                _errorOffset,
                JsonPath.At<TNames>(_json, _errorOffset, isEndOfObject: _reason == ReadErrorReason.MissingMember),
                _errorMember,
                _expected,
                _expected == JsonForms.None ? JsonForms.None : FormAt(_errorOffset));

    /// <summary>Reads <c>{</c>. <paramref name="more"/> says whether a member follows.</summary>
    public bool BeginObject(out bool more) => Begin((byte)'{', (byte)'}', out more);

    /// <summary>Reads <c>[</c>. <paramref name="more"/> says whether an element follows.</summary>
    public bool BeginArray(out bool more) => Begin((byte)'[', (byte)']', out more);

    /// <summary>Reads what stands behind a member's value: a comma, or the end of the object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextMember(out bool more)
    {
        // Fast path: a comma, without white space before it.
        if ((uint)_position < (uint)_json.Length && _json[_position] == (byte)',')
        {
            _position++;
            more = true;
            return true;
        }

        return Next((byte)'}', out more);
    }

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

    /// <summary>True when nothing is left of the text.</summary>
    internal readonly bool IsAtEnd => _position >= _json.Length;

    /// <summary>The first byte of the next value, or zero at the end of the text, where <see cref="Position"/> is its length.</summary>
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
        _expected = JsonForms.None;
        return false;
    }

    private bool FailForm(ReadErrorReason reason, JsonForms expected, int offset)
    {
        Fail(reason, offset);
        _expected = expected;
        return false;
    }

    /// <summary>What the value at this offset claims to be by its first byte; nothing for what begins no value.</summary>
    private readonly JsonForms FormAt(int offset) => offset >= _json.Length ? JsonForms.None : _json[offset] switch
    {
        (byte)'"' => JsonForms.Text,
        (byte)'{' => JsonForms.Object,
        (byte)'[' => JsonForms.Array,
        (byte)'t' or (byte)'f' => JsonForms.Boolean,
        (byte)'n' => JsonForms.Null,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonForms.Number,
        _ => JsonForms.None,
    };

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
