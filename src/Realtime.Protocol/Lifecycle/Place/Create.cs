namespace Realtime.Protocol.Lifecycle;

/// <summary>One <c>response.create</c>, from the moment it is wanted until the server answered it: waiting, or on the wire.</summary>
internal sealed class Create(TurnState turn, ResponseParameters? request, long reads)
{
    public TurnState Turn { get; } = turn;

    /// <summary>What is stated; null when nothing is, so that it may become one with others (RC-07).</summary>
    public ResponseParameters? Request { get; } = request;

    /// <summary>The newest of the session's own items that the response has to read (RC-16).</summary>
    public long Reads { get; set; } = reads;

    /// <summary>The how many-th that waited in its session; 0 before it does, and beside the conversation.</summary>
    public int Number { get; set; }

    public bool IsAutomatic => Request is null;

    /// <summary>How often it met another running response (RC-05).</summary>
    public int Refusals { get; set; }

    /// <summary>Set while it is on the wire; every attempt has its own, so that an answer to an earlier one is never taken for the answer to this.</summary>
    public string? EventId { get; set; }

    /// <summary>What the server is to repeat in <c>response.created</c>; null when it is matched by order.</summary>
    public string? Token { get; set; }

    public long SentAt { get; set; }

    /// <summary>Its turn no longer wants it: should its response begin, it is cancelled unheard (RC-09, RC-10).</summary>
    public bool IsUnwanted { get; set; }

    /// <summary>When the server was asked about its answer, which never came (RC-11).</summary>
    public long? ProbedAt { get; set; }

    /// <summary>The response that may or may not be its answer: the server could have begun one of its own, and nothing tells them apart but a refusal still to come (RC-03).</summary>
    public TrackedResponse? PerhapsAnswer { get; set; }

    /// <summary>It goes back into the queue: its next attempt has an id and a token of its own.</summary>
    public void TakeBack()
    {
        EventId = null;
        Token = null;
        PerhapsAnswer = null;
        Refusals++;
    }
}
