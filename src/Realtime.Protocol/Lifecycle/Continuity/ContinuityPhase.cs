namespace Realtime.Protocol.Lifecycle;

/// <summary>Where a session is that outlives its connections.</summary>
public enum ContinuityPhase
{
    /// <summary>The first connection is being made and configured.</summary>
    Opening,

    /// <summary>Somebody can speak.</summary>
    Open,

    /// <summary>The connection is gone; the next attempt waits for its time.</summary>
    Waiting,

    /// <summary>Another connection is being made and filled with what was said.</summary>
    Reopening,

    /// <summary>Somebody can speak, and a second connection is being made and filled beside, because the first is about to expire.</summary>
    HandingOver,

    /// <summary>No new turn begins; those that run are heard out (SE-11).</summary>
    Draining,

    /// <summary>It is over, for good.</summary>
    Ended,
}
