namespace Realtime.Protocol;

/// <summary>Who silenced the model.</summary>
public enum InterruptionReason
{
    /// <summary>The application did.</summary>
    Application = 0,

    /// <summary>The user spoke, and the server noticed.</summary>
    UserSpeech = 1,
}
