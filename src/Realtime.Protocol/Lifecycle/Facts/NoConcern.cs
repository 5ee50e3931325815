namespace Realtime.Protocol.Lifecycle;

/// <summary>The server events that no rule asks about, each with its reason. Every other kind of event has a fact; a test walks all kinds, so that a new one must be put somewhere. They are still life of the connection.</summary>
internal static class NoConcern
{
    /// <summary>The kinds and the reasons.</summary>
    public static IReadOnlyDictionary<ServerEventKind, string> Because { get; } = new Dictionary<ServerEventKind, string>
    {
        [ServerEventKind.Unknown] = "An event of a later day decides nothing (UNK-01).",
        [ServerEventKind.RateLimitsUpdated] = "Limits are told after the tokens are spent; an error says when they are used up (RL-01).",
        [ServerEventKind.ConversationCreated] = "A session has one conversation, and no rule needs its id.",
        [ServerEventKind.InputAudioBufferDtmfEventReceived] = "Keys of a telephone are for the application, and come over SIP only.",
        [ServerEventKind.OutputAudioBufferStarted] = "The server plays the sound over WebRTC and SIP only, and tells what was heard by truncating it itself.",
        [ServerEventKind.OutputAudioBufferStopped] = "As started.",
        [ServerEventKind.OutputAudioBufferCleared] = "As started.",
        [ServerEventKind.TranscriptionSessionUpdated] = "It answers transcription_session.update, which a session never sends.",
    };
}
