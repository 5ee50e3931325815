namespace Realtime.Protocol;

/// <summary>What a session is doing as a whole.</summary>
public enum VoiceSessionState
{
    /// <summary>It is connected, and what is asked of it is sent.</summary>
    Open,

    /// <summary>Its connection was lost, and it connects anew (<see cref="VoiceSessionOptions.Reconnect"/>): turns that are asked for wait for the next connection.</summary>
    Reconnecting,

    /// <summary><see cref="VoiceSession.DrainAsync"/> was called: what runs is heard out, and no new turn is taken.</summary>
    Draining,

    /// <summary>It has ended; <see cref="VoiceSession.CloseReason"/> says why. It never opens again.</summary>
    Ended,
}
