using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The one place where the machine of a voice connection lives, behind the lock of its gate. What a handle waits for ends here, and every change is told to the host.
/// </summary>
internal sealed class MachineGate : SessionGate
{
    private readonly SessionMachine _machine;
    private readonly SessionHost _host;

    // The tools of configurations that the server has not answered, by operation: a late answer counts.
    private readonly Dictionary<int, IReadOnlyList<VoiceTool>> _askedTools = [];

    // The items of operations that have not ended, by operation; null while there was none.
    private Dictionary<int, string>? _askedItems;
    private ConversationItem? _retrieved;

    /// <param name="settings">For the machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="host">Told of every change.</param>
    /// <param name="sendQueue">What is to be sent; null for a new one.</param>
    public MachineGate(MachineSettings settings, TimeProvider time, SessionHost host, SendQueue? sendQueue = null)
        : base(settings.InputEncoding, time, host.Reporter, sendQueue ?? new()) =>
        (_machine, _host, OutputEncoding, Purpose) = (new(settings), host, settings.OutputEncoding, settings.Purpose);

    /// <summary>What the session is for.</summary>
    public SessionPurpose Purpose { get; }

    /// <summary>What the server was asked to speak in.</summary>
    public AudioEncoding OutputEncoding { get; }

    /// <summary>Takes in one event of the server: rules first, then whatever follows from it, then content.</summary>
    public void Receive(in ServerEvent e)
    {
        lock (Gate)
        {
            Hear();
            SessionFact fact = FactOf.Of(in e);
            _host.Read(in e);
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

                Reception reception = _machine.Receive(in fact, Now);

                if (reception.Utterance != 0)
                {
                    _host.Utterances.Find(reception.Utterance)?.Take(_machine.TranscriptPiece);
                }

                // First what follows: the first news of a response may be its first words (RC-26), and its turn begins before it takes them.
                // No turn ends by words that it is to take.
                TakeEffects();
                _host.PublishStated();
                _host.Turns.Find(reception.Turn)?.Take(in e, reception.IsDropped);
            }
        }
    }

    /// <summary>Takes in a message that could not be read: it proves all the same that the server lives, and the response that it names.</summary>
    public override void ReceiveRefused(ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            Hear();
            _machine.Heard(EventHeader.FindResponse(message, out bool isDone), isDone, Now);
            TakeEffects();
        }
    }

    /// <summary>Submits what begins no turn and is not waited for.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="endsInput">True when what was spoken so far ends here; see <see cref="SessionGate.EndInput"/>.</param>
    public SubmitResult Submit(in SessionIntent intent, bool endsInput = false)
    {
        SubmitResult result;
        lock (Gate)
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
    /// <param name="endsInput">True when what was spoken so far ends here; see <see cref="SessionGate.EndInput"/>.</param>
    /// <param name="functions">What the turn may call, where the request says so.</param>
    public (SubmitResult Result, Turn? Turn) SubmitTurn(in SessionIntent intent, bool endsInput = false, FunctionTable? functions = null)
    {
        SubmitResult result;
        Turn? turn;
        lock (Gate)
        {
            _host.Turns.TellTaken(_machine, Now);
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            TakeEffects();
            Turn? begun = _host.TakeBegun();
            turn = !result.IsAccepted ? null : _host.Turns.Find(result.Turn) ?? begun;
            if (functions is not null && turn is not null)
            {
                turn.OwnFunctions = functions; // such a request joins no other
            }

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
        lock (Gate)
        {
            SubmitResult result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            Task<OperationResult> end = EndOf(in result);
            if (result.IsAccepted && tools is not null)
            {
                _askedTools[result.Operation] = tools;
            }

            TakeEffects();
            return (result, end);
        }
    }

    /// <summary>Commits what was flushed, and gives what that is and the end of the operation.</summary>
    public (SubmitResult Result, Utterance? Utterance, Task<OperationResult> End) SubmitCommit()
    {
        lock (Gate)
        {
            SubmitResult result = _machine.Submit(SessionIntent.CommitInput(), Now, SendQueue.WaitingBytes);
            Task<OperationResult> end = EndOf(in result);
            TakeEffects();
            Utterance? begun = _host.Utterances.TakeBegun();
            if (result.IsAccepted)
            {
                EndInput();
            }

            return (result, begun, end);
        }
    }

    /// <summary>The utterances that have not ended: their transcripts are due.</summary>
    public Utterance[] OpenUtterances()
    {
        lock (Gate)
        {
            return [.. _host.Utterances.Open];
        }
    }

    /// <summary>Sends an event that the application wrote by itself.</summary>
    /// <param name="e">What it says.</param>
    /// <param name="written">Where it lies written; its block is taken when the event is accepted.</param>
    /// <param name="ticket">Ends when it is sent, or with the connection.</param>
    public SubmitResult SubmitEvent(scoped in ClientEvent e, MessageWriter written, SendTicket ticket)
    {
        lock (Gate)
        {
            _host.Turns.TellTaken(_machine, Now);
            SubmitResult result = _machine.SubmitEvent(in e, Now, SendQueue.WaitingBytes);
            if (result.IsAccepted)
            {
                if (result.Turn != 0 && e.TryGetConversationItemCreate(out ConversationItemCreateView create) && create.Item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
                {
                    _host.FinishDeclared(output.CallId.ToString());
                }

                // Ahead of what follows from it.
                SendQueue.Add(written.Take() with { Ticket = ticket });
            }

            TakeEffects();
            return result;
        }
    }

    /// <summary>Submits an operation on one item and gives its end, with the item as it is then.</summary>
    public (SubmitResult Result, Task<OperationResult> End) SubmitItem(in SessionIntent intent, ConversationItem? given = null)
    {
        lock (Gate)
        {
            _host.Turns.TellTaken(_machine, Now);
            SubmitResult result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            Task<OperationResult> end = EndOf(in result);
            if (result is { IsAccepted: true, ItemId: { } itemId })
            {
                (_askedItems ??= [])[result.Operation] = itemId;
                if (result.Turn != 0 && given is ConversationItem.FunctionOutput output)
                {
                    _host.FinishDeclared(output.CallId);
                }
            }

            TakeEffects();
            return (result, end);
        }
    }

    /// <summary>The conversation, as the server's events state it.</summary>
    public IReadOnlyList<ConversationItem> Items
    {
        get
        {
            lock (Gate)
            {
                return _machine.Items;
            }
        }
    }

    /// <summary>The item with this id; null when the conversation does not hold it.</summary>
    public ConversationItem? FindItem(string itemId)
    {
        lock (Gate)
        {
            return _machine.FindItem(itemId);
        }
    }

    /// <summary>What these responses made, in order.</summary>
    public IReadOnlyList<ConversationItem> ItemsOf(IEnumerable<string> responseIds)
    {
        lock (Gate)
        {
            return [.. responseIds.SelectMany(_machine.ItemsOf)];
        }
    }

    /// <summary>Gives the output of a call that the application makes by itself.</summary>
    public SubmitResult SubmitToolOutput(string callId, ToolCallOutput output)
    {
        lock (Gate)
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

    public void ReportPlayed(Turn turn, long bytes)
    {
        lock (Gate)
        {
            _machine.Submit(SessionIntent.Played(turn.Number, bytes), Now);
            turn.Play(bytes);
            TakeEffects();
        }
    }

    protected override bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _machine.TryTakeEffect(out effect);

    protected override SubmitResult SubmitAudio(long bytes, long now) => _machine.Submit(SessionIntent.AudioAppended(bytes), now);

    protected override void ElapseMachine(long now) => _machine.Elapse(now);

    protected override void CloseMachine(RealtimeCloseReason reason) => _machine.Close(reason);

    protected override void Closed() => _host.Close();

    protected override void ReceiveRefusal(ReadOnlySpan<byte> refusal, long now)
    {
        if (ServerEvent.TryRead(refusal, out ServerEvent error, out _))
        {
            SessionFact fact = FactOf.Of(in error);
            _machine.Receive(in fact, now);
        }
    }

    protected override OperationResult ResultOf(int operation, bool isCompleted, ServerError? error)
    {
        _host.PublishStated();
        ConversationItem? item = null;
        if (_askedItems is not null && _askedItems.Remove(operation, out string? itemId) && isCompleted)
        {
            item = _retrieved ?? _machine.FindItem(itemId);
            _retrieved = null;
        }

        return new(isCompleted, error, _host.Stated.Configuration, item);
    }

    protected override void Take(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.SessionOpened:
                _host.PublishStated(); // beside a call nothing is configured, so whoever waits for the opening reads it next
                break;
            case SessionChange.ConfigurationTaken taken:
                TakeTools(taken.Operation);
                break;
            case SessionChange.ItemRetrieved retrieved:
                _retrieved = retrieved.Item; // its handle is completed next
                break;
            case SessionChange.OperationFailed { Error: not null } failed:
                _askedTools.Remove(failed.Operation);
                break;
        }

        base.Take(change);
        _host.Told(this, change);
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
/// <param name="InForce">The configuration of a voice session at that moment; null for another kind of session.</param>
/// <param name="Item">The item that it was about, at that moment; null when it was about none, or failed, or the conversation does not hold it.</param>
internal readonly record struct OperationResult(bool IsCompleted, ServerError? Error, SessionConfiguration? InForce, ConversationItem? Item = null);
