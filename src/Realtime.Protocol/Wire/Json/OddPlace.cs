namespace Realtime.Protocol.Wire;

/// <summary>
/// Finds the members and elements around a place in a message, and blanks one of them: its name, its value and one comma become spaces, so that every other byte stays where it is. Only for text that was
/// read without a fault up to that place, and only after an error: this is the cold path.
/// </summary>
internal ref struct OddPlace
{
    private readonly Span<byte> _text;
    private readonly Span<Frame> _frames;

    private OddPlace(Span<byte> text, Span<Frame> frames, int depth)
    {
        _text = text;
        _frames = frames;
        Depth = depth;
    }

    /// <summary>How many objects and arrays are open at the place.</summary>
    public int Depth { get; }

    /// <summary>The objects and arrays that are open at this offset, outermost first. False when none is.</summary>
    /// <param name="text">The message.</param>
    /// <param name="offset">The place.</param>
    /// <param name="frames">Room for as many as <see cref="JsonCursor.MaxDepth"/>.</param>
    /// <param name="place">What was found.</param>
    public static bool TryFind(Span<byte> text, int offset, Span<Frame> frames, out OddPlace place)
    {
        int depth = 0;
        int end = Math.Min(offset, text.Length);
        for (int at = 0; at < end;)
        {
            switch (text[at])
            {
                case (byte)'{' or (byte)'[' when depth == frames.Length:
                    place = default;
                    return false;
                case (byte)'{' or (byte)'[':
                    frames[depth++] = new Frame(isArray: text[at] == (byte)'[', open: at);
                    at++;
                    break;
                case (byte)'}' or (byte)']':
                    depth = Math.Max(0, depth - 1);
                    at++;
                    break;
                case (byte)',':
                    if (depth > 0)
                    {
                        frames[depth - 1].Next(at);
                    }

                    at++;
                    break;
                case (byte)'"':
                    int close = StringEnd(text, at);
                    if (depth > 0 && frames[depth - 1].IsBeforeName)
                    {
                        frames[depth - 1].Name = at..close;
                    }

                    at = close;
                    break;
                default:
                    at++;
                    break;
            }
        }

        place = new OddPlace(text, frames, depth);
        return depth > 0;
    }

    /// <summary>True when the object or array at this depth, counted from 0, is an array.</summary>
    public readonly bool IsArray(int depth) => _frames[depth].IsArray;

    /// <summary>Where the object or array at this depth begins.</summary>
    public readonly int OpenAt(int depth) => _frames[depth].Open;

    /// <summary>True when the place lies in a member of this name of the object at this depth. A name that is written with escapes counts.</summary>
    public readonly bool IsIn(int depth, ReadOnlySpan<byte> name)
    {
        (int start, int length) = _frames[depth].Name.GetOffsetAndLength(_text.Length);
        return length >= 2 && Same(_text.Slice(start + 1, length - 2), name);
    }

    /// <summary>Blanks the member or element at this depth. False when its value, or what follows under the same name, is no sound JSON: that is a fault which would be hidden.</summary>
    /// <param name="depth">Which of the open objects and arrays it is in, counted from 0.</param>
    /// <param name="andLaterOnes">True to blank what follows under the same name in this object, too.</param>
    public readonly bool TryBlank(int depth, bool andLaterOnes)
    {
        Frame frame = _frames[depth];
        int start = frame.IsArray ? JsonBytes.SkipSpace(_text, Math.Max(frame.Open, frame.Comma) + 1) : frame.Name.Start.Value;
        int value = frame.IsArray ? start : JsonBytes.SkipSpace(_text, frame.Name.End.Value) + 1;
        var cursor = JsonCursor.AtDepth(_text, value, depth + 1);
        if (!cursor.Skip())
        {
            return false;
        }

        ReadOnlySpan<byte> name = andLaterOnes ? _text[(frame.Name.Start.Value + 1)..(frame.Name.End.Value - 1)].ToArray() : default;
        int next = Blank(start, cursor.Position, frame.Comma);
        return !andLaterOnes || TryBlankLater(name, next, frame.Comma, depth);
    }

    // One more of the same name is one more fault, and a message may hold a million of them: they go together.
    private readonly bool TryBlankLater(ReadOnlySpan<byte> name, int next, int comma, int depth)
    {
        while (next >= 0)
        {
            int start = JsonBytes.SkipSpace(_text, next);
            var cursor = JsonCursor.AtDepth(_text, start, depth + 1);
            if (!cursor.ReadName(out Slot found) || !cursor.Skip())
            {
                return false;
            }

            if (Same(found.In(_text), name))
            {
                next = Blank(start, cursor.Position, comma);
                continue;
            }

            comma = JsonBytes.SkipSpace(_text, cursor.Position);
            next = JsonBytes.Is(_text, comma, (byte)',') ? comma + 1 : -1;
        }

        return true;
    }

    /// <summary>Blanks with the comma behind, or with the one before where there is none behind.</summary>
    /// <returns>Where the next member or element is looked for; negative when this was the last.</returns>
    private readonly int Blank(int start, int end, int commaBefore)
    {
        int behind = JsonBytes.SkipSpace(_text, end);
        bool isLast = !JsonBytes.Is(_text, behind, (byte)',');
        if (isLast)
        {
            start = commaBefore >= 0 ? commaBefore : start;
        }
        else
        {
            end = behind + 1;
        }

        _text[start..end].Fill((byte)' ');
        return isLast ? -1 : end;
    }

    private static bool Same(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        if (!name.Contains((byte)'\\') && !other.Contains((byte)'\\'))
        {
            return name.SequenceEqual(other);
        }

        Span<byte> one = stackalloc byte[LongestName];
        Span<byte> two = stackalloc byte[LongestName];
        return JsonEscapes.TryDecodeName(name, one, out int length) && JsonEscapes.TryDecodeName(other, two, out int otherLength) && one[..length].SequenceEqual(two[..otherLength]);
    }

    /// <summary>No name of the protocol is longer.</summary>
    private const int LongestName = 64;

    private static int StringEnd(ReadOnlySpan<byte> text, int quote)
    {
        int at = quote + 1;
        while (at < text.Length && text[at] != (byte)'"')
        {
            at += text[at] == (byte)'\\' ? 2 : 1;
        }

        return Math.Min(at + 1, text.Length);
    }

    /// <summary>One object or array that is open.</summary>
    public struct Frame(bool isArray, int open)
    {
        /// <summary>Whether it is an array.</summary>
        public readonly bool IsArray => isArray;

        /// <summary>Where its bracket stands.</summary>
        public readonly int Open => open;

        /// <summary>The name of the current member, quotes included; empty before it.</summary>
        public Range Name { get; set; }

        /// <summary>The last comma before the current member or element; negative for the first one.</summary>
        public int Comma { get; private set; } = -1;

        /// <summary>True when the next string is a member's name.</summary>
        public readonly bool IsBeforeName => !isArray && Name.End.Value == 0;

        /// <summary>Goes on to the next member or element.</summary>
        public void Next(int comma)
        {
            Comma = comma;
            Name = default;
        }
    }
}
