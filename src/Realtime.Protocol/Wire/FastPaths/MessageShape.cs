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
/// An event's id stands before the payload and is nearly always as long as the one before, so all up to the payload, the
/// head, is compared at once with the id masked out; an id of another length is a message of another shape.
/// </remarks>
internal sealed class MessageShape(int kind, HotMember[] members)
{
    /// <summary>The longest fixed text that is kept: names and ids, with room for what a dialect adds.</summary>
    private const int MaxFixedBytes = 1024;

    /// <summary>Every event has its id in the second slot.</summary>
    private const int EventIdSlot = 1;

    private readonly FixedPart _head = new();
    private readonly Gap[] _gaps = NewGaps(members);
    private int _gapCount;
    private Slot[] _learned = [];
    private Slot[] _slots = [];
    private byte[] _gapsBefore = [];

    /// <summary>The event whose shape this is.</summary>
    public int Kind => kind;

    /// <summary>True when there is an earlier message to compare with.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Where the members lie in the last message that was read; valid until the next one.</summary>
    public ReadOnlySpan<Slot> Slots => _slots;

    /// <summary>Forgets the earlier message, to its last byte.</summary>
    public void Forget()
    {
        if (!IsKnown)
        {
            return;
        }

        IsKnown = false;
        _head.Forget();
        foreach (Gap gap in _gaps)
        {
            gap.Behind.Forget();
        }
    }

    /// <summary>Reads a message of this shape. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, out int decoded)
    {
        decoded = -1;
        if (!_head.Begins(message))
        {
            return false;
        }

        int position = _head.Length;
        Gap[] gaps = _gaps;
        Slot[] slots = _slots;
        for (int i = 0; i < _gapCount; i++)
        {
            Gap gap = gaps[i];
            position = ReadGap(message, position, gap.Member, audioDestination, ref slots[gap.Slot], ref decoded);
            if (position < 0 || !gap.Behind.IsAt(message, position))
            {
                return false;
            }

            if (gap.HasMembersBehind)
            {
                MoveMembersBehind(gap.Number, position - gap.End);
            }

            position += gap.Behind.Length;
        }

        return position == message.Length;
    }

