using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Reads an event with audio whose members stand in any order, almost without a branch that depends on what comes: what
/// <see cref="FlatReader"/> does, where each gap between members is like the first one, and no text before the next comma
/// is longer than a vector. Whatever else comes, it declines; so it says yes only to what the flat reader says yes to.
/// </summary>
/// <remarks>
/// Proof: every byte outside the audio is compared. A name with its quotes is compared with the one name that it can be; the
/// bytes from there to the value, and from the value to the next name, with the first ones, which were found to be a mark and
/// white space; a value is as long as it is plain or digits, and must end where the next comma says. The comma is a guess that
/// shortens the way from one member to the next: a wrong one contradicts the value's length. Differences are collected and looked
/// at once. Reads stay in bounds: from the place of a member on, none goes further than <see cref="Reach"/>, and before each
/// member that much is left; <see cref="HotNames{TView}"/> holds every view to names of 15 bytes at most. So the end of the message
/// is read in a copy with as much behind it.
/// </remarks>
internal static class AnyOrderReader
{
    /// <summary>Shorter messages are left to the flat reader: most of their members would be read in the copy.</summary>
    private const int ShortestMessage = 512;

    /// <summary>How much of the end of a message is copied: all that may stand behind the audio.</summary>
    private const int TailBytes = 256;

    /// <summary>The farthest is the 63rd byte as a comma, and behind it the vector in which white space is counted.</summary>
    private const int Reach = 80;

    private const int RowShift = 27;

    /// <summary>True where the processor has the instructions and the runtime lets them be used.</summary>
    public static bool IsSupported => EnvelopeVectors.IsSupported;

    /// <summary>Reads a whole message. The contract is that of <see cref="FlatReader"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryRead<TView>(ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Slot> slots, out int decoded)
        where TView : struct, IHotView, allows ref struct
    {
        decoded = -1;
        if (message.Length < ShortestMessage || message[0] != (byte)'{' || slots.Length < TView.HotMembers.Length || !HotNames<TView>.AreSound)
        {
            return false;
        }

        // Copied before anything else: a processor reads at once what it wrote long ago, and waits for what it writes now.
        Unsafe.SkipInit(out Tail tail);
        scoped ref byte text = ref MemoryMarshal.GetReference(message);
        CopyTail(ref Unsafe.Add(ref text, message.Length - TailBytes), ref Unsafe.As<Tail, byte>(ref tail));
        ref byte rows = ref MemoryMarshal.GetReference(TView.NameRows);
        ref byte entries = ref MemoryMarshal.GetReference(TView.NameEntries);
        ref HotMember members = ref MemoryMarshal.GetReference(TView.HotMembers);
        ref Slot places = ref MemoryMarshal.GetReference(slots);
        int textStart = 0;
        int limit = message.Length - Reach;
        int at = 1 + EnvelopeVectors.SpacesAt(ref Unsafe.Add(ref text, 1));
        if (!TryLearn(ref Unsafe.Add(ref text, at), out Separator beforeValue, out Separator beforeName))
        {
            return false;
        }

        uint seen = 0;
        ulong differences = 0;
        while (at <= limit)
        {
            ref byte name = ref Unsafe.Add(ref text, (nint)(uint)at);
            ulong commas = EnvelopeVectors.Commas(ref name);
            nint member = Unsafe.Add(ref rows, (nint)((Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref name, 1)) * TView.NameFactor) >> RowShift));
            ref byte entry = ref Unsafe.Add(ref entries, member * HotNames.NameBytes);
            if (member >= TView.HotMembers.Length || !HasName(ref name, ref entry))
            {
                return false;
            }

            nint nameLength = Unsafe.Add(ref entry, HotNames.NameBytes - 1);
            int quote = (int)Unsafe.Add(ref members, member) & (int)HotMember.Text;
            differences |= beforeValue.DifferenceBeforeValue(ref Unsafe.Add(ref name, nameLength), quote) | (seen & (1u << (int)member));
            seen |= 1u << (int)member;
            int start = at + (int)nameLength + beforeValue.Length + quote;
            int length = EnvelopeVectors.LengthAt(ref Unsafe.Add(ref text, (nint)(uint)start), quote);
            int end;
            if (commas != 0)
            {
                end = at + BitOperations.TrailingZeroCount(commas) - quote;
                differences |= (uint)(length ^ (end - start));
                Unsafe.Add(ref places, member) = Slot.Text(textStart + start, length, escaped: false);
            }
            else
            {
                // The audio, or the last member.
                if (differences != 0 || !TryReadLong(message, Unsafe.Add(ref members, member).Value(), textStart + start, ref length, audioDestination, ref decoded))
                {
                    return false;
                }

                Unsafe.Add(ref places, member) = Slot.Text(textStart + start, length, escaped: false);
                end = textStart + start + length;
                if (IsLast(message, end, quote))
                {
                    return IsComplete<TView>(message, audioDestination, slots, seen, ref decoded);
                }

                if (textStart != 0 || message.Length - end > TailBytes)
                {
                    return false;
                }

                textStart = message.Length - TailBytes;
                text = ref Unsafe.As<Tail, byte>(ref tail);
                limit = TailBytes;
                end -= textStart;
                if (beforeName.IsUnknown && !Separator.TryLearnBeforeName(ref Unsafe.Add(ref text, end + quote), out beforeName))
                {
                    return false;
                }
            }

