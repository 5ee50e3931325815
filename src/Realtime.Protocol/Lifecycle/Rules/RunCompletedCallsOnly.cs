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

    /// <summary>The conversation was told this very call, and its output: it is answered.</summary>
    HasOutput,

    /// <summary>It stands in an item that this session added: nobody here is to run it.</summary>
    IsOurs,

    /// <summary>An open call has the same <c>call_id</c>, so an output could not be told from that one's.</summary>
    IsAmbiguous,

    /// <summary>Its turn has ended already, or has asked for its next response without it.</summary>
    IsTooLate,
}

/// <summary>
/// A tool runs when its call is complete, and only once. Its item's end with status <c>completed</c> says so. Services that state no status, or leave the item's end out, say it by two
/// things together: the arguments are whole, and the response is completed. The event that ends the arguments comes for interrupted calls as well, with half of them; alone it is no
/// reason to run anything. What was done before this connection is told to it as a call with its output; a server that makes that call again, under the same <c>call_id</c> with the same name and arguments, says what it
/// was told, and nothing runs. The same <c>call_id</c> with anything else is another call: some servers count calls by connection.
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
    /// <param name="call">It is complete.</param>
    /// <param name="namesake">The newest call of the same <c>call_id</c> that the application was told to run.</param>
    /// <param name="told">The newest call of the same <c>call_id</c> that the conversation was told; null for none.</param>
    [LifecycleRule("FC-02")]
    public static CompletedCall Next(TrackedCall call, TrackedCall? namesake, ToldCall? told) => call.Item.Response switch
    {
        null => CompletedCall.Wait,
        { IsDropped: true } or { Turn: null } => CompletedCall.Leave,
        { Turn: var turn } when turn.HasEnded || (turn.Create is not null && call.Item.Response.IsDone) || turn.Response != call.Item.Response => CompletedCall.IsTooLate,
        { Turn.IsOutOfBand: false } when told is { HasOutput: true } && told.Name == call.Name && told.Arguments == call.ArgumentsOrNone => CompletedCall.HasOutput,
        _ when call.Item.Sequence > 0 => CompletedCall.IsOurs,
        _ when namesake is { State: CallState.Ready } => CompletedCall.IsAmbiguous,
        _ => CompletedCall.Run,
    };

    private static bool IsWholeJson(string arguments)
    {
        var json = new JsonCursor(Encoding.UTF8.GetBytes(arguments));
        return json.Skip() && json.End();
    }
}
