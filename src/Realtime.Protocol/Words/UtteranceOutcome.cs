namespace Realtime.Protocol;

/// <summary>What became of one stretch of the user's speech, seen by the transcription that listens along. It says nothing about whether the model heard it.</summary>
public enum UtteranceOutcome
{
    /// <summary>Its transcript is whole.</summary>
    Transcribed,

    /// <summary>The service could not transcribe it; the error says why. It is this one's failure, and the session goes on.</summary>
    Failed,

    /// <summary>No transcript is made of it: transcription is off, or 60 s have passed without a word of it (TX-03). Text that came before that is kept, and is not the whole.</summary>
    NotTranscribed,

    /// <summary>It is not, or no longer, in the conversation: the input was cleared before it was committed, the commit was refused, or its item was deleted before its transcript came. Or the server's detection was turned off while it heard somebody, and a commit of this side took the sound: that commit is an utterance of its own, with the transcript.</summary>
    Discarded,

    /// <summary>The connection ended first.</summary>
    Disconnected,
}
