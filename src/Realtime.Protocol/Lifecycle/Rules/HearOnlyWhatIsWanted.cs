namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Audio goes to whoever waits for its turn. What comes of a response that was silenced, of one that stands outside the conversation, or after its turn's end is counted, since a server counts it as well, and is
/// neither played nor written down as something that could have been heard.
/// </summary>
internal static class HearOnlyWhatIsWanted
{
    [LifecycleRule("CX-05")]
    public static bool Hears(TrackedResponse response) => response is { IsDropped: false, Turn.HasEnded: false };
}
