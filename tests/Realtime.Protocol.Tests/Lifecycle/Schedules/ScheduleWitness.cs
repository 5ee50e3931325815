using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// Watches a client from outside, by the frames that were delivered to it and by those that it sent: what a client may never do is checked at the moment it does it. It knows the rules and
/// nothing of the machine.
/// </summary>
internal sealed class ScheduleWitness
{
    private const long Second = 1_000;

    private readonly Dictionary<string, Answer> _answers = [];
    private readonly HashSet<string> _truncated = [];
    private readonly HashSet<string> _toBeDeleted = [];
    private readonly HashSet<string> _toBeCut = [];
    private readonly Dictionary<int, int> _utteranceEnds = [];
    // The turn whose stream took audio of an item: what is known of playback is known of a turn.
    private readonly Dictionary<string, int> _turnOf = [];
    private readonly HashSet<string> _callItems = [];
    private readonly HashSet<string> _callsTold = [];
    private readonly HashSet<string> _callsNotComplete = [];
    private readonly Dictionary<string, int> _mcpCalls = [];
    private readonly HashSet<string> _mcpCallsTold = [];
    private readonly HashSet<string> _questionsTold = [];
    private readonly HashSet<string> _heardOf = [];
    private readonly HashSet<string> _begun = [];
    private readonly HashSet<string> _announced = [];
    private readonly HashSet<string> _ended = [];
    private readonly Dictionary<string, int> _endedWhenSent = [];
    private readonly HashSet<int> _silenced = [];
    private readonly HashSet<int> _asides = [];
    private readonly HashSet<string> _asideTokens = [];
    private readonly HashSet<string> _outside = [];
    // What was asked for beside the conversation and has not begun: output that nobody announced may be of it.
    private readonly Dictionary<string, long> _asidesAsked = [];
    private readonly List<(int Turn, string Id)> _responses = [];
    private readonly Dictionary<string, string> _cancels = [];
    private int? _timedOut;
    private string? _open;
    private (string EventId, string Token, long SentAt)? _unanswered;
    private string? _newestCreate;
    private long _lastHeard = long.MinValue;
    private long? _lastCancel;

    private sealed class Answer
    {
        public long? CancelledAt { get; set; }
        public int Cancels { get; set; }
        public int Refusals { get; set; }
        public bool WasCutShort { get; set; }
        public List<string> CompletedCalls { get; } = [];
        public bool IsCompleted { get; set; }
    }

    /// <summary>Bytes of audio by item, as delivered.</summary>
    public Dictionary<string, long> Received { get; } = [];

    /// <summary>What the server said that the conversation holds, whatever its order.</summary>
    public Dictionary<string, long> Held { get; } = [];

    /// <summary>Bytes of audio by item, as reported.</summary>
    public Dictionary<string, long> Played { get; } = [];

    /// <summary>How often each turn that began has ended.</summary>
    public Dictionary<int, int> TurnEnds { get; } = [];

    /// <summary>How often each operation that began has ended.</summary>
    public Dictionary<int, int> OperationEnds { get; } = [];

    /// <summary>Calls that wait for their output.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The response that runs, as far as anybody can tell.</summary>
    public string? Open => _open;

    /// <summary>Questions about remote MCP servers that wait for their answer.</summary>
    public List<string> Questions { get; } = [];

    public bool WasGivenUp { get; private set; }

    /// <summary>What the server says comes once, and in order.</summary>
    public bool HearsInOrder { get; init; }

