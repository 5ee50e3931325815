using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The one place where the session machine lives: a lock, a clock and a timer around its verbs, and what its effects mean. Under the lock
/// nothing waits and no code of the application runs: what it is told is queued there and read or logged elsewhere.
/// </summary>
internal sealed class SessionEngine : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SessionMachine _machine;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly TurnBook _turns = new();
    private readonly SessionUpdates _updates;
    private readonly ILogger _logger;
    private readonly Dictionary<int, TaskCompletionSource<OperationResult>> _operations = [];
    private readonly Queue<string> _unsent = [];
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ToolRunner _tools;
    private readonly SampleFormat _input;
    private readonly AudioEncoding _output;
    private int _halfSample;

    // The turn that an intent has begun, for whoever submitted it: it may have ended already.
    private Turn? _begun;
    private long _timerAt = long.MaxValue;

    /// <param name="settings">For the machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tools">Runs what the model calls.</param>
    /// <param name="updates">Told of what happens; it ends with the connection.</param>
    /// <param name="logger">Never calls the application from here.</param>
    /// <param name="sendQueue">What is to be sent; null for a new one.</param>
    public SessionEngine(MachineSettings settings, TimeProvider time, ToolRunner tools, SessionUpdates updates, DeferredLogger logger, SendQueue? sendQueue = null)
    {
        (_machine, _time, _tools, _updates, _logger) = (new(settings), time, tools, updates, logger);
        (_input, _output) = (SampleFormat.Of(settings.InputEncoding), settings.OutputEncoding);
        Reporter = new(logger, updates);
        SendQueue = sendQueue ?? new();
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static engine => ((SessionEngine)engine!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Breaks the connection off: the server does not answer any more, or said that the session is over. Called on the pool.</summary>
    public Action<RealtimeCloseReason>? BreakOff { get; set; }

    /// <summary>Says what happens to the log and to the readers of the session's updates.</summary>
    public ChangeReporter Reporter { get; }

    /// <summary>What is to be sent.</summary>
    public SendQueue SendQueue { get; }

    /// <summary>True once the server has opened the session, false when it never will.</summary>
    public Task<bool> Opened => _opened.Task;

    /// <summary>The turns that the server began.</summary>
    public ChannelReader<Turn> ServerTurns => _turns.ServerTurns;

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    /// <summary>Takes in one event of the server: rules first, then content, then whatever follows from it.</summary>
    public void Receive(in ServerEvent e)
    {
        lock (_gate)
        {
            SessionFact fact = FactOf.Of(in e);
            if (fact.Kind is SessionFactKind.None)
            {
                _machine.Heard(default, Now);
            }
            else
            {
                if (fact.Kind is SessionFactKind.SpeechStarted)
                {
                    _turns.TellTaken(_machine, Now);
                }

                Reception reception = _machine.Receive(in fact, Now);
                _turns.Find(reception.Turn)?.Take(in e, reception.IsDropped);

                TakeEffects();
            }
        }
    }

    /// <summary>Takes in a message that could not be read: it proves all the same that the server lives, and the response that it names.</summary>
    public void ReceiveRefused(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            _machine.Heard(EventHeader.FindResponse(message), Now);
            TakeEffects();
        }
    }

    /// <summary>Submits what begins no turn and is not waited for.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="endsInput">True when what was spoken so far ends here; see <see cref="EndInput"/>.</param>
    public SubmitResult Submit(in SessionIntent intent, bool endsInput = false)
    {
        SubmitResult result;
        lock (_gate)
        {
            _turns.TellTaken(_machine, Now);
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            TakeEffects();
            if (endsInput && result.IsAccepted)
            {
                EndInput();
            }
        }

        return result;
    }

    /// <summary>Submits what begins a turn or joins one.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="endsInput">True when what was spoken so far ends here; see <see cref="EndInput"/>.</param>
    public (SubmitResult Result, Turn? Turn) SubmitTurn(in SessionIntent intent, bool endsInput = false)
    {
        SubmitResult result;
        Turn? turn;
        lock (_gate)
        {
            _turns.TellTaken(_machine, Now);
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            TakeEffects();
            turn = !result.IsAccepted ? null : _turns.Find(result.Turn) ?? _begun;
            _begun = null;
            if (endsInput && result.IsAccepted)
            {
                EndInput();
            }
        }

        return (result, turn);
    }

    /// <summary>Submits a single operation and gives its end.</summary>
    public (SubmitResult Result, Task<OperationResult> End) SubmitOperation(in SessionIntent intent)
    {
        var end = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        SubmitResult result;
        lock (_gate)
        {
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            if (result.IsAccepted)
            {
                _operations[result.Operation] = end;
            }
            else
            {
                end.SetResult(new(false, null));
            }

            TakeEffects();
        }

        return (result, end.Task);
    }

    /// <summary>So many bytes of audio more lie ready in the input pipe; they are ordered before whatever is asked next, in whole samples.</summary>
    public void AddAudio(long bytes)
    {
        lock (_gate)
        {
            long ready = bytes + _halfSample;
            long whole = _input.Whole(ready);
            _halfSample = (int)(ready - whole);
            if (whole > 0 && _machine.Submit(SessionIntent.AudioAppended(whole), Now).IsAccepted)
            {
                SendQueue.AddAudio(whole);
            }

            TakeEffects();
        }
    }

    public void ReportPlayed(Turn turn, long bytes)
    {
        lock (_gate)
        {
            _machine.Submit(SessionIntent.Played(turn.Number, bytes), Now);
            turn.Play(bytes);
            TakeEffects();
        }
    }

    /// <summary>The connection ended: everything that waits ends with it. A second call does nothing.</summary>
    public void Close(RealtimeCloseReason reason)
    {
        lock (_gate)
        {
            _machine.Close(reason);
            TakeEffects();
            _opened.TrySetResult(false);
            _turns.Close();
            _updates.Complete();
            SendQueue.Close();
        }

        _tools.CancelAll();
    }

    public void Dispose() => _timer.Dispose();

    // Half a sample that waits would shift every sample of what is spoken next by a byte.
    private void EndInput()
    {
        if (_halfSample > 0)
        {
            SendQueue.AddLeftover(_halfSample);
            _halfSample = 0;
        }
    }

    private void Elapse()
    {
        lock (_gate)
        {
            long at = _timerAt;
            if (Now < at)
            {
                // Timers may fire a little early, and one that was replaced may still fire.
                Arm(at);
            }
            else
            {
                _timerAt = long.MaxValue;
                _machine.Elapse(Now);
                TakeEffects();
            }
        }
    }

    private void Arm(long at)
    {
        _timerAt = at;
        if (at != long.MaxValue)
        {
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(at - Now, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
        }
    }

    private void TakeEffects()
    {
        DrainEffects();
        RefuseUnsent();
    }

    private void DrainEffects()
    {
        while (_machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.Send send:
                    Send(send.Command);
                    break;
                case SessionEffect.SetTimer timer:
                    Arm(timer.At);
                    break;
                case SessionEffect.Changed changed:
                    Apply(changed.Change);
                    Reporter.Tell(changed.Change);
                    break;
            }
        }
    }

    private void Send(SessionCommand command)
    {
        try
        {
            SendQueue.Add(command);
        }
        catch (Exception)
        {
            // A bug of ours: an intent is measured before the machine hears of it. Nothing else is harmed by it.
            Reporter.Report(new SessionProblem.NotSent(command.EventType));
            _unsent.Enqueue(command.EventId);
        }
    }

    // The machine hears of an event that was not sent in the words in which a server would have refused it.
    private void RefuseUnsent()
    {
        while (_unsent.TryDequeue(out string? eventId))
        {
            byte[] refusal = Encoding.UTF8.GetBytes(
                $$$"""{"type":"error","event_id":"unsent","error":{"type":"invalid_request_error","code":"not_sent","message":"The event could not be written.","event_id":"{{{eventId}}}"}}""");
            if (ServerEvent.TryRead(refusal, out ServerEvent error, out _))
            {
                SessionFact fact = FactOf.Of(in error);
                _machine.Receive(in fact, Now);
                DrainEffects();
            }
        }
    }

    private void Apply(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.SessionOpened:
                _opened.TrySetResult(true);
                break;
            case SessionChange.OperationCompleted completed:
                EndOperation(completed.Operation, new(true, null));
                break;
            case SessionChange.OperationFailed failed:
                EndOperation(failed.Operation, new(false, failed.Error));
                break;
            case SessionChange.TurnBegan began:
                var turn = new Turn(this, _logger, began.Turn, began.Origin, _output, _time.GetTimestamp());
                _turns.Begin(turn);
                _begun = turn.Origin is TurnOrigin.Application ? turn : _begun;
                Reporter.Began(turn);
                break;
            case SessionChange.TurnEnded ended:
                _turns.End(ended.Turn, ended.Outcome);
                break;
            case SessionChange.ResponseStarted started:
                _turns.Find(started.Turn)?.StartResponse(started.ResponseId, started.Encoding);
                break;
            case SessionChange.PlaybackStopped stopped:
                _turns.Silence(stopped.Turn, stopped.Reason, stopped.Heard);
                break;
            case SessionChange.TurnForgotten forgotten:
                _turns.Forget(forgotten.Turn);
                break;
            case SessionChange.ToolCallReady ready:
                StartTool(ready);
                break;
            case SessionChange.ToolCallWithdrawn withdrawn:
                _tools.Cancel(withdrawn.ItemId);
                break;
            case SessionChange.ToolCallOverdue overdue:
                if (_tools.GiveUp(overdue.ItemId) is { } late)
                {
                    _turns.Find(overdue.Turn)?.FinishTool(late, new TimeoutException("The tool did not answer in time."));
                }

                break;
            case SessionChange.ResponseEnded ended:
                _turns.Find(ended.Turn)?.EndResponse(ended.Usage);
                break;
            case SessionChange.ConnectionUnresponsive unresponsive:
                StartBreakOff(new(RealtimeCloseKind.Unresponsive, null, $"The server did not answer a request ({unresponsive.Rule})."));
                break;
            case SessionChange.SessionExpired:
                StartBreakOff(new(RealtimeCloseKind.Expired, null, "The session reached its longest duration."));
                break;
            case SessionChange.InputRejected rejected:
                _turns.Find(rejected.Turn)?.Reject(rejected.Error);
                break;
        }
    }

    // Elsewhere: closing takes this lock, and a transport of someone's own may do anything.
    private void StartBreakOff(RealtimeCloseReason reason) => _ = Task.Run(() => BreakOff?.Invoke(reason));

    private void EndOperation(int operation, OperationResult result)
    {
        if (_operations.Remove(operation, out TaskCompletionSource<OperationResult>? end))
        {
            end.SetResult(result);
        }
    }

    private void FinishTool(Turn? turn, SessionChange.ToolCallReady ready, ToolCall call, ToolEnd end)
    {
        if (!end.IsLate)
        {
            lock (_gate)
            {
                turn?.FinishTool(call, end.Failure);
            }
        }

        SubmitResult result = Submit(SessionIntent.ToolOutput(ready.CallId, end.Output, ready.ItemId));
        if (result is { IsAccepted: false, Rule: "BP-04" })
        {
            Reporter.Report(new SessionProblem.NotSent("conversation.item.create"));
            result = Submit(SessionIntent.ToolOutput(ready.CallId, ToolRunner.UnsentOutput, ready.ItemId));
        }

        if (!result.IsAccepted)
        {
            // Mostly the connection ended first, and no other can take the output: a new conversation does not know the call (FC-07).
            string rule = result.Rule is null or "SE-09" ? "FC-07" : result.Rule;
            Reporter.Tell(new SessionChange.ToolOutputDropped(ready.Turn, ready.ItemId, ready.CallId, ready.Name, rule));
        }
    }

    private void StartTool(SessionChange.ToolCallReady ready)
    {
        var call = new ToolCall(ready.Name, ready.CallId, ready.Arguments);
        Turn? turn = _turns.Find(ready.Turn);
        turn?.StartTool(call);
        _tools.Start(ready.ItemId, call, end => FinishTool(turn, ready, call, end));
    }
}

/// <summary>How one operation ended.</summary>
/// <param name="IsCompleted">True when the server did it.</param>
/// <param name="Error">Why it did not; null when the connection ended first.</param>
internal readonly record struct OperationResult(bool IsCompleted, ServerError? Error);
