using System.Globalization;

namespace Realtime.Protocol.Lifecycle;

/// <summary>A request of the application that was not sent: its connection ended, or there was none.</summary>
/// <param name="Turn">The turn that it is for.</param>
/// <param name="Intent">The same request for another machine, under the same number.</param>
public readonly record struct WaitingRequest(int Turn, SessionIntent Intent)
{
    /// <summary>What begins its turn, as an item; null where something else did, or nothing. Speech has no words here.</summary>
    internal ConversationItem? Words => Intent.Kind switch
    {
        SessionIntentKind.TextTurn when Intent.Item is { } item => Named(item),
        SessionIntentKind.TextTurn => Named(ConversationItem.User(Intent.Content ?? "")),
        SessionIntentKind.EndTurn => Named(new ConversationItem.Message(ItemRole.User, [new ItemContent.Audio(default)])),
        _ => null,
    };

    // A name that no other item of the session has, so that what is left out of it can be named.
    private ConversationItem Named(ConversationItem item) => item.Id.Length > 0 ? item : item with { Id = string.Create(CultureInfo.InvariantCulture, $"waiting_{Turn}") };
}
