using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>What the application asks of the machine: each verb one lock, one answer, and at once what follows from it.</summary>
internal sealed partial class MachineGate
{
    /// <summary>What was spoken so far ends here, and becomes an item; see <see cref="SessionGate.EndInput()"/>.</summary>
    /// <param name="turn">The turn that it begins; 0 for none.</param>
    /// <param name="utterance">What it becomes; null while there is no connection.</param>
    public void EndInput(int turn, Utterance? utterance = null)
    {
        lock (Gate)
        {
            EndInput();
            _host.Speech?.Commit(turn, utterance?.Number ?? 0);
        }
    }

    /// <summary>What was spoken so far, and begins no turn, is forgotten: no connection sends it, or sends it again.</summary>
    public void ForgetInput()
    {
        lock (Gate)
        {
            EndInput();
            _host.Speech?.Clear();
        }
    }

    /// <summary>Gives up one turn: one that waits for a connection is withdrawn. Nothing happens when it has ended.</summary>
    public void Cancel(Turn turn)
    {
        lock (Gate)
        {
            if (_host.Life?.Withdraw(turn) is not true)
            {
                turn.Gate.Submit(SessionIntent.CancelTurn(turn.Number)); // another connection may have taken it over while this waited for the lock
            }
        }
    }

    /// <summary>Takes the place of the connection before this one: the writer's bytes are counted here from now on.</summary>
    public void Inherit(MachineGate before)
    {
        InheritHalfSample(before);
        _host.Turns.TellTaken(before._machine, before.Now);
        before.TakeEffects();
        _machine.GoOnPlaying(before._machine, Now, before.Now);
        _host.Turns.MoveEnded(this);
        EndFilling();
    }

    /// <summary>It was told what was said before, and is the session's connection from now on.</summary>
    public void EndFilling()
    {
        IsFilling = false;
        TellSpeechWhoEndsTurns();
    }

    private void TellSpeechWhoEndsTurns()
    {
        if (_host.Speech is { } speech)
        {
            speech.IsDetected = Statement.Published.Configuration.TurnTaking is { } taking && taking != TurnTaking.Manual;
        }
    }

    /// <summary>Sends a piece of the user's audio again that another connection had.</summary>
    public void SendAgain(UserSpeech speech, in UserSpeech.Piece piece)
    {
        lock (Gate)
        {
            var writer = new MessageWriter();
            speech.SendAgain(in piece, SendQueue.MaxAudioBytes, part =>
            {
                _machine.Submit(SessionIntent.AudioAppended(part.Length), Now);
                EventWriter.Write(writer, new InputAudioBufferAppend { Audio = part });
                SendQueue.Add(writer.Take() with { AudioBytes = (int)part.Length });
            });
            TakeEffects();
        }
    }

    /// <summary>What was sent again of the user's audio is committed, for a turn that waits for nothing else.</summary>
    public void CommitAgain(Turn turn)
    {
        lock (Gate)
        {
            _machine.Submit(SessionIntent.CommitInput(), Now, SendQueue.WaitingBytes);
            TakeEffects();
            turn.Utterance = _host.Utterances.TakeBegun() ?? turn.Utterance;
        }
    }

    /// <summary>The requests that no socket has had. Nothing is sent any more.</summary>
    public IReadOnlyList<WaitingRequest> TakeWaiting()
    {
        lock (Gate)
        {
            return _machine.TakeWaiting(SendQueue.Close());
        }
    }

    /// <summary>Submits what begins no turn and is not waited for.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="endsInput">True when what was spoken so far is to be forgotten.</param>
    public SubmitResult Submit(in SessionIntent intent, bool endsInput = false)
    {
        SubmitResult result;
        lock (Gate)
        {
            TellTaken();
            result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            TakeEffects();
            if (endsInput && result.IsAccepted)
            {
                ForgetInput();
            }
        }

        return result;
    }

    /// <summary>Submits what begins a turn or joins one.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="endsInput">True when what was spoken so far ends here; see <see cref="EndInput(int, Utterance)"/>.</param>
    /// <param name="functions">What the turn may call, where the request says so.</param>
    public (SubmitResult Result, Turn? Turn) SubmitTurn(in SessionIntent intent, bool endsInput = false, FunctionTable? functions = null)
    {
        SubmitResult result;
        Turn? turn;
        lock (Gate)
        {
            TellTaken();
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
                EndInput(result.Turn, turn?.Utterance);
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
                EndInput(turn: 0, begun);
            }

            return (result, begun, end);
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
            TellTaken();
            SubmitResult result = _machine.SubmitEvent(in e, Now, SendQueue.WaitingBytes);
            if (result.IsAccepted)
            {
                if (result.Turn != 0 && e.TryGetConversationItemCreate(out ConversationItemCreateView create) && create.Item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
                {
                    Calls.FinishDeclared(output.CallId.ToString());
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
            TellTaken();
            SubmitResult result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            Task<OperationResult> end = EndOf(in result);
            if (result is { IsAccepted: true, ItemId: { } itemId })
            {
                (_askedItems ??= [])[result.Operation] = itemId;
                if (result.Turn != 0 && given is ConversationItem.FunctionOutput output)
                {
                    Calls.FinishDeclared(output.CallId);
                }
            }

            TakeEffects();
            return (result, end);
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
                Calls.FinishDeclared(callId);
            }

            TakeEffects();
            return result;
        }
    }

    /// <summary>So much of a turn was played, wherever it is now.</summary>
    public void ReportPlayed(Turn turn, long bytes)
    {
        lock (Gate)
        {
            MachineGate present = turn.Gate;
            present._machine.Submit(SessionIntent.Played(turn.Number, bytes), present.Now);
            bool isHeardOut = turn.Play(bytes);
            present.TakeEffects();
            if (isHeardOut)
            {
                // Whoever goes on with the call must not say it again.
                present._host.Life?.Journal?.Save();
            }
        }
    }
}
