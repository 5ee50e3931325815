namespace Realtime.Protocol.Lifecycle;

/// <summary>One audio part of one item: how many bytes of it came, and how many of them were heard. Bytes, never milliseconds: rounding happens once, at the end (TR-02).</summary>
internal sealed class SoundPart(TrackedItem item, int contentIndex)
{
    public TrackedItem Item { get; } = item;

    public int ContentIndex { get; } = contentIndex;

    public long Received { get; set; }

    /// <summary>As <see cref="TurnSound.Locate"/> found it last.</summary>
    public long Heard { get; set; }

    /// <summary>The part of <see cref="Received"/> whose order is not known (see <see cref="TurnSound"/>).</summary>
    public long Unordered { get; set; }

    /// <summary>No more of it comes: the end of making audio, and not of playing it.</summary>
    public bool IsWhole { get; set; }
}
