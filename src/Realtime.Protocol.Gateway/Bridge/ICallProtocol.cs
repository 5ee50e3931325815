namespace Realtime.Protocol.Gateway;

/// <summary>
/// One protocol of callers, pure: what a message means, and how things are said. It waits for nothing and knows no clock. <see cref="Take"/> is called by one reader, the writing members under one gate.
/// </summary>
internal interface ICallProtocol
{
    /// <summary>What it is called in metrics: one of <see cref="ProtocolNames"/>.</summary>
    string Name { get; }

    /// <summary>Which call it is, where that is known before the first message; else null.</summary>
    CallIntroduction? Introduction { get; }

    /// <summary>How the caller's side speaks and listens. It is final when the caller has introduced himself, or with the first sound.</summary>
    AudioEncoding Encoding { get; }

    /// <summary>The same in both directions of the session, where the protocol says so: then nothing is converted. Null leaves it to the options of the session.</summary>
    AudioEncoding? SessionEncoding { get; }

    /// <summary>True where the other side plays what comes when it comes, and says nothing of it: then this side keeps the pace.</summary>
    bool IsPaced { get; }

    /// <summary>How much sound goes into one piece.</summary>
    TimeSpan Piece { get; }

    /// <summary>What a whole message means.</summary>
    /// <param name="message">As it came; valid during the call and until the next one.</param>
    /// <param name="isText">Whether the wire said that it is text.</param>
    /// <param name="replies">Takes what is to be answered at once.</param>
    CallerSays Take(ReadOnlyMemory<byte> message, bool isText, OutgoingFrames replies);

    /// <summary>The session is open.</summary>
    void WriteReady(OutgoingFrames frames, in CallFacts facts);

    /// <summary>A piece of what the model says.</summary>
    /// <param name="turn">Its turn.</param>
    /// <param name="end">Where it ends in all that was sent of the turn, in bytes.</param>
    void WriteAudio(OutgoingFrames frames, int turn, long end, ReadOnlySpan<byte> audio);

    /// <summary>All sound of the turn was sent.</summary>
    void WriteTurnEnd(OutgoingFrames frames, int turn, long end);

    /// <summary>What was sent of this turn and of those before it is not to be heard any more.</summary>
    void WriteClear(OutgoingFrames frames, int turn);

    /// <summary>What somebody said, in writing.</summary>
    void WriteCaption(OutgoingFrames frames, in CallCaption caption);

    /// <summary>The last words before the line is closed, if there are any.</summary>
    void WriteEnd(OutgoingFrames frames, CallEnd end);

    /// <summary>How a WebSocket is closed after it.</summary>
    int CloseStatus(CallEnd end);
}

/// <summary>What a caller's side is told when the session is open.</summary>
/// <param name="Id">The call.</param>
/// <param name="Items">What the conversation holds already: more than none where the call goes on.</param>
/// <param name="Ticket">Lets the same call in again; null for none.</param>
internal readonly record struct CallFacts(string Id, int Items, string? Ticket);

/// <summary>Words of one side.</summary>
/// <param name="IsCaller">The caller's; else the model's.</param>
/// <param name="Number">Of the turn, or of the caller's utterance.</param>
/// <param name="Text">A piece; or, at the end, nothing, or the whole where it has the last word.</param>
/// <param name="IsFinal">Nothing follows.</param>
internal readonly record struct CallCaption(bool IsCaller, int Number, string Text, bool IsFinal);
