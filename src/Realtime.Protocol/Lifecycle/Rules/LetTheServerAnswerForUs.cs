namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// When the server begins a response by itself while an automatic create waits, that response reads what the create was for, and a second one would repeat it. It holds only if
/// every item that the create is about had been confirmed before <c>response.created</c>: what came to the server later was not read.
/// </summary>
internal static class LetTheServerAnswerForUs
{
    [LifecycleRule("RC-16")]
    public static bool Satisfies(Create? firstWaiting, ItemTable items) => firstWaiting is { IsAutomatic: true } && items.AreConfirmed(firstWaiting.Reads);
}
