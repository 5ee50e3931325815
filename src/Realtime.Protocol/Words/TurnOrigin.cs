namespace Realtime.Protocol;

/// <summary>Who caused a turn, or one response of it.</summary>
public enum TurnOrigin
{
    /// <summary>This session asked for it.</summary>
    Application = 0,

    /// <summary>The server answered a turn that it detected.</summary>
    ServerTurnDetection = 1,

    /// <summary>The server spoke up because the user was silent.</summary>
    ServerIdleTimeout = 2,

    /// <summary>Someone else: another writer of the same session, or a server with its own ideas.</summary>
    Unknown = 3,
}
