namespace Realtime.Protocol;

/// <summary>What a session is doing as a whole.</summary>
public enum VoiceSessionState
{
    /// <summary>It is connected, and what is asked of it is sent.</summary>
    Open,

    /// <summary>It has ended; <see cref="VoiceSession.CloseReason"/> says why. It never opens again.</summary>
    Ended,
}
