using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The calls and questions of one connection: what the model wants done, and what the model is told of it. They end with the connection, since no other conversation knows them (FC-07). Called under the
/// gate's lock, but for the ends of what runs on the pool.
/// </summary>
/// <param name="gate">To the machine that made the calls.</param>
/// <param name="host">Whose turns they belong to.</param>
/// <param name="logger">Learns what a tool throws.</param>
internal sealed class CallDesk(MachineGate gate, SessionHost host, DeferredLogger logger)
{
    // In the words of a server, since the failure is told as one that it stated.
    private static readonly ServerError UnexplainedFailure = new("mcp_call_failed", null, null, null, null);

    // Calls of functions that are declared only, by their item: the application answers them when it likes.
    private readonly Dictionary<string, DeclaredCall> _declared = new(StringComparer.Ordinal);
    // Calls that begin when the journal has them, by their item, and whether nobody wants them any more. Null while there was none.
    private Dictionary<string, bool>? _unkept;

    private readonly ToolRunner _tools = new(logger, host.Telemetry);
    private readonly ApprovalRunner _approvals = new(logger);

    // What is told of calls that the service makes, by their item; null while nobody observed one.
    private Dictionary<string, (int Turn, ToolSignals Signals)>? _remote;

    /// <summary>Takes one change, if it is about a call.</summary>
    public void Told(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.ToolCallReady ready:
                Start(ready);
                break;
            case SessionChange.ToolCallWithdrawn withdrawn:
                if (_declared.Remove(withdrawn.ItemId, out DeclaredCall unwanted))
                {
                    unwanted.Signals?.End(SignalWords.Cancelled);
                }

                _tools.Cancel(withdrawn.ItemId);
                if (_unkept?.ContainsKey(withdrawn.ItemId) is true)
                {
                    _unkept[withdrawn.ItemId] = true;
                }

                break;
            case SessionChange.ToolCallOverdue overdue:
                _unkept?.Remove(overdue.ItemId);
                if (GiveUp(overdue.ItemId) is { } late)
                {
                    host.Turns.Find(overdue.Turn)?.FinishTool(late, new TimeoutException("The tool did not answer in time."));
                }

                break;
            case SessionChange.McpCallStarted started:
                StartRemote(started);
                break;
            case SessionChange.McpCallCompleted completed:
                host.Turns.Find(completed.Turn)?.FinishMcpCall(completed.ItemId, null);
                EndRemote(completed.ItemId, null);
                break;
            case SessionChange.McpCallFailed failed:
                ServerError error = failed.Error ?? UnexplainedFailure;
                host.Turns.Find(failed.Turn)?.FinishMcpCall(failed.ItemId, new RealtimeRejectedException(error));
                EndRemote(failed.ItemId, SignalWords.Of(error));
                break;
            case SessionChange.McpCallOverdue overdue:
                host.Turns.Find(overdue.Turn)?.FinishMcpCall(overdue.ItemId, new TimeoutException("Nothing was heard of the call for long."));
                EndRemote(overdue.ItemId, SignalWords.Timeout);
                break;
            case SessionChange.TurnEnded ended:
                EndRemoteOf(ended.Turn);
                break;
            case SessionChange.McpApprovalAsked asked:
                AskForLeave(asked);
                break;
            case SessionChange.McpApprovalWithdrawn withdrawn:
                _approvals.Cancel(withdrawn.ItemId);
                break;
            case SessionChange.McpApprovalOverdue overdue:
                _approvals.Cancel(overdue.ItemId);
                break;
        }
    }

    /// <summary>The application has given the output of a call that it answers itself.</summary>
    public void FinishDeclared(string callId)
    {
        foreach ((string itemId, DeclaredCall declared) in _declared)
        {
            if (declared.Call.CallId == callId)
            {
                _declared.Remove(itemId);
                declared.Turn?.FinishTool(declared.Call, null);
                declared.Signals?.End(null);
                host.Life?.Journal?.Save();
                return;
            }
        }
    }

    /// <summary>The connection has ended: nobody waits for any output or answer.</summary>
    public void Close()
    {
        _unkept?.Clear();
        _tools.CancelAll();
        _approvals.CancelAll();
        foreach (DeclaredCall declared in _declared.Values)
        {
            declared.Signals?.End(SignalWords.Cancelled);
        }
    }

    private void Start(SessionChange.ToolCallReady ready)
    {
        var call = new ToolCall(ready.Name, ready.CallId, ready.Arguments) { Turn = ready.Turn };
        Turn? turn = host.Turns.Find(ready.Turn);
        VoiceTool.Function? function = (turn?.Functions ?? host.Functions).Find(call.Name);
        if (host.Life?.Journal is { } journal && function is { IsIdempotent: false })
        {
            // A process that dies while it runs leaves a trace of it, so that nobody runs it again.
            (_unkept ??= new(StringComparer.Ordinal))[ready.ItemId] = false;
            _ = BeginWhenKeptAsync(journal, ready, call, turn, function);
        }
        else
        {
            Begin(ready, call, turn, function);
        }
    }

    private async Task BeginWhenKeptAsync(JournalKeeper journal, SessionChange.ToolCallReady ready, ToolCall call, Turn? turn, VoiceTool.Function function)
    {
        bool isOurs = await journal.KeepAsync().ConfigureAwait(false);
        bool isWithdrawn;
        lock (host.Lock)
        {
            if (!_unkept!.Remove(ready.ItemId, out isWithdrawn) || !isOurs)
            {
                return;
            }

            if (!isWithdrawn)
            {
                Begin(ready, call, turn, function);
            }
        }

        if (isWithdrawn && function.Run is not null)
        {
            gate.Submit(SessionIntent.ToolOutput(ready.CallId, ToolRunner.CancelledOutput, ready.ItemId)); // as of one that obeys (FC-06); refused when the connection has ended
        }
    }

    private void Begin(SessionChange.ToolCallReady ready, ToolCall call, Turn? turn, VoiceTool.Function? function)
    {
        turn?.StartTool(call);
        if (function is { Run: null })
        {
            _declared[ready.ItemId] = new(turn, call, ToolSignals.AwaitOutput(turn?.Signals, host.Telemetry, call));
            return;
        }

        _tools.Start(ready.ItemId, call, function, turn?.Signals, end => Finish(turn, ready, call, end));
    }

    /// <summary>The time of a call is up; null when it has ended by itself meanwhile.</summary>
    private ToolCall? GiveUp(string itemId)
    {
        if (!_declared.Remove(itemId, out DeclaredCall declared))
        {
            return _tools.GiveUp(itemId);
        }

        declared.Signals?.End(SignalWords.Timeout);
        return declared.Call;
    }

    private void StartRemote(SessionChange.McpCallStarted started)
    {
        var call = new ToolCall(started.Name, started.ItemId, started.Arguments) { Turn = started.Turn, Server = started.Server };
        Turn? turn = host.Turns.Find(started.Turn);
        turn?.StartTool(call);
        if (ToolSignals.AwaitService(turn?.Signals, host.Telemetry, call, (turn?.Functions ?? host.Functions).FindServer(started.Server)) is { } signals)
        {
            (_remote ??= new(StringComparer.Ordinal))[started.ItemId] = (started.Turn, signals);
        }
    }

    private void EndRemote(string itemId, string? error)
    {
        if (_remote is not null && _remote.Remove(itemId, out (int Turn, ToolSignals Signals) remote))
        {
            remote.Signals.End(error);
        }
    }

    /// <summary>What becomes of the service's calls is not told once their turn has ended, and every turn ends.</summary>
    private void EndRemoteOf(int turn)
    {
        if (_remote is null)
        {
            return;
        }

        foreach ((string itemId, _) in _remote.Where(remote => remote.Value.Turn == turn).ToArray())
        {
            EndRemote(itemId, SignalWords.Cancelled);
        }
    }

    private void Finish(Turn? turn, SessionChange.ToolCallReady ready, ToolCall call, ToolEnd end)
    {
        if (!end.IsLate)
        {
            turn?.FinishTool(call, end.Failure);
        }

        SubmitResult result = gate.Submit(SessionIntent.ToolOutput(ready.CallId, end.Output.Text, ready.ItemId, end.Output.IsSilent));
        if (result is { IsAccepted: false, Rule: "BP-04" })
        {
            host.Reporter.Report(new SessionProblem.NotSent("conversation.item.create"));
            result = gate.Submit(SessionIntent.ToolOutput(ready.CallId, ToolRunner.UnsentOutput, ready.ItemId));
        }

        if (result.IsAccepted)
        {
            host.Life?.Journal?.Save();
        }
        else
        {
            // Mostly the connection ended first, and no other can take the output: a new conversation does not know the call (FC-07).
            string rule = result.Rule is null or "SE-09" ? "FC-07" : result.Rule;
            if (end.Failure is null && rule == "FC-07")
            {
                host.Life?.KeepLate(ready.ItemId, ready.CallId, end.Output.Text);
            }

            host.Reporter.Tell(new SessionChange.ToolOutputDropped(ready.Turn, ready.ItemId, ready.CallId, ready.Name, rule));
        }
    }

    /// <summary>The question goes to whoever the policy of its server names. Nobody is left to wait for a question that nobody can answer: it is answered on the pool, where an answer may be given.</summary>
    private void AskForLeave(SessionChange.McpApprovalAsked asked)
    {
        var request = new McpApprovalRequest(asked.Server, asked.Name, asked.Arguments, asked.ItemId);
        Turn? turn = host.Turns.Find(asked.Turn);
        if ((turn?.Functions ?? host.Functions).FindServer(asked.Server) is not { } server)
        {
            _approvals.Start(request, static (_, _) => new(false), (_, _) => Answer(asked, isApproved: false, isAnswered: false, null));
        }
        else if (server.Approval.WhomToAsk(asked.Name) is { } somebody)
        {
            turn?.Ask(request);
            _approvals.Start(request, somebody, (isApproved, failure) => Answer(asked, isApproved, isAnswered: failure is null, failure));
        }
        else
        {
            _approvals.Start(request, static (_, _) => new(true), (_, _) => Answer(asked, isApproved: true, isAnswered: true, null));
        }
    }

    private void Answer(SessionChange.McpApprovalAsked asked, bool isApproved, bool isAnswered, Exception? failure)
    {
        if (!isAnswered)
        {
            host.Reporter.Report(new SessionProblem.ApprovalUnanswered(asked.Turn, asked.Server, asked.Name, failure));
        }

        gate.Submit(SessionIntent.AnswerApproval(asked.ItemId, isApproved)); // refused only when the connection has ended, and its questions with it
    }

    /// <param name="Turn">Whose call it is.</param>
    /// <param name="Call">The call.</param>
    /// <param name="Signals">What is told of it; null when nobody observes it.</param>
    private readonly record struct DeclaredCall(Turn? Turn, ToolCall Call, ToolSignals? Signals);
}