    /// <summary>Where the base64 of a message of this shape begins, as far as its first piece tells.</summary>
    public bool TryFindAudio(ReadOnlySpan<byte> firstPiece, out int start)
    {
        start = _head.Length;
        if (!_head.Begins(firstPiece))
        {
            return false;
        }

        for (int i = 0; i < _gapCount; i++)
        {
            Gap gap = _gaps[i];
            if (gap.Member.Value() == HotMember.Audio)
            {
                return start < firstPiece.Length && firstPiece[start++] == (byte)'"';
            }

            Slot ignored = default;
            int decoded = -1;
            start = ReadGap(firstPiece, start, gap.Member, default, ref ignored, ref decoded);
            if (start < 0 || !gap.Behind.IsAt(firstPiece, start))
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
        if (HasContentBetweenGaps(slots))
        {
            return;
        }

        FindGaps(slots);
        bool idInHead = _gapCount > 1 && _gaps[0].Slot == EventIdSlot && _gaps[0].Member.Value() == HotMember.Text && slots[EventIdSlot] is { HasValue: true, IsEscaped: false };
        int headLength = _gapCount == 0 ? message.Length : _gaps[idInHead ? 1 : 0].Start;
        if (idInHead)
        {
            RemoveFirstGap();
        }

        int fixedBytes = headLength;
        for (int i = 0; i < _gapCount; i++)
        {
            fixedBytes += BehindGap(i, message).Length;
        }

        IsKnown = fixedBytes <= MaxFixedBytes;
        if (IsKnown)
        {
            _head.Learn(message[..headLength], idInHead ? slots[EventIdSlot] : default);
            for (int i = 0; i < _gapCount; i++)
            {
                _gaps[i].Number = i + 1;
                _gaps[i].Behind.Learn(BehindGap(i, message));
            }

            KeepSlots(slots);
        }
    }

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

    private ReadOnlySpan<byte> BehindGap(int gap, ReadOnlySpan<byte> message) =>
        message[_gaps[gap].End..(gap + 1 < _gapCount ? _gaps[gap + 1].Start : message.Length)];

    /// <summary>
    /// Reads the value in a gap exactly as the strict reader does, and returns the place behind it, or a negative number.
    /// Plain text and plain base64 are what nearly every gap holds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadGap(ReadOnlySpan<byte> message, int position, HotMember member, Span<byte> audioDestination, scoped ref Slot slot, ref int decoded)
    {
        if ((uint)position < (uint)message.Length && message[position] == (byte)'"')
        {
            int start = position + 1;
            if (member.Value() == HotMember.Text)
            {
                int end = PlainText.End(message, start);
                if ((uint)end < (uint)message.Length && message[end] == (byte)'"')
                {
                    slot = Slot.Text(start, end - start, escaped: false);
                    return end + 1;
                }
            }
            else if (member.Value() == HotMember.Audio && Base64Text.TryDecodeToQuote(message[start..], audioDestination, out int length, out decoded))
            {
                slot = Slot.Text(start, length, escaped: false);
                return start + length + 1;
            }
        }

        return ReadUnusualGap(message, position, member, audioDestination, ref slot, ref decoded);
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

    private static Gap[] NewGaps(HotMember[] members)
    {
        int count = 0;
        foreach (HotMember member in members)
        {
            count += member.Is(HotMember.Differs) ? 1 : 0;
        }

        var gaps = new Gap[count];
        for (int i = 0; i < count; i++)
        {
            gaps[i] = new Gap();
        }

        return gaps;
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

    private void FindGaps(ReadOnlySpan<Slot> slots)
    {
        _gapCount = 0;
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Is(HotMember.Differs) && slots[i].Occurs)
            {
                // Text is located without its quotes, which belong to the value.
                int quote = slots[i].HasValue && members[i].Value() != HotMember.Integer ? 1 : 0;
                _gaps[_gapCount++].Learn(i, members[i], slots[i].Start - quote, slots[i].Start + slots[i].Length + quote);
            }
        }

        _gaps.AsSpan(0, _gapCount).Sort(static (left, right) => left.Start.CompareTo(right.Start));
    }

    private void RemoveFirstGap()
    {
        Gap removed = _gaps[0];
        _gapCount--;
        Array.Copy(_gaps, 1, _gaps, 0, _gapCount);
        _gaps[_gapCount] = removed;
    }

    private void KeepSlots(ReadOnlySpan<Slot> slots)
    {
        if (_learned.Length != slots.Length)
        {
            _learned = new Slot[slots.Length];
            _slots = new Slot[slots.Length];
            _gapsBefore = new byte[slots.Length];
        }

        slots.CopyTo(_learned);
        slots.CopyTo(_slots);
        for (int i = 0; i < slots.Length; i++)
        {
            byte before = 0;
            foreach (Gap gap in _gaps.AsSpan(0, _gapCount))
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
        foreach (Gap gap in _gaps.AsSpan(0, _gapCount))
        {
            if (gap.Slot == slot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A value that differs from one message to the next, and the fixed part behind it.</summary>
    private sealed class Gap
    {
        public int Slot { get; private set; }

        public HotMember Member { get; private set; }

        /// <summary>Where the value began in the earlier message.</summary>
        public int Start { get; private set; }

        /// <summary>Where the value ended in the earlier message.</summary>
        public int End { get; private set; }

        /// <summary>The gaps up to this one, itself included.</summary>
        public int Number { get; set; }

        /// <summary>True when a member without a gap of its own lies behind, which moves when the value's length differs.</summary>
        public bool HasMembersBehind { get; set; }

        /// <summary>What lies between the value and the next gap, or the end.</summary>
        public FixedPart Behind { get; } = new();

        public void Learn(int slot, HotMember member, int start, int end)
        {
            Slot = slot;
            Member = member;
            Start = start;
            End = end;
            HasMembersBehind = false;
        }
    }
}