    /// <summary>What the client knows from now on, worked out here a second time.</summary>
    public void Delivered(FrameGlance said, bool everyConversationIsNull, long now)
    {
        _lastHeard = now;
        bool isItsOwn = said.Type is "response.created" or "response.done";
        bool isAside = _outside.Contains(said.Response) || _asideTokens.Contains(said.Token)
            || said.Response.StartsWith("aside", StringComparison.Ordinal) || (said.IsOutOfBand && !everyConversationIsNull);
        if (isAside)
        {
            _outside.Add(said.Response);
        }

        _heardOf.Add(said.Response);
        if (isItsOwn)
        {
            _asidesAsked.Remove(said.Token);
        }

        bool mayBeAside = !isItsOwn && _asidesAsked.Values.Any(sentAt => now < sentAt + (10 * Second));
        if (mayBeAside && said.Response != "" && !_begun.Contains(said.Response))
        {
            _unanswered = null; // whether the client takes it for its answer nobody can tell
        }

        if (said.Response != "" && !isAside && !mayBeAside && (isItsOwn || _open is null) && _begun.Add(said.Response) && !isItsOwn)
        {
            // While another was open it had to wait (RC-26). Its announcement was lost. Whoever asked has an answer, as far as anybody can tell.
            _open = said.Response;
            _announced.Add(said.Response);
            _unanswered = null;
        }

        switch (said.Type)
        {
            case "response.created" when !isAside && (!said.IsOutOfBand || (everyConversationIsNull && !said.Token.StartsWith("of somebody", StringComparison.Ordinal))):
                AnswerOf(said.Response);
                if (_announced.Add(said.Response) && !_ended.Contains(said.Response))
                {
                    _open = said.Response; // one at a time: if another was open, its end was lost
                }

                if (_unanswered is { } create && (said.Token == create.Token || said.Token == ""))
                {
                    _unanswered = null;
                }

                break;
            case "response.done":
                _ended.Add(said.Response);
                AnswerOf(said.Response).IsCompleted |= said.Status == "completed";
                _open = _open == said.Response ? null : _open;
                if (!isAside && _unanswered is { } probed && (said.Token == probed.Token || said.Token == ""))
                {
                    _unanswered = null;
                }

                break;
            case "error":
                Refused(said);
                break;
            case "response.output_item.added":
                if (said.ItemType == "function_call")
                {
                    _callItems.Add(said.Item);
                }

                break;
            case "response.output_item.done" when said.ItemType == "function_call":
                _callItems.Add(said.Item);
                if (said.Status == "completed")
                {
                    AnswerOf(said.Response).CompletedCalls.Add(said.Call);
                }
                else
                {
                    _callsNotComplete.Add(said.Call);
                }

                break;
            case "conversation.item.added" or "conversation.item.created":
                Held[said.Item] = 0;
                break;
            case "conversation.item.deleted":
                Held.Remove(said.Item);
                break;
            case "response.output_audio.delta":
                Received[said.Item] = Received.GetValueOrDefault(said.Item) + said.AudioBytes;
                break;
        }
    }

    /// <summary>What became of an audio delta.</summary>
    public void Took(FrameGlance said, Reception reception)
    {
        if (said.Type == "response.output_audio.delta" && reception is { Turn: not 0, IsDropped: false })
        {
            _turnOf[said.Item] = reception.Turn;
        }
    }

    public void AsksToDelete(string item) => _toBeDeleted.Add(item);

    /// <summary>The application cuts it where it likes, so what was played does not bound the cut.</summary>
    public void AsksToCut(string item) => _toBeCut.Add(item);

    /// <summary>The application silences something, so calls of the response that runs need not be told.</summary>
    public void Silences()
    {
        foreach (Answer answer in _answers.Values)
        {
            answer.WasCutShort = true;
        }
    }

    public void Sent(FrameGlance sent, long now)
    {
        switch (sent.Type)
        {
            case "response.create" when sent.AsksBeside:
                if (sent.Token != "")
                {
                    _asideTokens.Add(sent.Token);
                }

                _asidesAsked[sent.Token != "" ? sent.Token : sent.EventId] = now;
                break;
            case "session.update" when sent.Speed != "":
                Check(_open is null || (AnswerOf(_open).CancelledAt is { } given && now >= given + (5 * Second)), $"another speed was sent while {_open} runs");
                break;
            case "response.create":
                bool isOver = _open is null || (AnswerOf(_open).CancelledAt is { } cancelled && now >= cancelled + (5 * Second));
                Check(isOver, $"a create was sent while {_open} runs");
                bool isAnswered = _unanswered is not { } earlier || (_lastCancel is { } probe && probe > earlier.SentAt && now >= probe + (5 * Second));
                Check(isAnswered, $"a create was sent while {_unanswered?.EventId} is unanswered");
                _open = null;
                _newestCreate = sent.EventId;
                _endedWhenSent[sent.EventId] = _ended.Count;
                _unanswered = (sent.EventId, sent.Token, now);
                break;
            case "response.cancel":
                _lastCancel = now;
                if (sent.Response != "")
                {
                    _cancels[sent.EventId] = sent.Response;
                    Check(_heardOf.Contains(sent.Response), $"a cancel names {sent.Response}, of which nobody has heard");
                    Check(!_ended.Contains(sent.Response), $"a cancel names {sent.Response}, which has ended");
                    Answer answer = AnswerOf(sent.Response);
                    answer.CancelledAt ??= now;
                    answer.WasCutShort = true;
                    Check(++answer.Cancels <= 1 + answer.Refusals, $"{sent.Response} is cancelled again");
                }

                break;
            case "conversation.item.truncate":
                long most = Math.Min(Received.GetValueOrDefault(sent.Item), _toBeCut.Contains(sent.Item) ? long.MaxValue : Played.GetValueOrDefault(sent.Item)) / 48;
                Check(sent.AudioEndMilliseconds > 0 && sent.AudioEndMilliseconds <= most, $"{sent.Item} is cut at {sent.AudioEndMilliseconds} ms; at most {most} were heard");
                Check(_truncated.Add(sent.Item), $"{sent.Item} is cut again");
                break;
            case "conversation.item.delete":
                bool hasReason = _toBeDeleted.Contains(sent.Item) || _callItems.Contains(sent.Item) || !_turnOf.ContainsKey(sent.Item) || IsReportedUnheard(sent.Item);
                Check(hasReason, $"{sent.Item} is deleted, though it was handed to the application and nothing was reported");
                break;
        }
    }

