using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What outlives a connection: the turns, the tools that run, and what the application is told. It makes of every change of a connection's
/// machine what the application sees of it. Told under the gate's lock, so it moves values only; it holds no machine and no transport.
/// </summary>
internal sealed class SessionHost(ToolRunner tools, SessionConfiguration configuration, SessionUpdates updates, DeferredLogger logger)
{
    // In the words of a server, since the failure is told as one that it stated.
    private static readonly ServerError UnexplainedFailure = new("mcp_call_failed", null, null, null, null);

    // The service's own, where a server states none.
    private static readonly TimeSpan UsualSilence = TimeSpan.FromMilliseconds(500);

    // Calls of functions that are declared only, by their item: the application answers them when it likes.
    private readonly Dictionary<string, (Turn? Turn, ToolCall Call)> _declared = new(StringComparer.Ordinal);
    private readonly ApprovalRunner _approvals = new(logger);
    private FunctionTable _functions = new(configuration.Tools);

    // What was stated last, and what of it everybody sees: whole, with the tools that the server took by it.
    private StatedSession _stated = new("", null, configuration with { Customize = null });
    private StatedSession _published = new("", null, configuration with { Customize = null });

    // The first configuration is the answer to what connecting asked for: that is no change.
    private bool _isConfigured;
    private bool _isConfiguredAnew;

    private string? _conversationId;

    // The turn that an intent has begun, for whoever submitted it: it may have ended already.
    private Turn? _begun;

    /// <summary>The turns that events can still belong to. Used under the gate's lock.</summary>
    public TurnBook Turns { get; } = new();

    /// <summary>What the user said. Used under the gate's lock.</summary>
    public UtteranceBook Utterances { get; } = new();

    /// <summary>Says what happens to the log and to the readers of the session's updates.</summary>
    public ChangeReporter Reporter { get; } = new(logger, updates);

    /// <summary>What the server says that the session is. May be read from any thread.</summary>
    public StatedSession Stated => Volatile.Read(ref _published);

    /// <summary>What was used so far. Its value may be read from any thread.</summary>
    public UsageBook Usage { get; } = new();

    /// <summary>The service's id of the conversation; null while it has not named it. May be read from any thread.</summary>
    public string? ConversationId => Volatile.Read(ref _conversationId);

    /// <summary>Reads what concerns the session as a whole, before the machine takes the event in. It is seen after <see cref="PublishStated"/>.</summary>
    public void Read(in ServerEvent e)
    {
        if (e.Kind is ServerEventKind.SessionCreated && e.TryGetSessionCreated(out SessionCreatedView created) && created.Session.HasValue)
        {
            _stated = _stated.With(created.Session.ToWritable());
        }
        else if (e.Kind is ServerEventKind.SessionUpdated && e.TryGetSessionUpdated(out SessionUpdatedView updated) && updated.Session.HasValue)
        {
            _stated = _stated.With(updated.Session.ToWritable());
            _isConfiguredAnew = _isConfigured;
            _isConfigured = true;
        }
        else
        {
            ReadNews(in e);
        }
    }

    /// <summary>Shows what was read, when all that follows from it is known. Does nothing when nothing was.</summary>
    public void PublishStated()
    {
        if (ReferenceEquals(_published, _stated))
        {
            return;
        }

        Volatile.Write(ref _published, _stated);
        if (_isConfiguredAnew)
        {
            _isConfiguredAnew = false;
            updates.Tell(new VoiceSessionUpdate.ConfigurationChanged(_stated.Configuration));
        }
    }

    /// <summary>The server has taken other tools; responses that it begins from now on may call them.</summary>
    public void UseTools(IReadOnlyList<VoiceTool> inForce)
    {
        _functions = new(inForce);
        _isConfiguredAnew = true;
        _stated = _stated with { Configuration = _stated.Configuration with { Tools = inForce } };
    }

