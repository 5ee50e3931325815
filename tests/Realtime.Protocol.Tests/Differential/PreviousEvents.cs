using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>The last event of each hot kind, as the strict reader saw it: what "same item as previous" is measured by.</summary>
internal sealed class PreviousEvents(WaysToRead ways)
{
    private readonly Dictionary<int, byte[]?[]> _last = [];

    /// <summary>Remembers this event. True when nothing but payload and ids of the event differs from the one before.</summary>
    public bool IsSameItem(ReadOnlySpan<byte> message, Reading strict)
    {
        if (!strict.WasRead || ways.HotMembersOf(strict.Kind) is not { } members)
        {
            return false;
        }

        bool same = _last.TryGetValue(strict.Kind, out byte[]?[]? last);
        byte[]?[] next = new byte[]?[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            Slot slot = strict.Slots[i];
            if (!members[i].Is(HotMember.Differs) && slot.Occurs)
            {
                next[i] = slot.In(message).ToArray();
            }

            same = same && next[i].AsSpan().SequenceEqual(last![i]) && (next[i] is null) == (last[i] is null);
        }

        _last[strict.Kind] = next;
        return same;
    }
}
