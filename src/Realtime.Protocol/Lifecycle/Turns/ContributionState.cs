namespace Realtime.Protocol.Lifecycle;

/// <summary>Whether the server has it.</summary>
internal enum ContributionState
{
    /// <summary>On the wire.</summary>
    Sent,

    /// <summary>The conversation holds it.</summary>
    Taken,

    /// <summary>The server did not take it.</summary>
    Refused,
}
