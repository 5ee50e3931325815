using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>What is asked for in every state of the session: it is sent, it waits for the next connection, or it is refused with the rule that says why.</summary>
internal sealed partial class SessionLife
{
    // A commit has so much audio at least (TD-03).
    private const long LeastCommit = 100;

    private readonly HeldTurns _held = new();

    /// <summary>Asks for a turn.</summary>
    /// <param name="intent">What is asked.</param>
    /// <param name="request">What the response does differently; null for nothing.</param>
    /// <param name="endsInput">True when what was spoken so far begins it.</param>
    /// <exception cref="RealtimeRefusedException">The session drains (SE-11), too many wait for a connection (BP-04), or a rule forbids it.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public Turn Ask(in SessionIntent intent, ResponseRequest? request, bool endsInput)
    {
        FunctionTable? functions = request?.Tools is { } tools ? new(tools) : null;
        using Lock.Scope scope = Enter(out VoiceConnection current);
        if (IsBetween)
        {
            return Hold(in intent, functions, request?.IsOutOfBand is true, endsInput);
        }

        (SubmitResult result, Turn? turn) = current.Gate.SubmitTurn(in intent, endsInput, functions);
        return turn ?? throw Refusal(current, in result);
    }

    /// <summary>Takes a turn out that waits for a connection; false when it does not. Under the session's lock.</summary>
    public bool Withdraw(Turn turn)
    {
        if (!_held.Remove(turn))
        {
            return false;
        }

        _host.EndTurn(turn.Number, new TurnOutcome.Withdrawn());
        Journal?.Save();
        return true;
    }

    /// <summary>Silences the model, and withdraws what waits.</summary>
    public void Interrupt()
    {
        using Lock.Scope scope = Enter(out VoiceConnection current);
        foreach (HeldTurn held in _held.TakeAll())
        {
            _host.EndTurn(held.Turn.Number, new TurnOutcome.Withdrawn());
        }

        if (IsBetween)
        {
            Journal?.Save();
        }

        current.Gate.Submit(SessionIntent.Interrupt());
    }

    /// <summary>Why nothing was sent, as the application learns it.</summary>
    public RealtimeException Refusal(VoiceConnection connection, in SubmitResult result) =>
        (CloseReason ?? connection.Connection.CloseReason) is { } reason ? Closed(reason)
        : new RealtimeRefusedException(result.Rule ?? "", result.Message ?? "The request was refused.");

    /// <summary>Why an operation came to nothing, as the application learns it.</summary>
    /// <param name="connection">On which it was asked.</param>
    /// <param name="result">Its end.</param>
    /// <param name="unanswered">What is told when nobody said why and the connection still stands.</param>
    public RealtimeException Failure(VoiceConnection connection, in OperationResult result, ServerError unanswered) =>
        result.Error is { } error ? new RealtimeRejectedException(error)
        : connection.Connection.CloseReason is { } reason ? Closed(reason)
        : new RealtimeRejectedException(unanswered);

    /// <summary>A connection has ended, and whoever asked something of it is told whether the session has.</summary>
    public RealtimeClosedException Closed(RealtimeCloseReason reason) => new(reason) { IsReconnecting = CloseReason is null && Phase is not (ContinuityPhase.Draining or ContinuityPhase.Ended) };

    private Turn Hold(in SessionIntent intent, FunctionTable? functions, bool isOutOfBand, bool endsInput)
    {
        if (!_held.HasRoom)
        {
            throw new RealtimeRefusedException("BP-04", $"You asked for more than {HeldTurns.Most} turns while the session has no connection; ask again when it is told as resumed.");
        }

        if (endsInput && RefusalOfSpeech() is { } refusal)
        {
            throw new RealtimeRefusedException("TD-03", refusal);
        }

        Turn turn = _host.NewTurn(_current.Gate, _host.Numbers.NextTurn(), TurnOrigin.Application, isOutOfBand);
        if (endsInput)
        {
            _current.Gate.EndInput(turn.Number);
        }

        _held.Add(new(turn, intent.OfTurn(turn.Number), functions));
        Journal?.Save();
        return turn;
    }

    private string? RefusalOfSpeech() =>
        _host.Speech is not { IsDetected: false } speech ? "You ended a turn, and the server ends the turns of this session."
        : speech.UncommittedBytes < SampleFormat.Of(_current.Gate.InputEncoding).Bytes(LeastCommit) ? "You ended a turn with less than 100 ms of audio."
        : null;
}
