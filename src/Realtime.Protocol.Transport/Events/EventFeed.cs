namespace Realtime.Protocol.Transport;

/// <summary>
/// The events that one reader has not read yet: 4,096 or 16 MiB. Where one does not fit, audio is left out first, the oldest of it, and then the oldest of all; what was left out
/// is counted at its place. An event that would not fit even alone is left out itself.
/// </summary>
internal sealed class EventFeed(EventSelection selection) : Feed<WireEvent>
{
    internal const int MaxEvents = 4_096;
    internal const int MaxBytes = 16 * 1024 * 1024;

    private readonly LinkedList<WireEvent> _kept = [];
    private readonly Queue<LinkedListNode<WireEvent>> _audio = [];
    private long _bytes;

    // What was left out behind the newest that is kept.
    private int _missed;

    /// <summary>The reader wants such events.</summary>
    public bool Wants(EventDirection direction, bool isAudio) =>
        (selection & (direction is EventDirection.Received ? EventSelection.Received : EventSelection.Sent)) != 0
        && !(isAudio && (selection & EventSelection.WithoutAudio) != 0);

    protected override void Put(WireEvent update)
    {
        int length = update.Utf8Json.Length;
        while (length <= MaxBytes && (_kept.Count == MaxEvents || _bytes + length > MaxBytes) && !(update.IsAudio && _audio.Count == 0))
        {
            LeaveOut(_audio.TryDequeue(out LinkedListNode<WireEvent>? audio) ? audio : _kept.First!);
        }

        if (_kept.Count == MaxEvents || _bytes + length > MaxBytes)
        {
            _missed++;
            return;
        }

        (update.MissedBefore, _missed) = (_missed, 0);
        LinkedListNode<WireEvent> node = _kept.AddLast(update);
        _bytes += length;
        if (update.IsAudio)
        {
            _audio.Enqueue(node);
        }
    }

    protected override bool TryTake(out WireEvent? update)
    {
        update = _kept.First?.Value;
        if (update is null)
        {
            return false;
        }

        if (update.IsAudio)
        {
            _audio.Dequeue();
        }

        _kept.RemoveFirst();
        _bytes -= update.Utf8Json.Length;
        return true;
    }

    private void LeaveOut(LinkedListNode<WireEvent> node)
    {
        int missed = node.Value.MissedBefore + 1;
        if (node.Next is { } next)
        {
            next.Value.MissedBefore += missed;
        }
        else
        {
            _missed += missed;
        }

        _bytes -= node.Value.Utf8Json.Length;
        _kept.Remove(node);
    }
}
