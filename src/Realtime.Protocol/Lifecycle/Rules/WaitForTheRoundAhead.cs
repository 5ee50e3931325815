namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A request that waits behind a turn waits for its tools as well. Sent between the calls and their outputs, it would be answered by a model that does not have what it asked for, and the outputs would then be spoken about
/// behind it. So a turn that goes on goes before those that were asked for after it, what states nothing waits for the outputs in any case, since its response reads them, and so does what the user says, whatever is stated with it:
/// whether the model had called when it was said, is chance. A bare request with parameters of its own that is asked while the tools run is meant for that time ("Say that you are looking it up.") and is not held; nor does it wait
/// for those that are.
/// </summary>
internal static class WaitForTheRoundAhead
{
    [LifecycleRule("FC-09")]
    public static bool Holds(Create create, TurnTable turns)
    {
        for (int i = 0; i < turns.All.Count; i++)
        {
            TurnState ahead = turns.All[i];
            if (IsInRound(ahead) && ahead != create.Turn && (create.IsAutomatic || IsTheUsersWord(create.Turn) || create.Number <= ahead.AskedBeforeRound))
            {
                return true;
            }
        }

        return false;
    }

    // Not yet answered at all: a turn that goes on keeps to the order of its own round.
    private static bool IsTheUsersWord(TurnState turn) => turn is { SaysSomething: true, HasStarted: false };

    // Its response is over, and neither its end nor its next request has followed: it waits for outputs, or for a remote MCP server.
    private static bool IsInRound(TurnState turn) => turn is { IsOutOfBand: false, HasEnded: false, Decided: null, Create: null, Response.IsDone: true };
}
