namespace Realtime.Protocol.Transport;

/// <summary>
/// The session's updates that one reader has not read yet. Past the bound the oldest go, and the reader is told how many: what is true now
/// is worth more than what was.
/// </summary>
internal sealed class SessionFeed : Feed<VoiceSessionUpdate>
{
    internal const int MaxWaiting = 256;

    private int _missed;

    public SessionFeed(int missed = 0) => _missed = missed;

    protected override void Put(VoiceSessionUpdate update)
    {
        if (Waiting.Count == MaxWaiting)
        {
            Waiting.Dequeue();
            _missed++;
        }

        Waiting.Enqueue(update);
    }

    protected override bool TryTake(out VoiceSessionUpdate? update)
    {
        if (_missed > 0)
        {
            update = new VoiceSessionUpdate.Missed(_missed);
            _missed = 0;
            return true;
        }

        return Waiting.TryDequeue(out update);
    }
}
