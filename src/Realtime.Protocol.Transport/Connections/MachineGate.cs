using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The one place where the machine of a connection lives: a lock, a clock and a timer around its verbs. What is to be sent goes to the queue,
/// what a handle waits for ends here, and every change is told to the host. Under the lock nothing waits and no code of the application runs.
/// </summary>
internal sealed class MachineGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SessionMachine _machine;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly SessionHost _host;
    private readonly Dictionary<int, TaskCompletionSource<OperationResult>> _operations = [];

    // The tools of configurations that the server has not answered, by operation: a late answer counts.
    private readonly Dictionary<int, IReadOnlyList<VoiceTool>> _askedTools = [];
    private readonly Queue<string> _unsent = [];
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SampleFormat _input;
    private int _halfSample;
    private long _timerAt = long.MaxValue;
    private RealtimeCloseReason? _verdict;

    /// <param name="settings">For the machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="host">Told of every change.</param>
    /// <param name="sendQueue">What is to be sent; null for a new one.</param>
    public MachineGate(MachineSettings settings, TimeProvider time, SessionHost host, SendQueue? sendQueue = null)
    {
        (_machine, _time, _host) = (new(settings), time, host);
        (_input, OutputEncoding) = (SampleFormat.Of(settings.InputEncoding), settings.OutputEncoding);
        SendQueue = sendQueue ?? new();
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static gate => ((MachineGate)gate!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the server was asked to speak in.</summary>
    public AudioEncoding OutputEncoding { get; }

    /// <summary>The clock's present reading.</summary>
    public long Timestamp => _time.GetTimestamp();

    /// <summary>Breaks the connection off: the server does not answer any more, or said that the session is over. Called on the pool.</summary>
    public Action<RealtimeCloseReason>? BreakOff { get; set; }

    /// <summary>Why the machine has ended the session, and every turn of it, though the connection still stands; null while it has not.</summary>
    public RealtimeCloseReason? Verdict => Volatile.Read(ref _verdict);

    /// <summary>What is to be sent.</summary>
    public SendQueue SendQueue { get; }

    /// <summary>True once the server has opened the session, false when it never will.</summary>
    public Task<bool> Opened => _opened.Task;

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    /// <summary>Takes in one event of the server: rules first, then whatever follows from it, then content.</summary>
    public void Receive(in ServerEvent e)
    {
        lock (_gate)
        {
            SessionFact fact = FactOf.Of(in e);
            if (fact.Kind is SessionFactKind.None)
            {
                _machine.Heard(default, isDone: false, Now);
            }
            else
            {
                if (fact.Kind is SessionFactKind.SpeechStarted)
                {
                    _host.Turns.TellTaken(_machine, Now);
                }

                _host.Read(in e);

                Reception reception = _machine.Receive(in fact, Now);

                // First what follows: the first news of a response may be its first words (RC-26), and its turn begins before it takes them.
                // No turn ends by words that it is to take.
                TakeEffects();
                _host.PublishStated();
                _host.Turns.Find(reception.Turn)?.Take(in e, reception.IsDropped);
            }
        }
    }

    /// <summary>Takes in a message that could not be read: it proves all the same that the server lives, and the response that it names.</summary>
    public void ReceiveRefused(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            _machine.Heard(EventHeader.FindResponse(message, out bool isDone), isDone, Now);
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
            _host.Turns.TellTaken(_machine, Now);
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
            _host.Turns.TellTaken(_machine, Now);
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            TakeEffects();
            Turn? begun = _host.TakeBegun();
            turn = !result.IsAccepted ? null : _host.Turns.Find(result.Turn) ?? begun;
            if (endsInput && result.IsAccepted)
            {
                EndInput();
            }
        }

        return (result, turn);
    }

    /// <summary>Submits a single operation and gives its end.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="tools">What the model may call once the server has acknowledged it; null leaves it.</param>
    public (SubmitResult Result, Task<OperationResult> End) SubmitOperation(in SessionIntent intent, IReadOnlyList<VoiceTool>? tools = null)
    {
        var end = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        SubmitResult result;
        lock (_gate)
        {
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            if (result.IsAccepted)
            {
                _operations[result.Operation] = end;
                if (tools is not null)
                {
                    _askedTools[result.Operation] = tools;
                }
            }
            else
            {
                end.SetResult(new(false, null, _host.Stated.Configuration));
            }

            TakeEffects();
        }

        return (result, end.Task);
    }

    /// <summary>Gives the output of a call that the application makes by itself.</summary>
    public SubmitResult SubmitToolOutput(string callId, ToolCallOutput output)
    {
        lock (_gate)
        {
            SubmitResult result = _machine.Submit(SessionIntent.ToolOutput(callId, output.Text ?? "", isSilent: output.IsSilent), Now, SendQueue.WaitingBytes);
            if (result.IsAccepted)
            {
                _host.FinishDeclared(callId);
            }

            TakeEffects();
            return result;
        }
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
            _host.Close();
            SendQueue.Close();
        }
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
                    _host.Told(this, changed.Change);
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
            _host.Reporter.Report(new SessionProblem.NotSent(command.EventType));
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
            case SessionChange.ConfigurationTaken taken:
                TakeTools(taken.Operation);
                break;
            case SessionChange.OperationCompleted completed:
                EndOperation(completed.Operation, isCompleted: true, error: null);
                break;
            case SessionChange.OperationFailed failed:
                if (failed.Error is not null)
                {
                    _askedTools.Remove(failed.Operation);
                }

                EndOperation(failed.Operation, isCompleted: false, failed.Error);
                break;
            case SessionChange.ConnectionUnresponsive unresponsive:
                StartBreakOff(new(RealtimeCloseKind.Unresponsive, null, $"The server did not answer a request ({unresponsive.Rule})."));
                break;
            case SessionChange.SessionExpired:
                var expired = new RealtimeCloseReason(RealtimeCloseKind.Expired, null, "The session reached its longest duration.");
                Volatile.Write(ref _verdict, expired);
                StartBreakOff(expired);
                break;
        }
    }

    // Elsewhere: closing takes this lock, and a transport of someone's own may do anything.
    private void StartBreakOff(RealtimeCloseReason reason) => _ = Task.Run(() => BreakOff?.Invoke(reason));

    private void EndOperation(int operation, bool isCompleted, ServerError? error)
    {
        if (_operations.Remove(operation, out TaskCompletionSource<OperationResult>? end))
        {
            _host.PublishStated();
            end.SetResult(new(isCompleted, error, _host.Stated.Configuration));
        }
    }

    // Configurations are answered in order, so those before it are answered too, or lost.
    private void TakeTools(int operation)
    {
        if (_askedTools.TryGetValue(operation, out IReadOnlyList<VoiceTool>? tools))
        {
            _host.UseTools(tools);
        }

        foreach (int answered in _askedTools.Keys.Where(asked => asked <= operation).ToArray())
        {
            _askedTools.Remove(answered);
        }
    }
}

/// <summary>How one operation ended.</summary>
/// <param name="IsCompleted">True when the server did it.</param>
/// <param name="Error">Why it did not; null when the connection ended first.</param>
/// <param name="InForce">The session's configuration at that moment.</param>
internal readonly record struct OperationResult(bool IsCompleted, ServerError? Error, SessionConfiguration InForce);
