using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
/// An event's id stands before the payload and is nearly always as long as the one before, so all up to the payload, the
/// head, is compared at once with the id masked out; an id of another length is a message of another shape.
/// </remarks>
internal sealed class MessageShape(int kind, HotMember[] members)
{
    /// <summary>The longest fixed text that is kept: names and ids, with room for what a dialect adds.</summary>
    private const int MaxFixedBytes = 1024;

    /// <summary>Every event has its id in the second slot.</summary>
    private const int EventIdSlot = 1;

    private readonly Gap[] _gaps = new Gap[CountGaps(members)];
    private FixedPart _head;
    private int _idStart;
    private int _idEnd;
    private int _gapCount;
    private bool _hasOnlyTexts;
    private byte[] _text = [];
    private Slot[] _learned = [];
    private Slot[] _slots = [];
    private byte[] _gapsBefore = [];

    /// <summary>The event whose shape this is.</summary>
    public int Kind => kind;

    /// <summary>True when there is an earlier message to compare with.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>True when a message was read since the shape was learned.</summary>
    public bool HasPaid { get; private set; }

    /// <summary>Where the members lie in the last message that was read; valid until the next one.</summary>
    public ReadOnlySpan<Slot> Slots => _slots;

    /// <summary>Forgets the earlier message, to its last byte.</summary>
    public void Forget()
    {
        if (IsKnown)
        {
            IsKnown = false;
            _hasOnlyTexts = false;
            _text.AsSpan().Clear();
        }
    }

    /// <summary>Reads a message of this shape. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, out int decoded)
    {
        decoded = -1;
        return _hasOnlyTexts ? TryReadTexts(message) : TryReadValues(message, audioDestination, ref decoded);
    }

    /// <summary>The fast path of events whose gaps are texts: short, plain, and nothing behind them but gaps. No call, so that all stays in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadTexts(ReadOnlySpan<byte> message)
    {
        byte[] text = _text;
        if (!_head.Fits(message, 0) || _head.DifferenceAt(message, 0, text) != Vector256<byte>.Zero)
        {
            return false;
        }

        if (_idEnd != 0 && PlainText.EndNearby(message, _idStart) < _idEnd)
        {
            return TryReadUnusual(message);
        }

        int position = _head.Length;
        Slot[] slots = _slots;
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            int end = PlainText.EndNearby(message, position);
            if (!gap.Behind.Fits(message, end) || gap.Behind.DifferenceAt(message, end, text) != Vector256<byte>.Zero)
            {
                return TryReadUnusual(message);
            }

            slots[gap.Slot] = Slot.Text(position, end - position, escaped: false);
            position = end + gap.Behind.Length;
        }

        if (position != message.Length)
        {
            return false;
        }

