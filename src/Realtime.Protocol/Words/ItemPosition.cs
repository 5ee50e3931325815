namespace Realtime.Protocol;

/// <summary>Where an item is put into the conversation: at the end unless something else is said.</summary>
public readonly record struct ItemPosition
{
    // What the protocol calls the beginning of the conversation.
    private const string Root = "root";

    private ItemPosition(string previousItemId) => PreviousItemId = previousItemId;

    /// <summary>Behind everything, which is also where an item goes when nothing is said.</summary>
    public static ItemPosition End => default;

    /// <summary>In front of everything.</summary>
    public static ItemPosition Start => new(Root);

    /// <summary>What stands in <c>previous_item_id</c>; null for the end.</summary>
    internal string? PreviousItemId { get; }

    /// <summary>Directly behind an item.</summary>
    /// <param name="itemId">The item's id, as in <see cref="ConversationItem.Id"/>.</param>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static ItemPosition After(string itemId)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        return new(itemId);
    }

    /// <summary>The position in words, with the id of the item before it.</summary>
    public override string ToString() => PreviousItemId switch
    {
        null => nameof(End),
        Root => nameof(Start),
        string id => $"{nameof(After)} {id}",
    };
}
