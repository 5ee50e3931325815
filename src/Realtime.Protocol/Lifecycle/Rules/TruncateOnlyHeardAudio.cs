namespace Realtime.Protocol.Lifecycle;

/// <summary>What is to be done with an item that was silenced.</summary>
internal enum SilencedItem
{
    /// <summary>Nothing: it was heard to its end, or it is not for hearing.</summary>
    Keep,

    /// <summary>Cut it to what was heard.</summary>
    Truncate,

    /// <summary>Nothing of it was heard: take it out of the conversation.</summary>
    Delete,
}

/// <summary>
/// The conversation is to remember what the user heard, and not one millisecond more. The server refuses a truncation beyond its audio, so the position is the smaller of played and
/// received, both whole milliseconds rounded down from byte counts of this one part, in the format its response began with. What was heard to its end is left alone, for a truncation also
/// deletes the transcript. What was not heard at all is deleted, for a truncation to zero is refused before audio exists and leaves an empty item after it.
/// </summary>
internal static class TruncateOnlyHeardAudio
{
    [LifecycleRule("TR-02")]
    [LifecycleRule("TR-03")]
    [LifecycleRule("TR-04")]
    [LifecycleRule("TR-05")]
    [LifecycleRule("TR-07")]
    [LifecycleRule("TR-09")]
    [LifecycleRule("TR-10")]
    public static SilencedItem Decide(TrackedItem item, bool playbackIsReported, out long audioEndMilliseconds)
    {
        SampleFormat encoding = item.Response?.Encoding ?? SampleFormat.Unknown;
        long played = encoding.Milliseconds(item.Audio.Played);
        long received = encoding.Milliseconds(item.Audio.Received);
        audioEndMilliseconds = Math.Min(played, received);

        bool isForHearing = item is { Kind: ItemFactKind.AssistantMessage, HasText: false, Response.IsTextOnly: false };
        if (!isForHearing || item.IsCut || !playbackIsReported)
        {
            return SilencedItem.Keep;
        }

        return (audioEndMilliseconds, item.Audio.IsWhole && played >= received) switch
        {
            ( > 0, true) => SilencedItem.Keep,
            ( > 0, false) => SilencedItem.Truncate,
            _ => SilencedItem.Delete,
        };
    }
}
