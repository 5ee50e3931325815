namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A response with <c>conversation: "none"</c> runs beside the one that writes to the conversation, and beside others of its kind. It is sent at once, and its response is told from all others by the
/// token that it repeats. A server that has not shown that it repeats tokens is asked for one at a time, and only while nothing else can begin that would be taken for it: otherwise the request is
/// refused, for it does not wait. Neither the user's speech nor an interruption ends it, since it is no answer to the user; it is cancelled by name.
/// </summary>
internal static class RunBesideTheConversation
{
    /// <summary>More than any application watches, and few enough for a loop over them.</summary>
    public const int MaxOpen = 64;

    public static bool IsAskedFor(ResponseParameters? request) => request is { Conversation.Known: ResponseParametersConversation.None };

    /// <summary>Null when another one may be asked for; otherwise why not.</summary>
    [LifecycleRule("RC-22")]
    public static string? Refusal(SessionCore session, long now)
    {
        if (session.Asides.Count >= MaxOpen)
        {
            return $"You asked for a response outside the conversation while {MaxOpen} of them are open, which is the most at a time.";
        }

        if (session.EchoesMetadata is Knowledge.Yes)
        {
            return null;
        }

        return session.Asides.Count > 0 ? "You asked for a second response outside the conversation, and the server has not shown that it repeats metadata: only one at a time can be told from others. Ask again when the first one is done."
            : IsAmbiguous(session, now) || MayBeginAnything(session) ? "You asked for a response outside the conversation while one in it may be about to begin, and the server has not shown that it repeats metadata: nothing would tell them apart. Ask again when the model has answered once."
            : null;
    }

    /// <summary>The server begins responses by itself, and says neither by a token nor by a conversation which they are.</summary>
    private static bool MayBeginAnything(SessionCore session) => session.Detection.CreatesResponse && session.StatesConversation is not Knowledge.Yes;

    /// <summary>A response that begins now could be another one's, and no token would tell.</summary>
    public static bool IsAmbiguous(SessionCore session, long now) =>
        session.EchoesMetadata is not Knowledge.Yes
        && (session.Slot.Outstanding is not null || session.Slot.Phase is SlotPhase.Blocked || session.Slot.IsAnswerOwed(now) || session.Asides.IsInDoubt);
}
