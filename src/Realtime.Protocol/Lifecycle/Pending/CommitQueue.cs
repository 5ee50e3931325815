namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Our own commits on the wire, oldest first. <c>input_audio_buffer.committed</c> names no event, so it answers the oldest of them, and one that comes while there is none is the server's.
/// A commit that nothing answered in time was lost; were it kept, it would take a commit of the server's for its own, and the answer that the server then owes would not be waited for (RC-06).
/// </summary>
/// <param name="answerTimeout">How long the server may take to answer.</param>
internal sealed class CommitQueue(long answerTimeout)
{
    private readonly List<(Contribution Commit, long SentAt)> _onWire = [];

    public void Add(Contribution commit, long now)
    {
        DropLost(now);
        _onWire.Add((commit, now));
    }

    /// <summary>The oldest one that may still be answered; null when there is none.</summary>
    public Contribution? Oldest(long now)
    {
        DropLost(now);
        return _onWire.Count > 0 ? _onWire[0].Commit : null;
    }

    /// <summary>The server answered it.</summary>
    public void Remove(Contribution commit) => _onWire.RemoveAll(entry => entry.Commit == commit);

    private void DropLost(long now) => _onWire.RemoveAll(entry => now - entry.SentAt > answerTimeout);
}
