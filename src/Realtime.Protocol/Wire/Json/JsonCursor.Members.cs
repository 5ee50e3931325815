namespace Realtime.Protocol.Wire;

/// <summary>
/// The members of known objects: each method reads one value of one type into its slot. The same rules for all of them:
/// a slot that is taken is a duplicate member, and <c>null</c> is allowed where <c>nullable</c> says so.
/// </summary>
public ref partial struct JsonCursor
{
    /// <summary>Reads a string.</summary>
    public bool ReadText(scoped ref Slot slot, bool nullable)
    {
        // Fast path: plain text without white space before it.
        ReadOnlySpan<byte> json = _json;
        int start = _position + 1;
        if (!slot.Occurs && start < json.Length && json[start - 1] == (byte)'"')
        {
            int end = PlainText.End(json, start);
            if (end < json.Length && json[end] == (byte)'"')
            {
                slot = Slot.Text(start, end - start, escaped: false);
                _position = end + 1;
                return true;
            }
        }

        return ReadUnusualText(ref slot, nullable);
    }

    /// <summary>Reads a whole number that fits 64 bits. <c>1.0</c> and <c>1e2</c> are whole numbers.</summary>
    public bool ReadInteger(scoped ref Slot slot, bool nullable)
    {
        // Fast path: digits that fit, without white space before them or a fraction behind them.
        ReadOnlySpan<byte> json = _json;
        int start = _position;
        int end = start;
        while (end < json.Length && (uint)(json[end] - '0') <= 9)
        {
            end++;
        }

        if (!slot.Occurs && end - start is > 0 and <= JsonNumber.DigitsThatFit && (json[start] != (byte)'0' || end - start == 1)
            && end < json.Length && (json[end] is (byte)',' or (byte)'}'))
        {
            slot = Slot.Value(start, end - start);
            _position = end;
            return true;
        }

        return ReadUnusualInteger(ref slot, nullable);
    }

    private bool ReadUnusualText(scoped ref Slot slot, bool nullable) =>
        Start(ref slot, nullable, out bool done) && (done || ReadQuoted(out slot, ReadErrorReason.WrongType));

    private bool ReadUnusualInteger(scoped ref Slot slot, bool nullable)
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        return ReadNumberToken(out slot, JsonForms.Integer)
            && (JsonNumber.TryGetInteger(slot.In(_json), out _) || FailAndForget(ref slot, ReadErrorReason.NumberOutOfRange, start, JsonForms.Integer));
    }

    /// <summary>Reads a number that fits a double.</summary>
    public bool ReadNumber(scoped ref Slot slot, bool nullable)
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        return ReadNumberToken(out slot, JsonForms.Number)
            && (JsonNumber.TryGetDouble(slot.In(_json), out _) || FailAndForget(ref slot, ReadErrorReason.NumberOutOfRange, start, JsonForms.Number));
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    public bool ReadBoolean(scoped ref Slot slot, bool nullable)
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        bool read = _json[start] switch
        {
            (byte)'t' => Literal("true"u8),
            (byte)'f' => Literal("false"u8),
            _ => FailForm(ReadErrorReason.WrongType, JsonForms.Boolean, start),
        };
        slot = read ? Slot.Value(start, _position - start) : default;
        return read;
    }

    /// <summary>Reads a whole number that is not negative, or the text <c>"inf"</c>.</summary>
    public bool ReadIntegerOrInfinity(scoped ref Slot slot, bool nullable)
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        if (_json[start] == (byte)'"')
        {
            return ReadQuoted(out slot, ReadErrorReason.WrongType)
                && (JsonEscapes.ValueEquals(_json, slot, "inf"u8) || FailAndForget(ref slot, ReadErrorReason.WrongType, start, JsonForms.Integer | JsonForms.Infinity));
        }

        return ReadNumberToken(out slot, JsonForms.Integer | JsonForms.Infinity)
            && ((JsonNumber.TryGetInteger(slot.In(_json), out long value) && value >= 0) || FailAndForget(ref slot, ReadErrorReason.NumberOutOfRange, start, JsonForms.Integer | JsonForms.Infinity));
    }

    /// <summary>Reads audio: a string that holds base64 and nothing else.</summary>
    public bool ReadBase64(scoped ref Slot slot, bool nullable)
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        return ReadQuoted(out slot, ReadErrorReason.WrongType)
            && (Base64Text.IsValid(_json, slot) || FailAndForget(ref slot, ReadErrorReason.InvalidBase64, start));
    }

    /// <summary>
    /// Reads audio and decodes it into <paramref name="destination"/>, when that is large enough.
    /// <paramref name="decoded"/> is the number of bytes written, or -1 when the audio was checked but not decoded.
    /// </summary>
    public bool ReadBase64(scoped ref Slot slot, bool nullable, scoped Span<byte> destination, out int decoded)
    {
        decoded = -1;
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        // Decoding finds the end of the string on its way, so no search comes first.
        int start = _position;
        if (_json[start] == (byte)'"' && Base64Text.TryDecodeToQuote(_json[(start + 1)..], destination, out int length, out decoded))
        {
            slot = Slot.Text(start + 1, length, escaped: false);
            _position = start + length + 2;
            return true;
        }

        // The slow path: escapes, faults, or a destination that is too small.
        decoded = -1;
        if (!ReadQuoted(out slot, ReadErrorReason.WrongType))
        {
            return false;
        }

        if (destination.Length < (slot.IsEscaped ? Base64Text.MaxDecodedLength(slot) : Base64Text.DecodedLength(_json, slot)))
        {
            return Base64Text.IsValid(_json, slot) || FailAndForget(ref slot, ReadErrorReason.InvalidBase64, start);
        }

        if (Base64Text.TryDecode(_json, slot, destination, out decoded))
        {
            return true;
        }

        decoded = -1;
        return FailAndForget(ref slot, ReadErrorReason.InvalidBase64, start);
    }

    /// <summary>Reads any value.</summary>
    public bool ReadAny(scoped ref Slot slot) => slot.Occurs ? FailDuplicate() : Skip(out slot);

    /// <summary>Reads a value that has a view of its own.</summary>
    public bool Read<TView>(scoped ref Slot slot, bool nullable)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        if (_passesOver ? !SkipValue() : !TView.Validate(ref this))
        {
            return false;
        }

        slot = Slot.Value(start, _position - start);
        return true;
    }

    /// <summary>Reads and checks a value that has a view of its own, whose place nobody needs.</summary>
    public bool Validate<TView>()
        where TView : struct, IJsonView<TView>, allows ref struct => TView.Validate(ref this);

    /// <summary>Reads an array whose elements have a view.</summary>
    public bool ReadList<TView>(scoped ref Slot slot, bool nullable)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (!Start(ref slot, nullable, out bool done) || done)
        {
            return done;
        }

        int start = _position;
        if (_json[start] != (byte)'[')
        {
            return FailForm(ReadErrorReason.WrongType, JsonForms.Array, start);
        }

        if (_passesOver)
        {
            PassOver();
            slot = Slot.Value(start, _position - start);
            return true;
        }

        if (!BeginArray(out bool more))
        {
            return false;
        }

        while (more)
        {
            SkipSpace();
            if (!TView.Validate(ref this) || !NextElement(out more))
            {
                return false;
            }
        }

        slot = Slot.Value(start, _position - start);
        return true;
    }

    /// <summary>Says that a member must be there.</summary>
    public bool Require(Slot slot, string member) => slot.Occurs || IsMissing(member);

    /// <summary>Reads the start of an object with known members; anything else is a wrong type.</summary>
    public bool BeginKnownObject(out bool more)
    {
        more = false;
        return Peek() == (byte)'{' || IsAtEnd
            ? BeginObject(out more)
            : FailForm(ReadErrorReason.WrongType, JsonForms.Object, _position);
    }

    /// <summary>Refuses what is neither a string nor an object, before either is read.</summary>
    public bool ExpectTextOrObject() =>
        Peek() is (byte)'"' or (byte)'{' || IsAtEnd || FailForm(ReadErrorReason.WrongType, JsonForms.Text | JsonForms.Object, _position);

    /// <summary>Reads a string where one is hoped for; anything else is checked and passed over.</summary>
    public bool ReadTextOrSkip(scoped ref Slot slot)
    {
        if (Peek() != (byte)'"' || slot.Occurs)
        {
            return Skip();
        }

        return ReadQuoted(out slot, ReadErrorReason.WrongType);
    }

    /// <summary>Reads and checks an object of which no member is known.</summary>
    public bool SkipKnownObject() => Peek() == (byte)'{' || IsAtEnd ? Skip() : FailForm(ReadErrorReason.WrongType, JsonForms.Object, _position);

    /// <summary>The text that lies in a slot with its quotes; absent when the slot holds something else.</summary>
    public static Slot TextAt(ReadOnlySpan<byte> json, Slot slot)
    {
        Slot text = default;
        if (slot.HasValue && json[slot.Start] == (byte)'"')
        {
            OfChecked(json, slot.Start).ReadQuoted(out text, ReadErrorReason.WrongType);
        }

        return text;
    }

    private bool IsMissing(string member) => Forgives || Fail(ReadErrorReason.MissingMember, _position - 1, member);

    private bool FailDuplicate() => Fail(ReadErrorReason.DuplicateMember, _position, JsonPath.KnownNameBefore(_json, _position));

    /// <summary>Common beginning of every member: duplicates, the end of the text, <c>null</c>.</summary>
    private bool Start(scoped ref Slot slot, bool nullable, out bool done)
    {
        done = false;
        SkipSpace();
        if (slot.Occurs)
        {
            return FailDuplicate();
        }

        if (_position >= _json.Length)
        {
            return Fail(ReadErrorReason.Truncated, _position);
        }

        if (_json[_position] != (byte)'n')
        {
            return true;
        }

        int start = _position;
        if (!Literal("null"u8))
        {
            return false;
        }

        if (!nullable)
        {
            // A value like any other, which the caller refuses: it knows what it expected.
            _position = start;
            return true;
        }

        slot = Slot.Null(start);
        done = true;
        return true;
    }

    private bool ReadNumberToken(out Slot slot, JsonForms expected)
    {
        slot = default;
        return _json[_position] is (byte)'-' or (>= (byte)'0' and <= (byte)'9')
            ? NumberToken(out slot)
            : FailForm(ReadErrorReason.WrongType, expected, _position);
    }

    private bool FailAndForget(scoped ref Slot slot, ReadErrorReason reason, int offset, JsonForms expected = JsonForms.None)
    {
        slot = default;
        return FailForm(reason, expected, offset);
    }
}
