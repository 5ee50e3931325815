using System.ComponentModel;
using System.Runtime.CompilerServices;
using static Realtime.Protocol.Wire.JsonBytes;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Reads hot events in one pass, members in any order and with any spacing, when nothing in them is unusual: known members,
/// each once, plain text, short numbers, base64. Whatever else comes, it declines, and the strict reader answers; so it
/// says yes only to what the strict reader accepts, and finds the same members. Differential tests hold it to that.
/// </summary>
/// <remarks>
/// Compared with the strict reader it keeps its position in a register, and counts on what is usual instead of asking for it.
/// Where it can, <see cref="AnyOrderReader"/> goes first: random order costs this one three wrong predictions for each member.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FlatReader
{
    /// <summary>More digits than this are left to the strict reader.</summary>
    private const int MaxDigits = 9;

    /// <summary>Reads a whole message. False says only that the strict reader must answer; slots and destination may have been written to then.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes.</param>
    /// <param name="slots">Where the members lie; all absent when called.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    /// <typeparam name="TView">The view of the event that the message is taken for.</typeparam>
    public static bool TryRead<TView>(ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Slot> slots, out int decoded)
        where TView : struct, IHotView, allows ref struct
    {
        // The first message of a process is read here: the other reader has more to compile, for which the first sound should not wait.
        if (Base64Blocks.HasBegun && !audioDestination.IsEmpty && AnyOrderReader.IsSupported)
        {
            if (AnyOrderReader.TryRead<TView>(message, audioDestination, slots, out decoded))
            {
                return true;
            }

            slots.Clear();
        }

        decoded = -1;
        if (!Is(message, 0, (byte)'{'))
        {
            return false;
        }

        int at = 1;
        uint seen = 0;
        while (true)
        {
            at = SkipSpace(message, at);
            if (!Is(message, at, (byte)'"'))
            {
                return false;
            }

            int start = at + 1;
            at = PlainText.End(message, start);
            if (!Is(message, at, (byte)'"'))
            {
                return false;
            }

            int member = TView.SlotOf(message[start..at]);
            at = SkipSpace(message, at + 1);
            if (member < 0 || (seen & (1u << member)) != 0 || !Is(message, at, (byte)':'))
            {
                return false;
            }

            seen |= 1u << member;
            at = SkipSpace(message, at + 1);
            start = at;
            HotMember value = TView.HotMembers[member].Value();
            if (!Is(message, at, (byte)'"'))
            {
                if (value != HotMember.Integer || !TrySkipDigits(message, ref at))
                {
                    return false;
                }

                slots[member] = Slot.Value(start, at - start);
            }
            else
            {
                start++;
                int length;
                if (value != HotMember.Audio)
                {
                    length = PlainText.End(message, start) - start;
                }
                else if (!Base64Text.TryDecodeToQuote(message[start..], audioDestination, out length, out decoded))
                {
                    return false;
                }

                slots[member] = Slot.Text(start, length, escaped: false);
                at = start + length;
                if (!Is(message, at++, (byte)'"') || value is HotMember.Integer or HotMember.Other)
                {
                    return false;
                }
            }

            at = SkipSpace(message, at);
            if (!Is(message, at, (byte)','))
            {
                return Is(message, at, (byte)'}') && at + 1 == message.Length && HasRequired(TView.HotMembers, seen);
            }

            at++;
        }
    }

    private static bool HasRequired(ReadOnlySpan<HotMember> members, uint seen)
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Is(HotMember.Required) && (seen & (1u << i)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A number without sign, fraction and exponent: what may follow such a number follows, or the caller declines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TrySkipDigits(ReadOnlySpan<byte> message, ref int at)
    {
        int start = at;
        while ((uint)at < (uint)message.Length && (uint)(message[at] - '0') <= 9)
        {
            at++;
        }

        return at - start == 1 || (at - start is > 1 and <= MaxDigits && message[start] != (byte)'0');
    }
}