    /// <summary>The application sent an event by itself. It may cancel what it likes, as often as it likes; whether anything is hit is the server's to say.</summary>
    public void SentByItself(FrameGlance sent, long now)
    {
        if (sent.Type == "conversation.item.truncate")
        {
            Check(Held.ContainsKey(sent.Item), "a schedule cut what nobody knows");
            AsksToCut(sent.Item);
        }

        if (sent.Type != "response.cancel")
        {
            return;
        }

        string hit = sent.Response != "" ? sent.Response : _open ?? "";
        if (hit != "")
        {
            _cancels[sent.EventId] = hit;
            AnswerOf(hit).CancelledAt ??= now;
            _lastCancel = hit == _open ? now : _lastCancel; // a server that leaves it unanswered is as silent as after one of the client's
        }

        Silences();
    }

    public void Told(SessionChange change, long now)
    {
        switch (change)
        {
            case SessionChange.TurnBegan began:
                Check(TurnEnds.TryAdd(began.Turn, 0), $"turn {began.Turn} began twice");
                if (began.IsOutOfBand)
                {
                    _asides.Add(began.Turn);
                }

                break;
            case SessionChange.UtteranceBegan began:
                Check(_utteranceEnds.TryAdd(began.Utterance, 0), $"utterance {began.Utterance} began twice");
                break;
            case SessionChange.UtteranceEnded ended:
                Check(++_utteranceEnds[ended.Utterance] == 1, $"utterance {ended.Utterance} ended twice");
                break;
            case SessionChange.TurnEnded ended:
                Check(++TurnEnds[ended.Turn] == 1, $"turn {ended.Turn} ended twice");
                Check(ended.Outcome is not TurnOutcome.Completed || !_mcpCalls.ContainsValue(ended.Turn), $"turn {ended.Turn} is completed, and a call of a remote server still runs in it");

                // An answer may be on its way for longer than anybody waits.
                bool hasWaited = _unanswered is { } waited && now >= waited.SentAt + (10 * Second);
                _timedOut ??= ended.Outcome is TurnOutcome.TimedOut && !hasWaited && !_asides.Remove(ended.Turn) ? ended.Turn : null;
                Check(ended.Outcome is not TurnOutcome.Merged || HearsInOrder is false || !_asides.Contains(ended.Turn), $"turn {ended.Turn} runs beside the conversation, and was joined with another");
                break;
            case SessionChange.PlaybackStopped stopped:
                _silenced.Add(stopped.Turn);
                if (stopped.Reason is InterruptionReason.UserSpeech)
                {
                    Check(!_asides.Contains(stopped.Turn), $"turn {stopped.Turn} runs beside the conversation, and the user's speech silenced it");

                    // The user spoke over it, so its calls are given up, though a server may complete what it had not announced yet.
                    _responses.Where(response => response.Turn == stopped.Turn).ToList().ForEach(response => AnswerOf(response.Id).WasCutShort = true);
                }

                break;
            case SessionChange.ResponseStarted started:
                _responses.Add((started.Turn, started.ResponseId));
                Check(!_silenced.Contains(started.Turn), $"{started.ResponseId} began in turn {started.Turn}, whose stream has ended, for it was silenced");
                break;
            case SessionChange.ErrorSurfaced { Error: { Code: "conversation_already_has_active_response", EventId: { } refused } }:
                // A response that ended while the request was on its way may count as its answer; nothing tells them apart then.
                Check(!HearsInOrder || _ended.Count > _endedWhenSent.GetValueOrDefault(refused), $"{refused} was refused because another response ran, and nobody sends it again");
                break;
            case SessionChange.OperationCompleted(var operation):
                CountEnd(operation);
                break;
            case SessionChange.OperationFailed(var operation, _):
                CountEnd(operation);
                break;
            case SessionChange.ResponseEnded ended:
                Check(_responsesEnded.Add(ended.ResponseId), $"the end of {ended.ResponseId} was told twice, and so would its usage be");
                break;
            case SessionChange.ToolCallReady call:
                Check(_callsTold.Add(call.CallId), $"{call.CallId} was told twice");
                Check(!_callsNotComplete.Contains(call.CallId), $"{call.CallId} is not complete");
                Calls.Add(call.CallId);
                break;
            case SessionChange.McpCallStarted call:
                Check(_mcpCallsTold.Add(call.ItemId), $"{call.ItemId} began twice");
                Check(TurnEnds[call.Turn] == 0, $"{call.ItemId} began in turn {call.Turn}, which has ended");
                _mcpCalls.Add(call.ItemId, call.Turn);
                break;
            case SessionChange.McpCallCompleted call:
                EndMcpCall(call.ItemId, call.Turn);
                break;
            case SessionChange.McpCallFailed call:
                EndMcpCall(call.ItemId, call.Turn);
                break;
            case SessionChange.McpCallOverdue call:
                EndMcpCall(call.ItemId, call.Turn);
                break;
            case SessionChange.McpApprovalAsked question:
                Check(_questionsTold.Add(question.ItemId), $"{question.ItemId} was asked twice");
                Questions.Add(question.ItemId);
                break;
            case SessionChange.ConnectionUnresponsive:
                Check(_lastCancel is { } cancel && _lastHeard <= cancel, $"the connection was given up, though the server was heard after the last cancel ({_lastCancel}): {_lastHeard}");
                WasGivenUp = true;
                break;
        }
    }

