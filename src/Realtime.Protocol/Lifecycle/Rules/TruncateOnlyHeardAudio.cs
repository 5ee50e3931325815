namespace Realtime.Protocol.Lifecycle;

/// <summary>What is to be done with an item that was silenced.</summary>
internal enum SilencedItem
{
    /// <summary>Nothing: it was heard to its end, it is not for hearing, or nobody knows.</summary>
    Keep,

    /// <summary>Cut it to what was heard.</summary>
    Truncate,

    /// <summary>It was reported that nothing of it was heard: take it out of the conversation.</summary>
    Delete,
}

/// <summary>Where an item is to be cut.</summary>
/// <param name="ContentIndex">In which part.</param>
/// <param name="Milliseconds">Where in that part; more than 0.</param>
internal readonly record struct Cut(int ContentIndex, long Milliseconds);

/// <summary>
/// The conversation is to remember what the user heard, and to lose nothing that may have been heard. The server refuses a truncation beyond its audio, so the position is the smaller of
/// heard and received, both whole milliseconds rounded down from byte counts of one part, in the format its response began with. What was heard to its end is left alone, for a truncation
/// also deletes the transcript. What was not heard at all is deleted if that was reported, for a truncation to zero is refused before audio exists and leaves an empty item after it.
/// </summary>
internal static class TruncateOnlyHeardAudio
{
    /// <param name="item">Its parts have been located (see <see cref="TurnSound.Locate"/>).</param>
    /// <param name="basis">How it is known what was heard of them.</param>
    /// <param name="cutsAnyPart">The service truncates other parts than the first, which the specification does not promise.</param>
    /// <param name="cut">Where, when it is to be truncated.</param>
    [LifecycleRule("TR-02")]
    [LifecycleRule("TR-03")]
    [LifecycleRule("TR-04")]
    [LifecycleRule("TR-05")]
    [LifecycleRule("TR-07")]
    [LifecycleRule("TR-09")]
    [LifecycleRule("TR-10")]
    public static SilencedItem Decide(TrackedItem item, HeardBasis basis, bool cutsAnyPart, out Cut cut)
    {
        cut = default;
        // Without a report nothing counts as heard, so the last line would keep it as well; here it is said.
        if (basis is HeardBasis.Unknown || !IsForHearing(item))
        {
            return SilencedItem.Keep;
        }

        SampleFormat format = item.Response!.Format;
        bool isHeard = false;
        bool isCutFound = false;
        foreach (SoundPart part in item.Parts)
        {
            long heard = format.Milliseconds(part.Heard);
            isHeard |= heard > 0;
            if (!isCutFound && !(part.IsWhole && heard >= format.Milliseconds(part.Received)))
            {
                isCutFound = true;
                cut = new(part.ContentIndex, Math.Min(heard, format.Milliseconds(part.Received)));
            }
        }

        if (!isHeard)
        {
            return basis is HeardBasis.Reported ? SilencedItem.Delete : SilencedItem.Keep;
        }

        return cut.Milliseconds > 0 && (cut.ContentIndex == 0 || cutsAnyPart) ? SilencedItem.Truncate : SilencedItem.Keep;
    }

    private static bool IsForHearing(TrackedItem item) => item is
    {
        Kind: ItemFactKind.AssistantMessage,
        HasText: false,
        IsCut: false,
        Response.IsTextOnly: false,
        Presence: not (ItemPresence.Deleting or ItemPresence.Deleted),
    };
}
