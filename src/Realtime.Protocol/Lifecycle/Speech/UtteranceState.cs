namespace Realtime.Protocol.Lifecycle;

/// <summary>One stretch of the user's speech: from where the server hears it, or from its commit, to its transcript.</summary>
/// <param name="number">Counts the utterances of a connection, from 1.</param>
internal sealed class UtteranceState(int number)
{
    public int Number { get; } = number;

    /// <summary>The item that it becomes; null while the server has not named it.</summary>
    public TrackedItem? Item { get; set; }

    /// <summary>The server heard it begin or end, and has not committed it.</summary>
    public bool IsSpoken { get; set; }

    /// <summary>The server heard its end.</summary>
    public bool IsStopped { get; set; }

    /// <summary>It is an item of the conversation.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>When it last showed a sign of life (TX-03).</summary>
    public long AliveAt { get; set; }

    public bool HasEnded { get; set; }
}
