namespace Realtime.Protocol;

/// <summary>Why something of a session is not in the one that goes on from it.</summary>
public enum OmissionReason
{
    /// <summary>A secret, or what may hold one: whoever goes on brings it along.</summary>
    Secret,

    /// <summary>The rest of an answer that was heard only in part. Its beginning is there.</summary>
    HeardInPart,

    /// <summary>An answer of which nothing was heard.</summary>
    NotHeard,

    /// <summary>Nothing was said or written in it, or its content was too old to be kept.</summary>
    NoWords,

    /// <summary>Speech of the user that nobody wrote down: sound is not kept. Turn transcription on.</summary>
    NotTranscribed,

    /// <summary>A picture: pictures are not kept.</summary>
    PictureNotKept,

    /// <summary>A call that was not complete, so that it never ran.</summary>
    CallNotComplete,

    /// <summary>A call that has ended, and whose output is not known any more.</summary>
    OutputNotKept,

    /// <summary>The output of a call that is not there.</summary>
    OutputWithoutCall,

    /// <summary>A call that had begun and gave no output. It is told to the model as failed: running it again might do twice what should be done once, or it ran again and failed.</summary>
    CallFailed,

    /// <summary>An item that only the service makes: the tools of a remote MCP server, a question about one, a call of one that did not end well.</summary>
    MadeByService,

    /// <summary>Older than the newest items that are replayed at most.</summary>
    TooMany,

    /// <summary>Too large, or older than the newest bytes that are replayed at most.</summary>
    TooLarge,

    /// <summary>A question that is answered together with a later one.</summary>
    AnsweredWithLater,

    /// <summary>A question that is not asked again, because the words that it is about are not there.</summary>
    QuestionLost,

    /// <summary>The server refused it, or a rule did.</summary>
    Refused,
}
