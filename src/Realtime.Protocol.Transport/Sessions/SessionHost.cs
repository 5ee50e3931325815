using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What outlives a connection: the turns, the tools that run, and what the application is told. It makes of every change of a connection's
/// machine what the application sees of it. Told under the gate's lock, so it moves values only; it holds no machine and no transport.
/// </summary>
internal sealed class SessionHost(ToolRunner tools, SessionUpdates updates, DeferredLogger logger)
{
    // The turn that an intent has begun, for whoever submitted it: it may have ended already.
    private Turn? _begun;

    /// <summary>The turns that events can still belong to. Used under the gate's lock.</summary>
    public TurnBook Turns { get; } = new();

    /// <summary>Says what happens to the log and to the readers of the session's updates.</summary>
    public ChangeReporter Reporter { get; } = new(logger, updates);

    /// <summary>The turn that the last intent began; null when it began none.</summary>
    public Turn? TakeBegun()
    {
        Turn? begun = _begun;
        _begun = null;
        return begun;
    }

    /// <summary>The connection has ended, and every turn with it: nothing more is told.</summary>
    public void Close()
    {
        Turns.Close();
        updates.Complete();
        tools.CancelAll();
    }

    /// <summary>Takes one change of the machine behind this gate.</summary>
    public void Told(MachineGate gate, SessionChange change)
    {
        switch (change)
        {
            case SessionChange.TurnBegan began:
                var turn = new Turn(gate, logger, began.Turn, began.Origin, gate.OutputEncoding, gate.Timestamp);
                Turns.Begin(turn);
                _begun = turn.Origin is TurnOrigin.Application ? turn : _begun;
                Reporter.Began(turn);
                break;
            case SessionChange.TurnEnded ended:
                Turns.End(ended.Turn, ended.Outcome);
                break;
            case SessionChange.ResponseStarted started:
                Turns.Find(started.Turn)?.StartResponse(started.ResponseId, started.Encoding);
                break;
            case SessionChange.ResponseTakenBack taken:
                Turns.Find(taken.Turn)?.TakeBackResponse();
                break;
            case SessionChange.ResponseEncodingStated stated:
                Turns.Find(stated.Turn)?.StateEncoding(stated.Encoding);
                break;
            case SessionChange.PlaybackStopped stopped:
                Turns.Silence(stopped.Turn, stopped.Reason, stopped.Heard);
                break;
            case SessionChange.TurnForgotten forgotten:
                Turns.Forget(forgotten.Turn);
                break;
            case SessionChange.ToolCallReady ready:
                StartTool(gate, ready);
                break;
            case SessionChange.ToolCallWithdrawn withdrawn:
                tools.Cancel(withdrawn.ItemId);
                break;
            case SessionChange.ToolCallOverdue overdue:
                if (tools.GiveUp(overdue.ItemId) is { } late)
                {
                    Turns.Find(overdue.Turn)?.FinishTool(late, new TimeoutException("The tool did not answer in time."));
                }

                break;
            case SessionChange.ResponseEnded ended:
                Turns.Find(ended.Turn)?.EndResponse(ended.Usage);
                break;
            case SessionChange.ResponseUsageStated stated:
                Turns.Find(stated.Turn)?.EndResponse(stated.Usage);
                break;
            case SessionChange.InputRejected rejected:
                Turns.Find(rejected.Turn)?.Reject(rejected.Error);
                break;
        }

        Reporter.Tell(change);
    }

    private void FinishTool(MachineGate gate, Turn? turn, SessionChange.ToolCallReady ready, ToolCall call, ToolEnd end)
    {
        if (!end.IsLate)
        {
            turn?.FinishTool(call, end.Failure);
        }

        SubmitResult result = gate.Submit(SessionIntent.ToolOutput(ready.CallId, end.Output, ready.ItemId));
        if (result is { IsAccepted: false, Rule: "BP-04" })
        {
            Reporter.Report(new SessionProblem.NotSent("conversation.item.create"));
            result = gate.Submit(SessionIntent.ToolOutput(ready.CallId, ToolRunner.UnsentOutput, ready.ItemId));
        }

        if (!result.IsAccepted)
        {
            // Mostly the connection ended first, and no other can take the output: a new conversation does not know the call (FC-07).
            string rule = result.Rule is null or "SE-09" ? "FC-07" : result.Rule;
            Reporter.Tell(new SessionChange.ToolOutputDropped(ready.Turn, ready.ItemId, ready.CallId, ready.Name, rule));
        }
    }

    private void StartTool(MachineGate gate, SessionChange.ToolCallReady ready)
    {
        var call = new ToolCall(ready.Name, ready.CallId, ready.Arguments);
        Turn? turn = Turns.Find(ready.Turn);
        turn?.StartTool(call);
        tools.Start(ready.ItemId, call, end => FinishTool(gate, turn, ready, call, end));
    }
}
