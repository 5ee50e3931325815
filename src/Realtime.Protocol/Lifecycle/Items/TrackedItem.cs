namespace Realtime.Protocol.Lifecycle;

/// <summary>Where an item is between this session and the server.</summary>
internal enum ItemPresence
{
    /// <summary>Known by id only: named by a delta, or sent and not yet confirmed.</summary>
    Expected,

    /// <summary>The server said that the conversation holds it.</summary>
    Present,

    /// <summary>Its deletion is on the wire; it counts as absent (IT-06).</summary>
    Deleting,

    /// <summary>Gone; an id never comes back.</summary>
    Deleted,
}

/// <summary>One item of the conversation, as far as this session knows it: counts and states for its decisions, and what <see cref="ItemMirror"/> keeps for whoever looks at it.</summary>
internal sealed class TrackedItem(string id)
{
    /// <summary>Audio in parts beyond it is played and never cut.</summary>
    public const int MaxParts = 16;

    private readonly List<SoundPart> _parts = [];

    // One bit for each part.
    private ushort _endedTranscripts;

    public string Id { get; } = id;

    public ItemFactKind Kind { get; set; }

    public ItemPresence Presence { get; set; }

    /// <summary>Its place in the output of its response; null while that is not said.</summary>
    public int? OutputIndex { get; set; }

    /// <summary>The response that made it; null for the user's items.</summary>
    public TrackedResponse? Response { get; set; }

    /// <summary><see cref="FactStatus.InProgress"/> until an authority said that it is final (IT-02).</summary>
    public FactStatus Status { get; set; } = FactStatus.InProgress;

    /// <summary>Its text is read and not heard; nothing of it is ever cut.</summary>
    public bool HasText { get; set; }

    /// <summary>The server made it of the user's audio, and said so.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>The server committed it because the user was silent: nobody speaks in it.</summary>
    public bool IsSilence { get; set; }

    /// <summary>The utterance that it is, which may have ended; null for every item that was not spoken.</summary>
    public UtteranceState? Utterance { get; set; }

    /// <summary>A truncation was sent (TR-09), or the server truncated it.</summary>
    public bool IsCut { get; set; }

    /// <summary>Where our truncation cuts it that nothing has answered yet; null when none is on the wire.</summary>
    public Cut? CutAsked { get; set; }

    /// <summary>It was silenced before anything of it was heard: it is deleted as soon as that is possible (TR-07, TR-08).</summary>
    public bool IsUnheard { get; set; }

    /// <summary>The handle of the application's own request to delete it, which waits for its response; 0 when there is none.</summary>
    public int DeleteHandle { get; set; }

    /// <summary>The handle of the request that added it; 0 when there is none.</summary>
    public int AddHandle { get; set; }

    /// <summary>When the session created it: its place among the session's own items, by which RC-16 knows what a response can have read. 0 for others.</summary>
    public long Sequence { get; set; }

    public TrackedCall? Call { get; set; }

    /// <summary>What it is about a remote MCP server: a call, or a question.</summary>
    public McpStep? Mcp { get; set; }

    /// <summary>What it gives to a turn; null for an item that this session gave to none.</summary>
    public Contribution? Contribution { get; set; }

    /// <summary>The conversation does not hold it any more by the time the server reads what is sent next.</summary>
    public bool IsLeaving => Presence is ItemPresence.Deleting or ItemPresence.Deleted;

    /// <summary>It was made beside the conversation, which never holds it (RC-22).</summary>
    public bool IsOutside => Response is { IsOutside: true };

    /// <summary>The conversation holds it, or may come to hold it, so how it ends is told.</summary>
    public bool IsInConversation => !IsOutside && Presence is not ItemPresence.Deleted;

    /// <summary>Where this session asked for it to be put; null for an item that it did not add, and for one that it said nothing about.</summary>
    public ItemPosition? Position { get; init; }

    /// <summary>The item behind which this session asked for it to be put; null for none, and as soon as it has its place.</summary>
    public TrackedItem? PositionAfter { get; set; }

    /// <summary>The call that it makes or answers; null where that is not known, and for items that are neither.</summary>
    public string? CallId { get; set; }

    /// <summary>Its neighbours in the conversation, as <see cref="ItemMirror"/> joins them.</summary>
    public TrackedItem? Previous { get; set; }

    /// <summary>See <see cref="Previous"/>.</summary>
    public TrackedItem? Next { get; set; }

    /// <summary>It stands in the conversation's order.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>What the server said that it is; null while it said nothing.</summary>
    public ConversationItem? Value { get; set; }

    /// <summary>What this session sent as its content, without sound and pictures, until the server has taken it or refused it; null for items of others.</summary>
    public ConversationItem? Sent { get; set; }

    /// <summary><see cref="Value"/> is what <c>conversation.item.done</c> said (IT-02).</summary>
    public bool HasLastWord { get; set; }

    /// <summary>The words that came by themselves; null while none did.</summary>
    public HeardWords? Words { get; set; }

    /// <summary>How many bytes of content <see cref="Value"/> holds.</summary>
    public long ValueBytes { get; set; }

    /// <summary>How much of it is kept, as <see cref="ItemMirror"/> counts it.</summary>
    public long ContentBytes { get; set; }

    /// <summary>The value that was made of it last; null when it has changed since.</summary>
    public ConversationItem? Shown { get; set; }

    /// <summary>Where the server cut it; null while it did not.</summary>
    public Cut? TruncatedAt { get; set; }

    /// <summary>The handle of the application's own request to truncate it; 0 when there is none.</summary>
    public int TruncateHandle { get; set; }

    public bool IsFinal => Status is not FactStatus.InProgress;

    /// <summary>Its audio, in the order of the parts.</summary>
    public IReadOnlyList<SoundPart> Parts => _parts;

    /// <summary>Its audio part with this index, made when audio of it came for the first time; null when the index is beyond reason.</summary>
    public SoundPart? PartToReceive(int contentIndex)
    {
        if ((uint)contentIndex >= MaxParts)
        {
            return null;
        }

        int place = 0;
        while (place < _parts.Count && _parts[place].ContentIndex < contentIndex)
        {
            place++;
        }

        if (place == _parts.Count || _parts[place].ContentIndex != contentIndex)
        {
            _parts.Insert(place, new SoundPart(this, contentIndex));
        }

        return _parts[place];
    }

    public SoundPart? FindPart(int contentIndex)
    {
        foreach (SoundPart part in _parts)
        {
            if (part.ContentIndex == contentIndex)
            {
                return part;
            }
        }

        return null;
    }

    /// <summary>Whether the transcript of this part has ended: whatever is said of it later is said again (TX-02).</summary>
    public bool HasEndedTranscript(int contentIndex) => (_endedTranscripts & (1 << contentIndex)) != 0;

    /// <summary>The transcript of this part has ended, whole or failed. The index is one of <see cref="MaxParts"/>.</summary>
    public void EndTranscript(int contentIndex) => _endedTranscripts |= (ushort)(1 << contentIndex);

    public void EndAllTranscripts() => _endedTranscripts = ushort.MaxValue;

    /// <summary>No more audio comes for this part, or for any: the end of making audio, and not of playing it.</summary>
    [LifecycleRule("AU-03")]
    public void EndAudio(int? contentIndex = null)
    {
        foreach (SoundPart part in _parts)
        {
            part.IsWhole |= contentIndex is null || contentIndex == part.ContentIndex;
        }
    }
}
