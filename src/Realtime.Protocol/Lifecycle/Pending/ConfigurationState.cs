namespace Realtime.Protocol.Lifecycle;

/// <summary>Where a configuration is between this session and the server.</summary>
internal enum ConfigurationState
{
    /// <summary>Sent, and neither acknowledged nor refused.</summary>
    OnWire,

    /// <summary>Acknowledged, refused, or given for acknowledged: nobody waits for it.</summary>
    Answered,

    /// <summary>Unanswered for too long. Whoever waited was told so, but its acknowledgement may still come, so it keeps its place.</summary>
    Tombstone,
}
