using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a message has in common with an earlier one of its kind: everything but the values of its hot members. Between
/// those gaps lie fixed parts. When all fixed parts of a message are byte for byte those of one that the strict reader
/// accepted, and the strict reader accepts the value in each gap, it accepts the whole and finds the same members.
/// </summary>
/// <remarks>
/// Proof: what the strict reader does next depends on what it has read so far: the place in the grammar, the depth, and
/// the members seen. Fixed parts are equal, so they lead from the same state to the same state; and a gap, which is one
/// value of a member of the event itself, leads from "a value follows" to "a value was read" whatever the value is.
/// </remarks>
internal sealed class MessageShape(int kind, HotMember[] members)
{
    /// <summary>The longest fixed text that is kept: names and ids, with room for what a dialect adds.</summary>
    private const int MaxFixedBytes = 1024;

    private readonly Gap[] _gaps = new Gap[Count(members)];
    private int _gapCount;
    private byte[] _fixed = [];
    private int _fixedLength;
    private Slot[] _slots = [];
    private byte[] _gapsBefore = [];

    /// <summary>The event whose shape this is.</summary>
    public int Kind => kind;

    /// <summary>True when there is an earlier message to compare with.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Forgets the earlier message.</summary>
    public void Forget() => IsKnown = false;

    /// <summary>Reads a message of this shape. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="slots">Where the members lie, when the answer is true.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Slot> slots, out int decoded)
    {
        decoded = -1;
        int position = 0;
        int fixedStart = 0;
        ReadOnlySpan<byte> known = _fixed.AsSpan(0, _fixedLength);
        ReadOnlySpan<Gap> gaps = _gaps.AsSpan(0, _gapCount);
        _slots.CopyTo(slots);
        foreach (ref readonly Gap gap in gaps)
        {
            if (!TrySkipFixed(known, message, ref position, ref fixedStart, gap.FixedEnd)
                || !TryReadGap(message, ref position, gap.Member, audioDestination, ref slots[gap.Slot], ref decoded))
            {
                return false;
            }

            if (gap.HasMembersBehind && position != gap.End)
            {
                Move(slots, gap.Number, position - gap.End);
            }
        }

        return TrySkipFixed(known, message, ref position, ref fixedStart, known.Length) && position == message.Length;
    }

    /// <summary>Where the base64 of a message of this shape begins, as far as its first piece tells.</summary>
    public bool TryFindAudio(ReadOnlySpan<byte> firstPiece, out int start)
    {
        start = 0;
        int fixedStart = 0;
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            if (!TrySkipFixed(_fixed, firstPiece, ref start, ref fixedStart, gap.FixedEnd))
            {
                return false;
            }

            Slot ignored = default;
            int decoded = -1;
            if (gap.Member.Value() == HotMember.Audio)
            {
                return start < firstPiece.Length && firstPiece[start++] == (byte)'"';
            }

            if (!TryReadGap(firstPiece, ref start, gap.Member, default, ref ignored, ref decoded))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Remembers a message that the strict reader has accepted, instead of the earlier one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slots">Where its members lie.</param>
    public void Learn(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
    {
        FindGaps(message, slots);
        int gapBytes = 0;
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            gapBytes += gap.End - gap.Start;
        }

        IsKnown = message.Length - gapBytes <= MaxFixedBytes;
        if (IsKnown)
        {
            KeepFixedParts(message, message.Length - gapBytes);
            KeepSlots(slots);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipFixed(ReadOnlySpan<byte> known, ReadOnlySpan<byte> message, ref int position, ref int fixedStart, int fixedEnd)
    {
        ReadOnlySpan<byte> part = known[fixedStart..fixedEnd];
        fixedStart = fixedEnd;
        bool same = message[position..].StartsWith(part);
        position += part.Length;
        return same;
    }

    /// <summary>Reads the value in a gap exactly as the strict reader does. Plain text and plain base64 are what nearly every gap holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadGap(ReadOnlySpan<byte> message, ref int position, HotMember member, Span<byte> audioDestination, scoped ref Slot slot, ref int decoded)
    {
        if ((uint)position < (uint)message.Length && message[position] == (byte)'"')
        {
            int start = position + 1;
            ReadOnlySpan<byte> rest = message[start..];
            if (member.Value() == HotMember.Text)
            {
                int length = PlainText.Length(rest);
                if ((uint)length < (uint)rest.Length && rest[length] == (byte)'"')
                {
                    slot = Slot.Text(start, length, escaped: false);
                    position = start + length + 1;
                    return true;
                }
            }
            else if (member.Value() == HotMember.Audio && Base64Text.TryDecodeToQuote(rest, audioDestination, out int length, out decoded))
            {
                slot = Slot.Text(start, length, escaped: false);
                position = start + length + 1;
                return true;
            }
        }

        return TryReadUnusualGap(message, ref position, member, audioDestination, ref slot, ref decoded);
    }

    /// <summary>The slow path: escapes, other alphabets, numbers, null, white space, audio that does not fit.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadUnusualGap(ReadOnlySpan<byte> message, ref int position, HotMember member, Span<byte> audioDestination, scoped ref Slot slot, ref int decoded)
    {
        var json = new JsonCursor(message, position);
        slot = default;
        bool read = member.Value() switch
        {
            HotMember.Audio => json.ReadBase64(ref slot, member.Is(HotMember.Nullable), audioDestination, out decoded),
            HotMember.Integer => json.ReadInteger(ref slot, member.Is(HotMember.Nullable)),
            _ => json.ReadText(ref slot, member.Is(HotMember.Nullable)),
        };
        position = json.Position;
        return read;
    }

    private static int Count(HotMember[] members)
    {
        int count = 0;
        foreach (HotMember member in members)
        {
            count += member.Is(HotMember.Differs) ? 1 : 0;
        }

        return count;
    }

    private void Move(scoped Span<Slot> slots, int gapsBefore, int by)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_gapsBefore[i] == gapsBefore)
            {
                slots[i] = _slots[i].MovedBy(by);
            }
        }
    }

