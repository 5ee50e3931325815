namespace Realtime.Protocol.Lifecycle;

/// <summary>Whose response a <c>response.created</c> announces.</summary>
internal enum ResponseOwner
{
    /// <summary>The create on the wire is answered.</summary>
    Ours,

    /// <summary>The create on the wire is answered, by a server that does not repeat metadata.</summary>
    OursUnmarked,

    /// <summary>The server's own, or another writer's.</summary>
    Other,

    /// <summary>Cannot be told yet: a refusal, or a second response, will.</summary>
    Undecided,
}

/// <summary>
/// A response belongs to the create whose token it repeats, and never simply to the one that was waiting: turn detection, the idle timer or another writer may have been
/// faster. A response outside the conversation is nobody's here. <c>response.created</c> carries no event id, so metadata is the only proof. Without it, order decides where nobody else can have created a response,
/// and where somebody can, the question stays open.
/// </summary>
internal static class MatchByToken
{
    [LifecycleRule("RC-03")]
    public static ResponseOwner OwnerOf(in SessionFact created, Create? outstanding, bool serverTakesTurns, bool serverOwesAnswer)
    {
        if (!created.Token.IsEmpty)
        {
            return outstanding?.Token is { } own && Utf8IdComparer.Instance.Equals(created.Token, own) ? ResponseOwner.Ours : ResponseOwner.Other;
        }

        if (created.IsOutOfBand)
        {
            return ResponseOwner.Other;
        }

        return outstanding switch
        {
            null => ResponseOwner.Other,
            { PerhapsAnswer: not null } => ResponseOwner.Ours,
            { Token: null } => serverOwesAnswer ? ResponseOwner.Undecided : ResponseOwner.Ours,
            _ => serverTakesTurns ? ResponseOwner.Other : ResponseOwner.OursUnmarked,
        };
    }
}
