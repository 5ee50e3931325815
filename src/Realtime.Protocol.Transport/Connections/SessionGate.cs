using System.Diagnostics.CodeAnalysis;
using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What surrounds the machine of a connection, whatever kind of session it is: a lock, a clock, a timer, the queue of what is to be sent, and the
/// handles that somebody waits for. Which machine, and what its events are, is for a derived gate to say. Under the lock nothing waits and no code of the
/// application runs.
/// </summary>
internal abstract class SessionGate : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly SampleFormat _input;
    private readonly Dictionary<int, TaskCompletionSource<OperationResult>> _operations = [];
    private readonly Queue<string> _unsent = [];
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _inputIsOver;
    private int _halfSample;
    private long _timerAt = long.MaxValue;
    private RealtimeCloseReason? _verdict;

    private ServerError? _lastError;

    // The fatal error that the server's last message was, or brought out.
    private ServerError? _lastWord;

    /// <param name="input">What the input is counted in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reporter">Says what goes wrong.</param>
    /// <param name="sendQueue">What is to be sent.</param>
    /// <param name="gate">The session's lock.</param>
    protected SessionGate(AudioEncoding input, TimeProvider time, ChangeReporter reporter, SendQueue sendQueue, Lock gate)
    {
        (_input, _time, Reporter, SendQueue, Gate) = (SampleFormat.Of(input), time, reporter, sendQueue, gate);
        Sent = new SentAudio(time, input);
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static gate => ((SessionGate)gate!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock's present reading.</summary>
    public long Timestamp => _time.GetTimestamp();

    /// <summary>Breaks the connection off: the server does not answer any more, or said that the session is over. Called on the pool.</summary>
    public Action<RealtimeCloseReason>? BreakOff { get; set; }

    /// <summary>Why the machine has ended the session, though the connection still stands; null while it has not.</summary>
    public RealtimeCloseReason? Verdict => Volatile.Read(ref _verdict);

    /// <summary>The last error that the server reported here on its own: it may explain a connection that ends soon after.</summary>
    public ServerError? LastError => Volatile.Read(ref _lastError);

    /// <summary>How much of the user's audio went out, and when.</summary>
    public SentAudio Sent { get; }

    /// <summary>Says what happens to the log and to the readers of the session's updates.</summary>
    public ChangeReporter Reporter { get; }

    /// <summary>What is to be sent.</summary>
    public SendQueue SendQueue { get; }

    /// <summary>True once the server has opened the session, false when it never will.</summary>
    public Task<bool> Opened => _opened.Task;

    /// <summary>What kind of session the server opened instead of the one that was asked for; null while it has not.</summary>
    public string? OtherKind { get; private set; }

    /// <summary>Taken around every call of the machine: one for all connections of a session.</summary>
    protected Lock Gate { get; }

    /// <summary>The machine's time.</summary>
    protected long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    public TimeSpan Between(long from, long to) => _time.GetElapsedTime(from, to);

    /// <summary>Takes in a message that could not be read: it proves all the same that the server lives.</summary>
    public abstract void ReceiveRefused(ReadOnlySpan<byte> message);

    /// <summary>So many bytes of audio more lie ready in the input pipe; they are ordered before whatever is asked next, in whole samples.</summary>
    /// <param name="bytes">So many.</param>
    /// <returns>False when the session takes no more audio, now or ever.</returns>
    public bool AddAudio(long bytes)
    {
        lock (Gate)
        {
            long ready = bytes + _halfSample;
            long whole = _input.Whole(ready);
            _halfSample = (int)(ready - whole);
            bool isTaken = !_inputIsOver && (whole == 0 || SubmitAudio(whole, Now).IsAccepted);
            if (isTaken)
            {
                SendQueue.AddAudio(whole);
                Counted(whole);
            }

            TakeEffects();
            return isTaken;
        }
    }

    /// <summary>No more audio is taken from now on; what was taken before is sent.</summary>
    public void StopInput()
    {
        lock (Gate)
        {
            _inputIsOver = true;
        }
    }

    /// <summary>Why the session ended, when this is what the transport says of its connection: the server may have said more.</summary>
    public RealtimeCloseReason Explain(RealtimeCloseReason reason)
    {
        // A server that says that the session is over closes it at once: its goodbye may come before the break-off has run, and is not the reason.
        if (Verdict is { } verdict)
        {
            return verdict;
        }

        lock (Gate)
        {
            return reason.Kind is RealtimeCloseKind.ByPeer or RealtimeCloseKind.ConnectionLost ? reason with { Error = _lastWord } : reason;
        }
    }

    /// <summary>The connection ended: everything that waits ends with it. A second call does nothing.</summary>
    public void Close(RealtimeCloseReason reason)
    {
        lock (Gate)
        {
            CloseMachine(reason);
            TakeEffects();
            _opened.TrySetResult(false);
            Closed();
            SendQueue.Close();
        }
    }

    /// <summary>Whatever the transport says when it ends: this is why.</summary>
    public void EndAs(RealtimeCloseReason reason) => Judge(reason);

    public void Dispose() => _timer.Dispose();

    /// <summary>A message came: whatever the server said before was not its last word.</summary>
    protected void Hear() => _lastWord = null;

    /// <summary>The machine's next effect; false when there is none.</summary>
    protected abstract bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect);

    protected abstract SubmitResult SubmitAudio(long bytes, long now);

    protected abstract void ElapseMachine(long now);

    protected abstract void CloseMachine(RealtimeCloseReason reason);

    /// <summary>The machine hears of an event that was not sent in the words in which a server would have refused it.</summary>
    /// <param name="refusal">An event of the server's.</param>
    /// <param name="now">The time.</param>
    protected abstract void ReceiveRefusal(ReadOnlySpan<byte> refusal, long now);

    /// <summary>How an operation ended, with what is to be known of the session at that moment.</summary>
    protected abstract OperationResult ResultOf(int operation, bool isCompleted, ServerError? error);

    /// <summary>The connection has ended: nothing more is told to anybody.</summary>
    protected abstract void Closed();

    /// <summary>Gives the end of an operation that the machine has just taken.</summary>
    protected Task<OperationResult> EndOf(in SubmitResult result)
    {
        if (!result.IsAccepted)
        {
            return Task.FromResult(ResultOf(0, false, null));
        }

        if (_operations.TryGetValue(result.Operation, out TaskCompletionSource<OperationResult>? asked))
        {
            return asked.Task;
        }

        var end = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _operations[result.Operation] = end;
        return end.Task;
    }

    /// <summary>The writer's half sample, which the gate before this one had not counted yet.</summary>
    protected void InheritHalfSample(SessionGate before)
    {
        (_halfSample, before._halfSample) = (before._halfSample, 0);
        _inputIsOver = before._inputIsOver;
    }

    /// <summary>So much audio more lies ready.</summary>
    protected virtual void Counted(long bytes)
    {
    }

    /// <summary>So many bytes more lie ready that are thrown away.</summary>
    protected virtual void LeftOver(int bytes)
    {
    }

    // Half a sample that waits would shift every sample of what is spoken next by a byte.
    protected void EndInput()
    {
        if (_halfSample > 0)
        {
            SendQueue.AddLeftover(_halfSample);
            LeftOver(_halfSample);
            _halfSample = 0;
        }
    }

    /// <summary>Does what the machine has decided. After every call of it, and under the lock.</summary>
    protected void TakeEffects()
    {
        DrainEffects();
        RefuseUnsent();
    }

    /// <summary>Takes one change of the machine.</summary>
    protected virtual void Take(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.SessionOpened:
                _opened.TrySetResult(true);
                break;
            case SessionChange.SessionKindDiffers differs:
                OtherKind = differs.Stated;
                _opened.TrySetResult(false);
                break;
            case SessionChange.OperationCompleted completed:
                EndOperation(completed.Operation, isCompleted: true, error: null);
                break;
            case SessionChange.OperationFailed failed:
                EndOperation(failed.Operation, isCompleted: false, failed.Error);
                break;
            case SessionChange.ConnectionUnresponsive unresponsive:
                StartBreakOff(new(RealtimeCloseKind.Unresponsive, null, $"The server did not answer a request ({unresponsive.Rule})."));
                break;
            case SessionChange.SessionExpired expired:
                Judge(expired.Reason);
                StartBreakOff(expired.Reason);
                break;
            case SessionChange.ErrorSurfaced surfaced:
                Volatile.Write(ref _lastError, surfaced.Error);
                _lastWord = surfaced.Severity is ErrorSeverity.Fatal ? surfaced.Error : _lastWord;
                break;
        }
    }

    /// <summary>The session is over for this reason, whatever the connection says later.</summary>
    protected void Judge(RealtimeCloseReason verdict) => Volatile.Write(ref _verdict, verdict);

    private void Elapse()
    {
        lock (Gate)
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
                ElapseMachine(Now);
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

    private void DrainEffects()
    {
        while (TryTakeEffect(out SessionEffect? effect))
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
                    Take(changed.Change);
                    break;
            }
        }
    }

    /// <summary>The machine has decided to send this.</summary>
    protected virtual void Sending(SessionCommand command)
    {
    }

    private void Send(SessionCommand command)
    {
        Sending(command);
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

    private void RefuseUnsent()
    {
        while (_unsent.TryDequeue(out string? eventId))
        {
            byte[] refusal = Encoding.UTF8.GetBytes(
                $$$"""{"type":"error","event_id":"unsent","error":{"type":"invalid_request_error","code":"not_sent","message":"The event could not be written.","event_id":"{{{eventId}}}"}}""");
            ReceiveRefusal(refusal, Now);
            DrainEffects();
        }
    }

    // Elsewhere: closing takes this lock, and a transport of someone's own may do anything.
    private void StartBreakOff(RealtimeCloseReason reason) => _ = Task.Run(() => BreakOff?.Invoke(reason));

    private void EndOperation(int operation, bool isCompleted, ServerError? error)
    {
        if (_operations.Remove(operation, out TaskCompletionSource<OperationResult>? end))
        {
            end.SetResult(ResultOf(operation, isCompleted, error));
        }
    }
}
