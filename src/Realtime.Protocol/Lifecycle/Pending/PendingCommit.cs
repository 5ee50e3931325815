namespace Realtime.Protocol.Lifecycle;

/// <summary>A commit of ours on the wire, and what hangs on it.</summary>
/// <param name="Utterance">What it commits.</param>
/// <param name="SentAt">When it was sent.</param>
internal sealed record PendingCommit(UtteranceState Utterance, long SentAt)
{
    /// <summary>What it gives to a turn; null when no response was asked for.</summary>
    public Contribution? Contribution { get; init; }

    /// <summary>The handle of whoever waits for it; 0 when nobody does.</summary>
    public int Handle { get; init; }
}
