using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// An event whose response or item is missing, or came in a form that nobody can read, is about the one that its place says: the item's response, else the one that runs; the item at that place of the response's
/// output, or of that call, else the one that is not final yet. A deletion or truncation that names no item is the one that waits, where only one does. Only where the protocol wants a name and an odd event has none; a name that is given stands, known or not.
/// </summary>
internal static class NameWhatWasLeftOut
{
    /// <summary>The fact with the names that could be found; itself when there are none to find.</summary>
    [LifecycleRule("RC-27")]
    public static SessionFact In(in SessionFact fact, SessionCore core)
    {
        if (fact.Kind is not (SessionFactKind.ResponseDone or SessionFactKind.ResponseProgress or SessionFactKind.OutputItemAdded or SessionFactKind.OutputItemDone or SessionFactKind.OutputAudioDelta
                or SessionFactKind.OutputAudioDone or SessionFactKind.OutputTextDelta or SessionFactKind.CallArgumentsDone or SessionFactKind.McpArgumentsDone or SessionFactKind.McpCallChanged))
        {
            return fact;
        }

        TrackedResponse? response = fact.ResponseId.IsEmpty ? core.Items.Find(fact.ItemId)?.Response ?? core.Slot.Current : core.Responses.Find(fact.ResponseId);
        if (response is null)
        {
            return fact;
        }

        TrackedItem? item = fact.ItemId.IsEmpty ? ItemOf(fact, response) : null;
        return fact with
        {
            ResponseId = Encoding.UTF8.GetBytes(response.Id),
            ItemId = item is null ? fact.ItemId : Encoding.UTF8.GetBytes(item.Id),
        };
    }

    /// <summary>The item whose deletion or truncation the server acknowledges without naming it; null when none waits, or several: then nothing says which one is meant.</summary>
    public static TrackedItem? Acknowledged(SessionFactKind kind, ItemTable items) => kind is SessionFactKind.ItemDeleted
        ? items.FindOnly(static item => item.Presence is ItemPresence.Deleting)
        : items.FindOnly(static item => item is { CutAsked: not null, Presence: not ItemPresence.Deleted });

    private static TrackedItem? ItemOf(in SessionFact fact, TrackedResponse response)
    {
        TrackedItem? open = null;
        foreach (TrackedItem item in response.Items)
        {
            bool isMeant = fact.CallId.IsEmpty ? fact.OutputIndex is { } index && item.OutputIndex == index : item.Call is { } call && Utf8IdComparer.Instance.Equals(fact.CallId, call.CallId);
            if (isMeant)
            {
                return item;
            }

            open = item.IsFinal ? open : item;
        }

        // An item's own event says of which item it is; a guess would give one item another's words.
        return fact.OutputIndex is null && fact.Kind is not (SessionFactKind.OutputItemAdded or SessionFactKind.OutputItemDone) ? open : null;
    }
}
