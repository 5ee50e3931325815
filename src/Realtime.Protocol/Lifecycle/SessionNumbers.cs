namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The numbers that a session has given to its turns and utterances. The machines of one session share it, one after the other or side by side, so no number comes twice however often it connects. It
/// decides nothing, and like a machine it takes one caller at a time.
/// </summary>
/// <param name="lastTurn">The last number that was given before: of a session that goes on elsewhere.</param>
public sealed class SessionNumbers(int lastTurn = 0)
{
    /// <summary>The number of the newest turn; 0 before the first.</summary>
    public int LastTurn { get; private set; } = lastTurn >= 0 ? lastTurn : throw new ArgumentOutOfRangeException(nameof(lastTurn));

    /// <summary>The number of the newest utterance; 0 before the first.</summary>
    public int LastUtterance { get; private set; }

    /// <summary>The number of a new turn.</summary>
    public int NextTurn() => ++LastTurn;

    /// <summary>The number of a new utterance.</summary>
    public int NextUtterance() => ++LastUtterance;
}
