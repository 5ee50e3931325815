namespace Realtime.Protocol.Lifecycle;

/// <summary>An id names one item for the whole session. What is there is not added again; what was deleted does not come back, for a late event about it would be taken for one about the new item.</summary>
internal static class NameItemsOnce
{
    /// <summary>Null when no item had this id, or none is named.</summary>
    public static SubmitResult? Refusal(string id, ItemTable items) => items.Find(id) is null
        ? null
        : SessionIntents.Refuse("IT-05", "You named an item by the id of another one, which is there or was deleted; an id is used once in a session. Leave it empty, and the session gives it one.");
}