            differences |= beforeName.DifferenceBeforeName(ref Unsafe.Add(ref text, (nint)(uint)end), quote);
            at = end + quote + beforeName.Length;
        }

        return false;
    }

    /// <summary>True when this name stands here: compared are its letters and quotes, not what is behind them in the entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasName(ref byte text, ref byte entry)
    {
        Vector128<byte> name = Vector128.LoadUnsafe(ref entry);
        Vector128<sbyte> isLetter = Vector128.GreaterThan(name.AsSByte(), Vector128.Create((sbyte)(HotNames.FirstLetter - 1)));
        return ((Vector128.LoadUnsafe(ref text) ^ name) & isLetter.AsByte()) == Vector128<byte>.Zero;
    }

    /// <summary>Learns what stands before each value from the first member, and what before each name, unless the first value is long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLearn(ref byte firstName, out Separator beforeValue, out Separator beforeName)
    {
        uint quotes = EnvelopeVectors.Quotes(ref firstName);
        ulong commas = EnvelopeVectors.Commas(ref firstName);
        beforeName = default;
        return Separator.TryLearnBeforeValue(ref Unsafe.Add(ref firstName, BitOperations.TrailingZeroCount(quotes & (quotes - 1)) + 1), out beforeValue)
            && (commas == 0 || Separator.TryLearnBeforeName(ref Unsafe.Add(ref firstName, BitOperations.TrailingZeroCount(commas)), out beforeName));
    }

    /// <summary>Reads a value without a comma near it. What stands behind it is looked at by the caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadLong(ReadOnlySpan<byte> message, HotMember value, int start, ref int length, Span<byte> audioDestination, ref int decoded)
    {
        if (start > message.Length)
        {
            return false;
        }

        if (value == HotMember.Audio)
        {
            return Base64Text.TryDecodeToQuote(message[start..], audioDestination, out length, out decoded);
        }

        return length < Vector256<byte>.Count && start + length < message.Length;
    }

    private static bool IsLast(ReadOnlySpan<byte> message, int end, int quote)
    {
        int brace = JsonBytes.SkipSpace(message, end + quote);
        return brace == message.Length - 1 && message[brace] == (byte)'}' && (quote == 0 || message[end] == (byte)'"');
    }

    /// <summary>What can be said of the members only when all were read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsComplete<TView>(ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Slot> slots, uint seen, ref int decoded)
        where TView : struct, IHotView, allows ref struct
    {
        if ((HotSets<TView>.Required & ~seen) != 0 || (HotSets<TView>.Others & seen) != 0)
        {
            return false;
        }

        for (uint integers = HotSets<TView>.Integers & seen; integers != 0; integers &= integers - 1)
        {
            // Digits they are already; how many there may be, and no zero before others, is said there.
            int end = slots[BitOperations.TrailingZeroCount(integers)].Start;
            if (!FlatReader.TrySkipDigits(message, ref end))
            {
                return false;
            }
        }

        // Audio that had a comma near it is short.
        uint audio = HotSets<TView>.Audio & seen;
        return decoded >= 0 || audio == 0 || Base64Text.TryDecode(message, slots[BitOperations.TrailingZeroCount(audio)], audioDestination, out decoded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTail(ref byte from, ref byte to)
    {
        Vector512<byte> a = Vector512.LoadUnsafe(ref from);
        Vector512<byte> b = Vector512.LoadUnsafe(ref from, 64);
        Vector512<byte> c = Vector512.LoadUnsafe(ref from, 128);
        Vector512<byte> d = Vector512.LoadUnsafe(ref from, 192);
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, 64);
        c.StoreUnsafe(ref to, 128);
        d.StoreUnsafe(ref to, 192);

        // So that no comma is found behind the message.
        Vector512<byte>.Zero.StoreUnsafe(ref to, TailBytes);
    }

    /// <summary>The end of a message, and as much behind it as is read from its last byte on.</summary>
    [InlineArray(TailBytes + Reach)]
    private struct Tail
    {
        private byte _first;
    }
}
