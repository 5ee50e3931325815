namespace Realtime.Protocol.Wire;

/// <summary>
/// The members of a hot event by what is asked of them, a bit for each slot. Made once for each event; to the optimised code
/// they are constants.
/// </summary>
/// <typeparam name="TView">The event's view.</typeparam>
internal static class HotSets<TView>
    where TView : struct, IHotView, allows ref struct
{
    /// <summary>Those that must be there.</summary>
    public static readonly uint Required = Of(HotMember.Required, HotMember.Required);

    /// <summary>The whole numbers.</summary>
    public static readonly uint Integers = Of(HotMembers.ValueMask, HotMember.Integer);

    /// <summary>The audio.</summary>
    public static readonly uint Audio = Of(HotMembers.ValueMask, HotMember.Audio);

    /// <summary>Those that only the strict reader reads.</summary>
    public static readonly uint Others = Of(HotMembers.ValueMask, HotMember.Other);

    private static uint Of(HotMember mask, HotMember wanted)
    {
        uint slots = 0;
        for (int slot = 0; slot < TView.HotMembers.Length; slot++)
        {
            slots |= (TView.HotMembers[slot] & mask) == wanted ? 1u << slot : 0;
        }

        return slots;
    }
}
