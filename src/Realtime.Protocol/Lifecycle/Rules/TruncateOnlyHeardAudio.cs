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

    /// <summary>Null when an application may cut the item there. It says itself what was heard, so only what the server would refuse is refused.</summary>
    public static SubmitResult? Refusal(TrackedItem? item, long milliseconds) => item switch
    {
        not { Presence: ItemPresence.Present, Kind: ItemFactKind.AssistantMessage, HasText: false, Response: not null, Parts: [{ ContentIndex: 0 }, ..] } =>
            SessionIntents.Refuse("TR-10", "You truncated what is no message of the model's whose sound came over this connection."),
        { IsCut: true } => SessionIntents.Refuse("TR-09", "You truncated an item that was truncated before."),
        { Response.IsDone: false } => SessionIntents.Refuse("TR-08", "You truncated an item whose response still runs; interrupt it first, which truncates it as well."),
        _ when milliseconds == 0 => SessionIntents.Refuse("TR-07", "You truncated an item to nothing; delete it instead."),
        _ when milliseconds > Length(item) => SessionIntents.Refuse("TR-02", $"You truncated an item at {milliseconds} ms; it has {Length(item)} ms of sound."),
        _ => null,
    };

    /// <summary>The position is the item's end, so nothing is to be cut, and its transcript stays (TR-05).</summary>
    public static bool IsWhole(TrackedItem item, long milliseconds) => item.Parts is [{ IsWhole: true }] && milliseconds == Length(item);

    private static long Length(TrackedItem item) => item.Response!.Format.Milliseconds(item.Parts[0].Received);

    private static bool IsForHearing(TrackedItem item) => item is
    {
        Kind: ItemFactKind.AssistantMessage,
        HasText: false,
        IsCut: false,
        Response.IsTextOnly: false,
        Presence: not (ItemPresence.Deleting or ItemPresence.Deleted),
    };
}
