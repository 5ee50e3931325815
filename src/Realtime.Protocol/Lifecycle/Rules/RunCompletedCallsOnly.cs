using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>What becomes of a call that is complete.</summary>
internal enum CompletedCall
{
    /// <summary>It is handed to the application.</summary>
    Run,

    /// <summary>It waits until its response is known.</summary>
    Wait,

    /// <summary>Nobody wants it any more: its response was silenced, or belongs to nobody here.</summary>
    Leave,

    /// <summary>An open call has the same <c>call_id</c>, so an output could not be told from that one's.</summary>
    IsAmbiguous,

    /// <summary>Its turn has ended already, or has asked for its next response without it.</summary>
    IsTooLate,
}

/// <summary>
/// A tool runs when its call is complete, and only once. Its item's end with status <c>completed</c> says so. Services that state no status, or leave the item's end out, say it by two
/// things together: the arguments are whole, and the response is completed. The event that ends the arguments comes for interrupted calls as well, with half of them; alone it is no
/// reason to run anything.
/// </summary>
internal static class RunCompletedCallsOnly
{
    private const CallEvidence Stated = CallEvidence.Named | CallEvidence.ItemDone | CallEvidence.StatusCompleted;
    private const CallEvidence Unstated = CallEvidence.Named | CallEvidence.ArgumentsWhole | CallEvidence.ResponseCompleted;

    /// <summary>All of it has come, on whichever evidence.</summary>
    [LifecycleRule("FC-01")]
    public static bool IsComplete(TrackedCall call) =>
        !call.IsHalfMade
        && ((call.Evidence & Stated) == Stated || ((call.Evidence & Unstated) == Unstated && IsWholeJson(call.Arguments)));

    /// <summary>Whether the application is to run it.</summary>
    /// <param name="response">The response that made it.</param>
    /// <param name="namesake">The newest call of the same <c>call_id</c> that the application was told to run.</param>
    [LifecycleRule("FC-02")]
    public static CompletedCall Next(TrackedResponse? response, TrackedCall? namesake) => response switch
    {
        null => CompletedCall.Wait,
        { IsDropped: true } or { Turn: null } => CompletedCall.Leave,
        { Turn: var turn } when turn.HasEnded || (turn.Create is not null && response.IsDone) || turn.Response != response => CompletedCall.IsTooLate,
        _ when namesake is { State: CallState.Ready } => CompletedCall.IsAmbiguous,
        _ => CompletedCall.Run,
    };

    private static bool IsWholeJson(string arguments)
    {
        var json = new JsonCursor(Encoding.UTF8.GetBytes(arguments));
        return json.Skip() && json.End();
    }
}
