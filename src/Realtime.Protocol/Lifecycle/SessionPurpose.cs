namespace Realtime.Protocol.Lifecycle;

/// <summary>What a session is for. It is decided when connecting and never changes.</summary>
public enum SessionPurpose
{
    /// <summary>Somebody speaks, and the model answers.</summary>
    Conversation = 0,

    /// <summary>Somebody speaks, and it is written down; nothing ever answers (RC-24).</summary>
    Transcription,
}