        HasPaid = true;
        return true;
    }

    /// <summary>The slow path: a text is long, has escapes or another alphabet, or the message has another shape.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadUnusual(ReadOnlySpan<byte> message)
    {
        int decoded = -1;
        return TryReadValues(message, default, ref decoded);
    }

    /// <summary>Reads whatever gaps there are.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadValues(ReadOnlySpan<byte> message, Span<byte> audioDestination, ref int decoded)
    {
        byte[] text = _text;
        if (!IsKnown || !_head.IsAt(message, 0, text) || !HasPlainId(message))
        {
            return false;
        }

        int position = _head.Length;
        Slot[] slots = _slots;
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            position = ReadGap(message, position, in gap, audioDestination, ref slots[gap.Slot], ref decoded);
            if (position < 0 || !gap.Behind.IsAt(message, position, text))
            {
                return false;
            }

            if (gap.HasMembersBehind)
            {
                MoveMembersBehind(gap.Number, position - gap.End);
            }

            position += gap.Behind.Length;
        }

        if (position != message.Length)
        {
            return false;
        }

        HasPaid = true;
        return true;
    }

    /// <summary>Where the base64 of a message of this shape begins, as far as its first piece tells.</summary>
    public bool TryFindAudio(ReadOnlySpan<byte> firstPiece, out int start)
    {
        start = _head.Length;
        if (!IsKnown || !_head.IsAt(firstPiece, 0, _text) || !HasPlainId(firstPiece))
        {
            return false;
        }

        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            if (gap.Member.Value() == HotMember.Audio)
            {
                return gap.Quote != 0;
            }

            Slot ignored = default;
            int decoded = -1;
            start = ReadGap(firstPiece, start, in gap, default, ref ignored, ref decoded);
            if (start < 0 || !gap.Behind.IsAt(firstPiece, start, _text))
            {
                return false;
            }

            start += gap.Behind.Length;
        }

        return false;
    }

    /// <summary>Remembers a message that the strict reader has accepted, instead of the earlier one; or none, where this one has content that would be kept.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slots">Where its members lie.</param>
    public void Learn(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
    {
        Forget();
        HasPaid = false;
        if (message.Length < Vector256<byte>.Count || HasContentBetweenGaps(slots))
        {
            return;
        }

        FindGaps(slots);
        bool idInHead = _gapCount > 1 && _gaps[0].Slot == EventIdSlot && _gaps[0].Member.Value() == HotMember.Text && slots[EventIdSlot] is { HasValue: true, IsEscaped: false };
        if (idInHead)
        {
            RemoveFirstGap();
        }

        int headLength = StartOfGap(0, message);
        int fixedBytes = headLength;
        int textBytes = FixedPart.TextBytes(headLength);
        for (int i = 0; i < _gapCount; i++)
        {
            int length = StartOfGap(i + 1, message) - _gaps[i].End;
            fixedBytes += length;
            textBytes += FixedPart.TextBytes(length);
        }

        if (fixedBytes <= MaxFixedBytes)
        {
            // What allocates comes first: a shape whose parts were not kept is none.
            MakeRoom(textBytes, slots.Length);
            KeepSlots(slots);
            LearnParts(message, headLength, idInHead ? slots[EventIdSlot] : default);
            _hasOnlyTexts = Vector128.IsHardwareAccelerated && HasOnlyTexts();
            IsKnown = true;
        }
    }

    private void MakeRoom(int textBytes, int slots)
    {
        if (_text.Length < textBytes)
        {
            _text = new byte[textBytes];
        }

        if (_gapsBefore.Length != slots)
        {
            _learned = new Slot[slots];
            _slots = new Slot[slots];
            _gapsBefore = new byte[slots];
        }
    }

    private void LearnParts(ReadOnlySpan<byte> message, int headLength, Slot id)
    {
        _idStart = id.Start;
        _idEnd = id.Start + id.Length;
        _head.Learn(message, 0, headLength, _text, 0, id);
        int at = FixedPart.TextBytes(headLength);
        for (int i = 0; i < _gapCount; i++)
        {
            int start = _gaps[i].End;
            int length = StartOfGap(i + 1, message) - start;
            _gaps[i].Number = i + 1;
            _gaps[i].Behind.Learn(message, start, length, _text, at, default);
            at += FixedPart.TextBytes(length);
        }
    }

    /// <summary>True when the id in the head, if there is one, is plain text as the strict reader's fast path wants it: its bytes are not compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasPlainId(ReadOnlySpan<byte> message) => _idEnd == 0 || PlainText.End(message, _idStart) >= _idEnd;

    /// <summary>True for a message with lists or objects, such as the words of a transcript with their probabilities: no two have them in common.</summary>
    private bool HasContentBetweenGaps(ReadOnlySpan<Slot> slots)
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Value() == HotMember.Other && slots[i].HasValue)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasOnlyTexts()
    {
        foreach (ref readonly Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            if (gap.Member.Value() != HotMember.Text || gap.Quote == 0 || gap.HasMembersBehind)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where a gap begins; behind the last one, where the message ends.</summary>
    private int StartOfGap(int gap, ReadOnlySpan<byte> message) => gap < _gapCount ? _gaps[gap].Start : message.Length;

    /// <summary>
    /// Reads the value in a gap exactly as the strict reader does, and returns where the part behind it begins, or a negative
    /// number. Plain text and plain base64 are what nearly every gap holds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadGap(ReadOnlySpan<byte> message, int position, in Gap gap, Span<byte> audioDestination, scoped ref Slot slot, ref int decoded)
    {
        if (gap.Quote != 0)
        {
            if (gap.Member.Value() == HotMember.Text)
            {
                int end = PlainText.End(message, position);
                if ((uint)end < (uint)message.Length && message[end] == (byte)'"')
                {
                    slot = Slot.Text(position, end - position, escaped: false);
                    return end;
                }
            }
            else if (Base64Text.TryDecodeToQuote(message[position..], audioDestination, out int length, out decoded))
            {
                slot = Slot.Text(position, length, escaped: false);
                return position + length;
            }
        }

        return ReadUnusualGap(message, position - gap.Quote, gap.Member, audioDestination, ref slot, ref decoded) - gap.Quote;
    }

    /// <summary>The slow path: escapes, other alphabets, numbers, null, white space, audio that does not fit.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadUnusualGap(ReadOnlySpan<byte> message, int position, HotMember member, Span<byte> audioDestination, scoped ref Slot slot, ref int decoded)
    {
        var json = new JsonCursor(message, position);
        slot = default;
        bool read = member.Value() switch
        {
            HotMember.Audio => json.ReadBase64(ref slot, member.Is(HotMember.Nullable), audioDestination, out decoded),
            HotMember.Integer => json.ReadInteger(ref slot, member.Is(HotMember.Nullable)),
            _ => json.ReadText(ref slot, member.Is(HotMember.Nullable)),
        };
        return read ? json.Position : -1;
    }

    private static int CountGaps(HotMember[] members)
    {
        int count = 0;
        foreach (HotMember member in members)
        {
            count += member.Is(HotMember.Differs) ? 1 : 0;
        }

        return count;
    }

    private void MoveMembersBehind(int gapsBefore, int by)
    {
        for (int i = 0; i < _learned.Length; i++)
        {
            if (_gapsBefore[i] == gapsBefore)
            {
                _slots[i] = _learned[i].MovedBy(by);
            }
        }
    }

    /// <summary>Finds the values that differ, in the order in which they stand.</summary>
    private void FindGaps(ReadOnlySpan<Slot> slots)
    {
        _gapCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Is(HotMember.Differs) && slots[i].Occurs)
            {
                // The quotes of a text belong to the fixed parts around it; what has none, null among it, is all gap.
                int quote = slots[i].HasValue && members[i].Value() != HotMember.Integer ? 1 : 0;
                int start = slots[i].Start;
                int index = _gapCount++;
                for (; index > 0 && _gaps[index - 1].Start > start; index--)
                {
                    _gaps[index] = _gaps[index - 1];
                }

                _gaps[index] = new Gap { Slot = i, Member = members[i], Quote = quote, Start = start, End = start + slots[i].Length };
            }
        }
    }

    private void RemoveFirstGap()
    {
        _gapCount--;
        Array.Copy(_gaps, 1, _gaps, 0, _gapCount);
    }

    private void KeepSlots(ReadOnlySpan<Slot> slots)
    {
        slots.CopyTo(_learned);
        slots.CopyTo(_slots);
        for (int i = 0; i < slots.Length; i++)
        {
            byte before = 0;
            foreach (ref Gap gap in _gaps.AsSpan(0, _gapCount))
            {
                if (slots[i].Occurs && slots[i].Start >= gap.End)
                {
                    before++;
                    gap.HasMembersBehind |= !IsGap(i);
                }
            }

            // The member in a gap is noted when it is read.
            _gapsBefore[i] = IsGap(i) ? (byte)0 : before;
        }
    }

    private bool IsGap(int slot)
    {
        foreach (ref Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            if (gap.Slot == slot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A value that differs from one message to the next, and the fixed part behind it.</summary>
    private struct Gap
    {
        public int Slot;

        public HotMember Member;

        /// <summary>One when the value was in quotes, which then belong to the parts around it; zero otherwise.</summary>
        public int Quote;

        /// <summary>True when a member without a gap of its own lies behind, which moves when the value's length differs.</summary>
        public bool HasMembersBehind;

        /// <summary>The gaps up to this one, itself included.</summary>
        public int Number;

        /// <summary>Where the value began in the earlier message.</summary>
        public int Start;

        /// <summary>Where the value ended in the earlier message.</summary>
        public int End;

        /// <summary>What lies between the value and the next gap, or the end.</summary>
        public FixedPart Behind;
    }
}
