namespace Realtime.Protocol.Wire;

/// <summary>
/// Whether the tables of names of a hot event say what <see cref="IHotView"/> promises. Anybody may write a view, and
/// <see cref="AnyOrderReader"/> reads as far as these tables tell it: so they are checked, once for each event.
/// </summary>
/// <typeparam name="TView">The event's view.</typeparam>
internal static class HotNames<TView>
    where TView : struct, IHotView, allows ref struct
{
    /// <summary>A constant to the optimised code.</summary>
    public static readonly bool AreSound = Check();

    /// <summary>
    /// For each slot the entry of the view, and behind it 255 for each byte of the name with its quotes: so one load tells which bytes of an entry to compare with a
    /// message. A comparison with the entry itself would tell it too, and cost 3 % of a message of 400 ms. Empty when they are not sound.
    /// </summary>
    public static readonly byte[] MaskedEntries = AreSound ? Mask() : [];

    private static bool Check()
    {
        ReadOnlySpan<byte> entries = TView.NameEntries;
        if (TView.HotMembers.Length > HotNames.Rows || TView.NameRows.Length != HotNames.Rows || entries.Length != TView.HotMembers.Length * HotNames.NameBytes)
        {
            return false;
        }

        for (int slot = 0; slot < TView.HotMembers.Length; slot++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(slot * HotNames.NameBytes, HotNames.NameBytes);
            int length = entry[HotNames.NameBytes - 1];
            if (length is < 2 or >= HotNames.NameBytes
                || entry[0] != (byte)'"' || entry[length - 1] != (byte)'"' || TView.SlotOf(entry[1..(length - 1)]) != slot
                || entry[..length].ContainsAnyExceptInRange(HotNames.FirstLetter, HotNames.LastLetter)
                || entry[length..(HotNames.NameBytes - 1)].ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Mask()
    {
        byte[] masked = new byte[TView.HotMembers.Length * HotNames.MaskedBytes];
        for (int slot = 0; slot < TView.HotMembers.Length; slot++)
        {
            ReadOnlySpan<byte> entry = TView.NameEntries.Slice(slot * HotNames.NameBytes, HotNames.NameBytes);
            Span<byte> row = masked.AsSpan(slot * HotNames.MaskedBytes, HotNames.MaskedBytes);
            entry.CopyTo(row);
            row.Slice(HotNames.NameBytes, entry[HotNames.NameBytes - 1]).Fill(byte.MaxValue);
        }

        return masked;
    }
}

/// <summary>The form of those tables.</summary>
internal static class HotNames
{
    /// <summary>A name with its quotes, and its length behind it.</summary>
    public const int NameBytes = 16;

    /// <summary>The same, and which of its bytes to compare.</summary>
    public const int MaskedBytes = 2 * NameBytes;

    /// <summary>The bytes of a quoted name lie from here to <see cref="LastLetter"/>.</summary>
    public const byte FirstLetter = (byte)' ';
    public const byte LastLetter = (byte)'~';

    /// <summary>As many as a factor tells apart; a member has a bit in 32 too.</summary>
    public const int Rows = 32;
}
