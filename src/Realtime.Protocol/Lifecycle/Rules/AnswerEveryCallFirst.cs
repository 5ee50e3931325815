namespace Realtime.Protocol.Lifecycle;

/// <summary>What a turn does when a tool output was sent, or when its response is done.</summary>
internal enum ToolRound
{
    /// <summary>It waits: for the response's end, for another output, or for a remote MCP server.</summary>
    Wait,

    /// <summary>It asks for one response that reads all outputs.</summary>
    Ask,

    /// <summary>It ends: every output says that the model need not speak about it, or the service speaks by itself.</summary>
    Rest,

    /// <summary>It has asked often enough, and ends.</summary>
    GiveUp,

    /// <summary>The server refused every output, so there is nothing to ask about.</summary>
    Reject,
}

/// <summary>
/// One create for all outputs: after the calling response is done, every call of it has its output, every call of a remote MCP server has ended and every question about one is answered. A create per output would collide with itself, and a fast tool would have the
/// model answer without the slow one. Outputs themselves may be sent before the response is done.
/// </summary>
internal static class AnswerEveryCallFirst
{
    [LifecycleRule("FC-04")]
    [LifecycleRule("FC-05")]
    public static ToolRound Next(TurnState turn, int maxRounds)
    {
        // A decided turn ends with its response, and one that lives on after it has calls: both are asked for the sake of the rule, not because a caller breaks it.
        if (turn is not { HasEnded: false, Decided: null, Create: null, Response: { IsDone: true } response } || (response.Calls.Count == 0 && !turn.HasMcp))
        {
            return ToolRound.Wait;
        }

        bool isAnswered = false;
        bool wantsAnswer = false;
        foreach (TrackedCall call in response.Calls)
        {
            if (call.State is CallState.Ready)
            {
                return ToolRound.Wait;
            }

            isAnswered |= call.State is not CallState.Unanswerable;
            wantsAnswer |= call.State is not CallState.Unanswerable && !call.IsSilent;
        }

        foreach (McpStep step in turn.HasMcp ? turn.Mcp : [])
        {
            if (step.IsOpen)
            {
                return ToolRound.Wait;
            }

            isAnswered |= !step.IsRefused;
            wantsAnswer |= step.WantsAnswer;
        }

        if (!isAnswered)
        {
            return ToolRound.Reject;
        }

        if (!wantsAnswer)
        {
            return ToolRound.Rest;
        }

        return turn.ToolRounds < maxRounds ? ToolRound.Ask : ToolRound.GiveUp;
    }
}
