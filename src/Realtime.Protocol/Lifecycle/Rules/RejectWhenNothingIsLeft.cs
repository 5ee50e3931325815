namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What the server refuses is out, and the rest of the turn goes on: callers share turns, and one bad input is nobody else's failure. A turn is rejected only when everything that was
/// given to it was refused and its response has not begun.
/// </summary>
internal static class RejectWhenNothingIsLeft
{
    // Callers ask of a turn whose create has just lost a contribution, so most of the first line holds already. It is the rule itself, whoever calls.
    [LifecycleRule("RC-25")]
    public static bool Rejects(TurnState turn)
    {
        if (turn is not { HasEnded: false, Decided: null, Create: not null, Input.Count: > 0 })
        {
            return false;
        }

        foreach (Contribution contribution in turn.Input)
        {
            if (contribution.State is not ContributionState.Refused)
            {
                return false;
            }
        }

        return true;
    }
}