    /// <summary>Nothing moves any more: everything that began has ended, once.</summary>
    /// <param name="callsAreTold">Whether every call that was complete must have been told.</param>
    /// <param name="answersCome">Whether every answer arrives, so that a turn can time out for one reason only: its answer was slow.</param>
    public void AtRest(bool callsAreTold, bool answersCome)
    {
        Check(!answersCome || _timedOut is null, $"turn {_timedOut} timed out, though its request was answered");

        foreach ((int turn, int ends) in TurnEnds)
        {
            Check(ends == 1, $"turn {turn} ended {ends} times");
        }

        foreach ((int utterance, int ends) in _utteranceEnds)
        {
            Check(ends == 1, $"utterance {utterance} ended {ends} times");
        }

        foreach ((int operation, int ends) in OperationEnds)
        {
            Check(ends == 1, $"operation {operation} ended {ends} times");
        }

        foreach (Answer answer in _answers.Values)
        {
            if (callsAreTold && answer is { IsCompleted: true, WasCutShort: false })
            {
                foreach (string call in answer.CompletedCalls)
                {
                    Check(_callsTold.Contains(call), $"{call} was complete, and nobody was told to run it");
                }
            }
        }
    }

    public static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ScheduleException(otherwise);
        }
    }

    private readonly HashSet<string> _responsesEnded = [];

    private void Refused(FrameGlance error)
    {
        _heardOf.Add(error.InTheWay);
        _begun.Add(error.InTheWay);
        if (_cancels.TryGetValue(error.Answers, out string? cancelled))
        {
            AnswerOf(cancelled).Refusals++;
        }

        bool isOurs = error.Code == "conversation_already_has_active_response" && (error.Answers == "" ? _unanswered is not null : error.Answers == _newestCreate);
        if (isOurs && error.InTheWay != "" && !_ended.Contains(error.InTheWay) && _announced.Add(error.InTheWay))
        {
            // One at a time: if another was open, its end was lost. Where the create could count as answered by that one, the client need not take the other for begun.
            _open = _unanswered is null ? null : error.InTheWay;
        }

        if (error.Answers == _unanswered?.EventId || error.Code is "response_cancel_not_active" || (error.Answers == "" && error.Code == "conversation_already_has_active_response"))
        {
            _unanswered = null;
        }

        // Either answer to a cancel frees the place (RC-11); without an id it answers the one that is out.
        if (error.Code == "response_cancel_not_active" && _open is { } open && (cancelled == open || (error.Answers == "" && AnswerOf(open).CancelledAt is not null)))
        {
            _open = null;
        }
    }

    private bool IsReportedUnheard(string item) =>
        _turnOf.TryGetValue(item, out int turn) && Played.Keys.Any(played => _turnOf.GetValueOrDefault(played) == turn);

    private Answer AnswerOf(string response)
    {
        if (!_answers.TryGetValue(response, out Answer? answer))
        {
            _answers.Add(response, answer = new Answer());
        }

        return answer;
    }

    private void EndMcpCall(string item, int turn)
    {
        Check(_mcpCalls.Remove(item), $"{item} ended, and had not begun or had ended before");
        Check(TurnEnds[turn] == 0, $"{item} ended in turn {turn}, which has ended");
    }

    private void CountEnd(int operation)
    {
        OperationEnds[operation] = OperationEnds.GetValueOrDefault(operation) + 1;
        Check(OperationEnds[operation] == 1, $"operation {operation} ended twice");
    }
}

/// <summary>A schedule broke a rule; the message says which, without numbers that differ between two runs of one fault only by chance.</summary>
internal sealed class ScheduleException(string message) : Exception(message);
