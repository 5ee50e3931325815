namespace Realtime.Protocol.Gateway;

/// <summary>Who or what ended a call.</summary>
public enum CallEndKind
{
    /// <summary>The caller hung up, and said so.</summary>
    HungUp,

    /// <summary>The line to the caller broke without a goodbye. With a <see cref="VoiceSessionOptions.Journal"/> the call can go on: its entry stays.</summary>
    Lost,

    /// <summary>The application ended the call, by <see cref="VoiceCall.HangUp"/>.</summary>
    Ended,

    /// <summary>The application passed the caller on, by <see cref="VoiceCall.Transfer"/>.</summary>
    Transferred,

    /// <summary>This process stops. What was being said was heard out; the caller is to dial again, and another process goes on.</summary>
    Moved,

    /// <summary>The same call came in again, here or at another process that shares the journal: it goes on there.</summary>
    HandedOver,

    /// <summary>The model could not be reached; the same call may succeed later.</summary>
    ModelUnreachable,

    /// <summary>The service refused the session: key, model or configuration. Another attempt ends the same way.</summary>
    ModelRefused,

    /// <summary>The session with the model ended during the call.</summary>
    ModelLost,

    /// <summary>The caller's side sent what its protocol does not have, or not there.</summary>
    BadFrame,

    /// <summary>The caller's side sent a message that is longer than allowed.</summary>
    TooLarge,

    /// <summary>The caller's side sent sound much faster than it can be spoken, or too many messages.</summary>
    Flood,

    /// <summary>The caller's side did not take what was sent to it.</summary>
    SlowReader,

    /// <summary>The call reached <see cref="CallOptions.MaxDuration"/>.</summary>
    TooLong,

    /// <summary>A delegate of the application failed, or the gateway did.</summary>
    Failed,
}
