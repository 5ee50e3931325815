namespace Realtime.Protocol;

/// <summary>Why a checkpoint cannot be used.</summary>
public enum CheckpointFault
{
    /// <summary>The bytes are no checkpoint at all: empty, or something else.</summary>
    Foreign,

    /// <summary>They were one: cut short, or changed on the way.</summary>
    Damaged,

    /// <summary>A newer version of this library wrote it. Update the reader, or begin anew.</summary>
    Newer,

    /// <summary>It was taken of another kind of session: a transcription does not go on as a conversation.</summary>
    AnotherKind,
}
