namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// An item is placed behind one that the conversation holds, or will hold by the time the server reads of it: the server refuses the whole item otherwise. An item whose deletion is on
/// the wire counts as absent.
/// </summary>
internal static class PutBehindKnownItem
{
    /// <summary>Null when the place exists.</summary>
    [LifecycleRule("IT-03")]
    public static SubmitResult? Refusal(ItemPosition position, ItemTable items)
    {
        if (position == ItemPosition.End || position == ItemPosition.Start)
        {
            return null;
        }

        return items.Find(position.PreviousItemId!) is { Presence: ItemPresence.Present } or { Presence: ItemPresence.Expected, Sequence: > 0 }
            ? null
            : SessionIntents.Refuse("IT-03", "You placed an item behind one that the conversation does not hold.");
    }
}
