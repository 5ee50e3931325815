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
}

/// <summary>The form of those tables.</summary>
internal static class HotNames
{
    /// <summary>A name with its quotes, and its length behind it.</summary>
    public const int NameBytes = 16;

    /// <summary>
    /// The bytes of a quoted name lie from here to <see cref="LastLetter"/>, those behind it below: so a signed comparison tells
    /// which bytes of an entry to compare with a message.
    /// </summary>
    public const byte FirstLetter = (byte)' ';
    public const byte LastLetter = (byte)'~';

    /// <summary>As many as a factor tells apart; a member has a bit in 32 too.</summary>
    public const int Rows = 32;
}
