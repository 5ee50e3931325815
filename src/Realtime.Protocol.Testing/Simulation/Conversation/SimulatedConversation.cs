namespace Realtime.Protocol.Testing.Simulation.Conversation;

/// <summary>The items of the default conversation, in order. A place is named by the item before it, as on the wire.</summary>
internal sealed class SimulatedConversation
{
    /// <summary>In place of an id: before everything else.</summary>
    public const string Root = "root";

    private readonly List<SimulatedItem> _items = [];

    public IReadOnlyList<SimulatedItem> Items => _items;

    public string? LastId => _items.Count == 0 ? null : _items[^1].Id;

    public SimulatedItem? Find(string id) => _items.Find(item => item.Id == id);

    public bool HasCall(string callId) => _items.Exists(item => item.Kind == ItemKind.FunctionCall && item.CallId == callId);

    /// <summary>The id of the item before this one; null for the first.</summary>
    public string? Before(SimulatedItem item)
    {
        int place = _items.IndexOf(item);
        return place > 0 ? _items[place - 1].Id : null;
    }

    public void Append(SimulatedItem item) => _items.Add(item);

    /// <summary>Puts an item behind another one, or in front of all.</summary>
    /// <param name="previousId">The id of an item that is there, <see cref="Root"/>, or null or nothing for the end.</param>
    public void Insert(SimulatedItem item, string? previousId)
    {
        int place = string.IsNullOrEmpty(previousId) ? _items.Count
            : previousId == Root ? 0
            : _items.FindIndex(other => other.Id == previousId) + 1;
        _items.Insert(place, item);
    }

    public void Remove(SimulatedItem item) => _items.Remove(item);
}