    /// <summary>The application has given the output of a call that it answers itself.</summary>
    public void FinishDeclared(string callId)
    {
        foreach ((string itemId, (Turn? turn, ToolCall call)) in _declared)
        {
            if (call.CallId == callId)
            {
                _declared.Remove(itemId);
                turn?.FinishTool(call, null);
                return;
            }
        }
    }

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
        Utterances.Close();
        updates.Complete();
        tools.CancelAll();
        _approvals.CancelAll();
    }

    /// <summary>Takes one change of the machine behind this gate.</summary>
    public void Told(MachineGate gate, SessionChange change)
    {
        switch (change)
        {
            case SessionChange.TurnBegan began:
                var turn = new Turn(gate, logger, began.Turn, began.Origin, began.IsOutOfBand, gate.OutputEncoding, gate.Timestamp);
                turn.Utterance = turn.Origin is TurnOrigin.ServerTurnDetection ? Utterances.TakeAnswered() : null;
                Turns.Begin(turn);
                _begun = turn.Origin is TurnOrigin.Application ? turn : _begun;
                Reporter.Began(turn);
                break;
            case SessionChange.UtteranceBegan began:
                Utterance utterance = Utterances.Begin(began.Utterance);
                if (Turns.Find(began.Turn) is { } answer)
                {
                    answer.Utterance = utterance;
                }

                break;
            case SessionChange.SpeechStarted started when Utterances.Start(started) is { } heard:
                updates.Tell(new VoiceSessionUpdate.SpeechStarted(heard));
                break;
            case SessionChange.SpeechStopped stopped when Utterances.Stop(stopped, DoneAt(gate, stopped.Milliseconds)) is { } heard:
                updates.Tell(new VoiceSessionUpdate.SpeechStopped(heard));
                break;
            case SessionChange.InputCommitted committed:
                Utterances.Commit(committed, gate.Timestamp);
                break;
            case SessionChange.ItemTranscribed { Result: { Outcome: UtteranceOutcome.Failed } failed } unheard:
                LogMessages.TranscriptionFailed(logger, unheard.ItemId, failed.Error);
                break;
            case SessionChange.UtteranceEnded ended:
                Utterances.End(ended.Utterance, ended.Result);
                break;
            case SessionChange.TurnEnded ended:
                Turns.End(ended.Turn, ended.Outcome);
                break;
            case SessionChange.ResponseStarted started:
                if (Turns.Find(started.Turn) is { } answering)
                {
                    answering.StartResponse(started.ResponseId, started.Encoding);
                    answering.Functions = answering.OwnFunctions ?? _functions;
                }

                break;
            case SessionChange.ResponseTakenBack taken:
                Turns.Find(taken.Turn)?.TakeBackResponse(taken.ResponseId);
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
                _declared.Remove(withdrawn.ItemId);
                tools.Cancel(withdrawn.ItemId);
                break;
            case SessionChange.ToolCallOverdue overdue:
                if ((_declared.Remove(overdue.ItemId, out (Turn? Turn, ToolCall Call) declared) ? declared.Call : tools.GiveUp(overdue.ItemId)) is { } late)
                {
                    Turns.Find(overdue.Turn)?.FinishTool(late, new TimeoutException("The tool did not answer in time."));
                }

                break;
            case SessionChange.McpCallStarted started:
                Turns.Find(started.Turn)?.StartTool(new ToolCall(started.Name, started.ItemId, started.Arguments) { Turn = started.Turn, Server = started.Server });
                break;
            case SessionChange.McpCallCompleted completed:
                Turns.Find(completed.Turn)?.FinishMcpCall(completed.ItemId, null);
                break;
            case SessionChange.McpCallFailed failed:
                Turns.Find(failed.Turn)?.FinishMcpCall(failed.ItemId, new RealtimeRejectedException(failed.Error ?? UnexplainedFailure));
                break;
            case SessionChange.McpCallOverdue overdue:
                Turns.Find(overdue.Turn)?.FinishMcpCall(overdue.ItemId, new TimeoutException("Nothing was heard of the call for long."));
                break;
            case SessionChange.McpApprovalAsked asked:
                AskForLeave(gate, asked);
                break;
            case SessionChange.McpApprovalWithdrawn withdrawn:
                _approvals.Cancel(withdrawn.ItemId);
                break;
            case SessionChange.McpApprovalOverdue overdue:
                _approvals.Cancel(overdue.ItemId);
                break;
            case SessionChange.ResponseEnded ended:
                Usage.Ended(ended.Usage);
                Turns.Find(ended.Turn)?.EndResponse(ended.Usage);
                break;
            case SessionChange.ResponseUsageStated stated:
                Usage.Stated(stated.Usage);
                Turns.Find(stated.Turn)?.EndResponse(stated.Usage);
                break;
            case SessionChange.InputRejected rejected:
                Turns.Find(rejected.Turn)?.Reject(rejected.Error);
                break;
        }

        Reporter.Tell(change);
        TellItem(gate, change);
    }

    /// <summary>Items are told as values, which only the machine has.</summary>
    private void TellItem(MachineGate gate, SessionChange change)
    {
        switch (change)
        {
            case SessionChange.ItemAdded added:
                Tell(added.ItemId, static item => new VoiceSessionUpdate.ItemAdded(item));
                break;
            case SessionChange.ItemDone done:
                Tell(done.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
            case SessionChange.ItemTruncated cut:
                Tell(cut.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
            case SessionChange.ItemChanged changed:
                Tell(changed.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
        }

        void Tell(string itemId, Func<ConversationItem, VoiceSessionUpdate> update)
        {
            // What came and went in one event is not told as there.
            if (gate.FindItem(itemId) is { } item)
            {
                updates.Tell(update(item));
            }
        }
    }

    /// <summary>What decides nothing: it is told as it is.</summary>
    private void ReadNews(in ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.ConversationItemInputAudioTranscriptionCompleted when e.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView transcript):
                Usage.Transcribed(transcript);
                break;
            case ServerEventKind.RateLimitsUpdated when e.TryGetRateLimitsUpdated(out RateLimitsUpdatedView limits):
                updates.Tell(NewsReading.Limits(limits));
                break;
            case ServerEventKind.InputAudioBufferDtmfEventReceived when e.TryGetInputAudioBufferDtmfEventReceived(out InputAudioBufferDtmfEventReceivedView received) && NewsReading.Digit(received) is { } digit:
                updates.Tell(digit);
                break;
            case ServerEventKind.ResponseCreated when _conversationId is null && e.TryGetResponseCreated(out ResponseCreatedView begun) && begun.Response.ConversationId.HasValue:
                Volatile.Write(ref _conversationId, begun.Response.ConversationId.ToString());
                break;
            case ServerEventKind.ConversationCreated when e.TryGetConversationCreated(out ConversationCreatedView created) && created.Conversation.Id.HasValue:
                Volatile.Write(ref _conversationId, created.Conversation.Id.ToString());
                break;
        }
    }

    /// <summary>When the user was done: where a silence of known length has shown it, that comes after the speech. Where nothing tells, it is now.</summary>
    private long DoneAt(MachineGate gate, long? end)
    {
        TimeSpan silence = Stated.Configuration.TurnTaking is TurnTaking.ServerVad server ? server.Silence ?? UsualSilence : TimeSpan.Zero;
        return end is { } stated ? gate.Sent.HandedAt(stated - (long)silence.TotalMilliseconds) ?? gate.Timestamp : gate.Timestamp;
    }

    private void FinishTool(MachineGate gate, Turn? turn, SessionChange.ToolCallReady ready, ToolCall call, ToolEnd end)
    {
        if (!end.IsLate)
        {
            turn?.FinishTool(call, end.Failure);
        }

        SubmitResult result = gate.Submit(SessionIntent.ToolOutput(ready.CallId, end.Output.Text, ready.ItemId, end.Output.IsSilent));
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

    /// <summary>The question goes to whoever the policy of its server names. Nobody is left to wait for a question that nobody can answer: it is answered on the pool, where an answer may be given.</summary>
    private void AskForLeave(MachineGate gate, SessionChange.McpApprovalAsked asked)
    {
        var request = new McpApprovalRequest(asked.Server, asked.Name, asked.Arguments, asked.ItemId);
        Turn? turn = Turns.Find(asked.Turn);
        if ((turn?.Functions ?? _functions).FindServer(asked.Server) is not { } server)
        {
            _approvals.Start(request, static (_, _) => new(false), (_, _) => Answer(gate, asked, isApproved: false, isAnswered: false, null));
        }
        else if (server.Approval.WhomToAsk(asked.Name) is { } somebody)
        {
            turn?.Ask(request);
            _approvals.Start(request, somebody, (isApproved, failure) => Answer(gate, asked, isApproved, isAnswered: failure is null, failure));
        }
        else
        {
            _approvals.Start(request, static (_, _) => new(true), (_, _) => Answer(gate, asked, isApproved: true, isAnswered: true, null));
        }
    }

    private void Answer(MachineGate gate, SessionChange.McpApprovalAsked asked, bool isApproved, bool isAnswered, Exception? failure)
    {
        if (!isAnswered)
        {
            Reporter.Report(new SessionProblem.ApprovalUnanswered(asked.Turn, asked.Server, asked.Name, failure));
        }

        gate.Submit(SessionIntent.AnswerApproval(asked.ItemId, isApproved)); // refused only when the connection has ended, and its questions with it
    }

    private void StartTool(MachineGate gate, SessionChange.ToolCallReady ready)
    {
        var call = new ToolCall(ready.Name, ready.CallId, ready.Arguments) { Turn = ready.Turn };
        Turn? turn = Turns.Find(ready.Turn);
        turn?.StartTool(call);
        VoiceTool.Function? function = (turn?.Functions ?? _functions).Find(call.Name);
        if (function is { Run: null })
        {
            _declared[ready.ItemId] = (turn, call);
            return;
        }

        tools.Start(ready.ItemId, call, function, end => FinishTool(gate, turn, ready, call, end));
    }
}
