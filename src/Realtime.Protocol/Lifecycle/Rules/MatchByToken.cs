namespace Realtime.Protocol.Lifecycle;

/// <summary>Whose response an event is about, when the event is the first that names it.</summary>
internal enum ResponseOwner
{
    /// <summary>The create on the wire is answered.</summary>
    Ours,

    /// <summary>The create on the wire is answered, by a server that did not repeat its token.</summary>
    OursUnmarked,

    /// <summary>The server's own, or another writer's.</summary>
    Other,

    /// <summary>It writes to no conversation, so it takes no place (RC-22).</summary>
    Outside,

    /// <summary>Cannot be told yet: a refusal, or a second response, will.</summary>
    Undecided,
}

/// <summary>
/// A response belongs to the create whose token it repeats. <c>response.created</c> carries no event id, so metadata is the only proof; where a server has shown that it repeats
/// metadata, its absence is proof as well. Without proof, order decides where the server owes nobody else an answer, and where it does, an automatic create is as well served by either
/// response, since both read the whole conversation. What order decided is corrected while the response runs (<see cref="AnswerByOrder"/>). An explicit
/// one stays undecided: turn detection, the idle timer or another writer may have been faster. A null conversation means that a response stands outside where the server names conversations, or
/// where the response has a token of somebody else's: whoever sets one asks for responses by himself.
/// </summary>
internal static class MatchByToken
{
    /// <param name="fact">The event. Only <c>response.created</c> and <c>response.done</c> can repeat a token; the absence of one in any other event says nothing.</param>
    /// <param name="outstanding">Our create on the wire, if there is one.</param>
    /// <param name="echo">Whether this server repeats metadata.</param>
    /// <param name="nullMeansOutside">A response without a conversation stands outside.</param>
    /// <param name="answerOwed">The server is going to begin a response of its own.</param>
    [LifecycleRule("RC-03")]
    public static ResponseOwner OwnerOf(in SessionFact fact, Create? outstanding, Knowledge echo, bool nullMeansOutside, bool answerOwed)
    {
        if (IsRepeated(fact.Token, outstanding))
        {
            return ResponseOwner.Ours;
        }

        if (fact.IsOutOfBand && nullMeansOutside)
        {
            return ResponseOwner.Outside;
        }

        if (!fact.Token.IsEmpty || outstanding is null)
        {
            return ResponseOwner.Other;
        }

        // Of a done only Outside is ever asked; it is named here because a server repeats metadata in both.
        bool couldHaveRepeated = outstanding.Token is not null && fact.Kind is (SessionFactKind.ResponseCreated or SessionFactKind.ResponseDone);
        ResponseOwner byOrder = couldHaveRepeated ? ResponseOwner.OursUnmarked : ResponseOwner.Ours;
        return outstanding switch
        {
            _ when couldHaveRepeated && echo is Knowledge.Yes => ResponseOwner.Other,
            { PerhapsAnswer: not null } => byOrder,
            { IsAutomatic: true, IsUnwanted: false } => byOrder,
            _ => answerOwed ? ResponseOwner.Undecided : byOrder,
        };
    }

    /// <summary>The event repeats the token of this create.</summary>
    public static bool IsRepeated(ReadOnlySpan<byte> token, Create? create) => create?.Token is { } own && Utf8IdComparer.Instance.Equals(token, own);
}