    private void FindGaps(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
    {
        _gapCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Is(HotMember.Differs) && slots[i].Occurs)
            {
                // Text is located without its quotes, which belong to the value.
                int quote = slots[i].HasValue && members[i].Value() != HotMember.Integer ? 1 : 0;
                _gaps[_gapCount++] = new Gap(i, members[i], slots[i].Start - quote, slots[i].Start + slots[i].Length + quote);
            }
        }

        _gaps.AsSpan(0, _gapCount).Sort(static (left, right) => left.Start.CompareTo(right.Start));
        int gapBytes = 0;
        for (int i = 0; i < _gapCount; i++)
        {
            _gaps[i].Number = i + 1;
            _gaps[i].FixedEnd = _gaps[i].Start - gapBytes;
            gapBytes += _gaps[i].End - _gaps[i].Start;
        }
    }

    private void KeepFixedParts(ReadOnlySpan<byte> message, int length)
    {
        if (_fixed.Length < length)
        {
            _fixed = new byte[Math.Max(length, MaxFixedBytes / 2)];
        }

        _fixedLength = length;
        int from = 0;
        int to = 0;
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            message[from..gap.Start].CopyTo(_fixed.AsSpan(to));
            to = gap.FixedEnd;
            from = gap.End;
        }

        message[from..].CopyTo(_fixed.AsSpan(to));
    }

    private void KeepSlots(ReadOnlySpan<Slot> slots)
    {
        if (_slots.Length != slots.Length)
        {
            _slots = new Slot[slots.Length];
            _gapsBefore = new byte[slots.Length];
        }

        slots.CopyTo(_slots);
        for (int i = 0; i < slots.Length; i++)
        {
            byte before = 0;
            foreach (ref Gap gap in _gaps.AsSpan(0, _gapCount))
            {
                if (slots[i].Occurs && slots[i].Start >= gap.End)
                {
                    before++;
                    gap.HasMembersBehind = true;
                }
            }

            _gapsBefore[i] = before;
        }
    }

    /// <summary>A value that differs from one message to the next.</summary>
    private struct Gap(int slot, HotMember member, int start, int end)
    {
        public readonly int Slot = slot;

        public readonly HotMember Member = member;

        /// <summary>Where the value began in the earlier message.</summary>
        public readonly int Start = start;

        /// <summary>Where the value ended in the earlier message.</summary>
        public readonly int End = end;

        /// <summary>The gaps up to this one, itself included.</summary>
        public int Number;

        /// <summary>Where the fixed part before the value ends, among all fixed parts.</summary>
        public int FixedEnd;

        /// <summary>True when another member lies behind, which moves when the value's length differs.</summary>
        public bool HasMembersBehind;
    }
}
