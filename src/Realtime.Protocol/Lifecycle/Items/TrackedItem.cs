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

/// <summary>How much of one audio part came, how much was played, and whether more will come. Bytes, never milliseconds: rounding happens once, at the end (TR-02).</summary>
internal struct AudioPart
{
    public long Received;
    public long Played;
    public bool IsWhole;
}

/// <summary>One item of the conversation, as far as this session's decisions need it: no content, but counts and states.</summary>
internal sealed class TrackedItem(string id, int order)
{
    // TR-10 leaves one audio part to truncate; a few more are counted, and none beyond, whatever a server sends.
    public const int MaxParts = 16;

    private AudioPart[] _parts = [];

    public string Id { get; } = id;

    /// <summary>Its place among all items of the session, by when each was first named.</summary>
    public int Order { get; } = order;

    public ItemFactKind Kind { get; set; }

    public ItemPresence Presence { get; set; }

    /// <summary>Its place in the output of its response; null while that is not said.</summary>
    public int? OutputIndex { get; set; }

    /// <summary>The response that made it; null for the user's items.</summary>
    public TrackedResponse? Response { get; set; }

    /// <summary><see cref="FactStatus.InProgress"/> until an authority said that it is final (IT-02).</summary>
    public FactStatus Status { get; set; } = FactStatus.InProgress;

    /// <summary>It is among the items that may still be playing.</summary>
    public bool IsAudible { get; set; }

    /// <summary>Its text is read and not heard; nothing of it is ever cut.</summary>
    public bool HasText { get; set; }

    /// <summary>A truncation was sent (TR-09), or the server truncated it.</summary>
    public bool IsCut { get; set; }

    /// <summary>It was silenced before anything of it was heard: it is deleted as soon as that is possible (TR-07, TR-08).</summary>
    public bool IsUnheard { get; set; }

    /// <summary>The handle of the application's own request to delete it, which waits for its response; 0 when there is none.</summary>
    public int DeleteHandle { get; set; }

    /// <summary>The handle of the request that added it; 0 when there is none.</summary>
    public int AddHandle { get; set; }

    /// <summary>When the session created it: its place among the session's own items, by which RC-16 knows what a response can have read. 0 for others.</summary>
    public long Sequence { get; set; }

    public TrackedCall? Call { get; set; }

    /// <summary>What it gives to a turn; null for an item that this session gave to none.</summary>
    public Contribution? Contribution { get; set; }

    public bool IsFinal => Status is not FactStatus.InProgress;

    /// <summary>The part that truncation is about: the protocol knows no other (TR-10).</summary>
    public AudioPart Audio => _parts.Length > 0 ? _parts[0] : default;

    /// <summary>More audio came. False, and nothing changes, when the index is beyond reason.</summary>
    public bool Receive(int contentIndex, int bytes)
    {
        if (!HasPart(contentIndex))
        {
            return false;
        }

        _parts[contentIndex].Received += bytes;
        return true;
    }

    /// <summary>So much was played in all. A smaller number than before is an old report, and changes nothing.</summary>
    public bool Play(int contentIndex, long bytes)
    {
        if (!HasPart(contentIndex))
        {
            return false;
        }

        _parts[contentIndex].Played = Math.Max(_parts[contentIndex].Played, bytes);
        return true;
    }

    /// <summary>No more audio comes for this part, or for any: the end of making audio, and not of playing it.</summary>
    [LifecycleRule("AU-03")]
    public void EndAudio(int? contentIndex = null)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].IsWhole |= contentIndex is null || contentIndex == i;
        }
    }

    private bool HasPart(int contentIndex)
    {
        if ((uint)contentIndex >= MaxParts)
        {
            return false;
        }

        if (contentIndex >= _parts.Length)
        {
            Array.Resize(ref _parts, contentIndex + 1);
        }

        return true;
    }
}
