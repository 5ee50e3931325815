namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Our own commits on the wire, oldest first. <c>input_audio_buffer.committed</c> names no event, so it answers the oldest of them, and one that comes while there is none is the server's.
/// A commit that nothing answered in time was lost; were it kept, it would take a commit of the server's for its own, and the answer that the server then owes would not be waited for (RC-06).
/// </summary>
/// <param name="answerTimeout">How long the server may take to answer.</param>
internal sealed class CommitQueue(long answerTimeout)
{
    private readonly List<PendingCommit> _onWire = [];

    public void Add(PendingCommit commit, long now)
    {
        DropLost(now);
        _onWire.Add(commit);
    }

    /// <summary>The oldest one that may still be answered; null when there is none.</summary>
    public PendingCommit? Oldest(long now)
    {
        DropLost(now);
        return _onWire.Count > 0 ? _onWire[0] : null;
    }

    /// <summary>The one that gives this to a turn; null when it was answered, or lost.</summary>
    public PendingCommit? Of(Contribution contribution) => _onWire.Find(commit => commit.Contribution == contribution);

    /// <summary>The server answered it.</summary>
    public void Remove(PendingCommit commit) => _onWire.Remove(commit);

    private void DropLost(long now) => _onWire.RemoveAll(commit => now - commit.SentAt > answerTimeout);
}
