using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>One server event on its way to the client.</summary>
internal sealed record Said(SessionFactKind Kind)
{
    public string Response { get; init; } = "";
    public string Item { get; init; } = "";
    public ItemFactKind ItemKind { get; init; }
    public FactStatus Status { get; init; }
    public string Reason { get; init; } = "";
    public string Token { get; init; } = "";
    public bool IsOutOfBand { get; init; }
    public int AudioBytes { get; init; }
    public string CallId { get; init; } = "";
    public string Code { get; init; } = "";
    public string Message { get; init; } = "";
    public string Answers { get; init; } = "";
}

/// <summary>
/// A realtime server in small, written from the rules and not from the machine: it keeps one response at a time, answers turns that it detects, refuses what is not allowed, and now and then
/// refuses or loses what is. It says everything in order, and it says <see cref="Fault"/> when the client did what a client may never do.
/// </summary>
internal sealed class SmallServer(Random random, bool takesTurns, bool echoesMetadata)
{
    private readonly HashSet<string> _conversation = [];
    private readonly Dictionary<string, long> _audio = [];
    private readonly HashSet<string> _calls = [];
    private Running? _running;
    private int _last;

    private sealed class Running(string id)
    {
        public string Id { get; } = id;
        public string? Message { get; set; }
        public bool IsMessageOpen { get; set; }
        public string? Call { get; set; }
        public string CallId { get; set; } = "";
        public bool IsCallOpen { get; set; }
        public int CallsLeft { get; init; }
        public int ChunksLeft { get; set; }
        public int CallsMade { get; set; }
    }

    /// <summary>What the client does not have yet.</summary>
    public Queue<Said> ToClient { get; } = new();

    public bool UserSpeaks { get; private set; }

    public bool OwesAnswer { get; private set; }

    public bool IsRunning => _running is not null;

    /// <summary>What the client did wrong; null so far.</summary>
    public string? Fault { get; private set; }

    // ---- the user, as turn detection hears it ----

    public void StartSpeaking()
    {
        UserSpeaks = true;
        OwesAnswer = false;
        Say(new(SessionFactKind.SpeechStarted) { Item = "user" });
        if (_running is not null)
        {
            End(FactStatus.Cancelled, "turn_detected");
        }
    }

    public void StopSpeaking()
    {
        UserSpeaks = false;
        string item = New("user");
        Say(new(SessionFactKind.SpeechStopped) { Item = item });
        Say(new(SessionFactKind.InputCommitted) { Item = item });
        Add(item, ItemFactKind.UserMessage);
        OwesAnswer = true;
    }

    /// <summary>The answer that turn detection owes; it fails, unheard, when a response runs.</summary>
    public void AnswerDetectedTurn()
    {
        OwesAnswer = false;
        if (_running is null)
        {
            Begin(null);
        }
    }

    // ---- the model ----

    /// <summary>The running response goes on by one step.</summary>
    public void Advance()
    {
        if (random.Next(30) == 0)
        {
            Aside();
        }

        if (_running is not { } running)
        {
            return;
        }

        if (running.ChunksLeft > 0)
        {
            if (running.Message is null || (!running.IsMessageOpen && random.Next(2) == 0))
            {
                running.Message = Open(running, ItemFactKind.AssistantMessage, "");
                running.IsMessageOpen = true;
            }

            int bytes = random.Next(1, 9_600);
            _audio[running.Message] += bytes;
            running.ChunksLeft--;
            Say(new(SessionFactKind.OutputAudioDelta) { Response = running.Id, Item = running.Message, AudioBytes = bytes });
        }
        else if (running.IsMessageOpen)
        {
            CloseMessage(running, FactStatus.Completed);
        }
        else if (running.IsCallOpen)
        {
            CloseCall(running, FactStatus.Completed);
        }
        else if (running.CallsMade < running.CallsLeft)
        {
            running.CallsMade++;
            running.CallId = New("call");
            running.Call = Open(running, ItemFactKind.FunctionCall, running.CallId);
            running.IsCallOpen = true;
        }
        else
        {
            End(random.Next(12) == 0 ? FactStatus.Incomplete : random.Next(12) == 0 ? FactStatus.Failed : FactStatus.Completed, "");
        }
    }

    // ---- the client ----

    public void Take(SessionCommand command)
    {
        switch (command)
        {
            case SessionCommand.CreateResponse create when _running is { } running:
                Refuse(create, "conversation_already_has_active_response", $"Conversation already has an active response in progress: {running.Id}. Wait until the response is finished before creating a new one.");
                break;
            case SessionCommand.CreateResponse create when random.Next(25) == 0:
                Refuse(create, "invalid_value", "no");
                break;
            case SessionCommand.CreateResponse when random.Next(60) == 0:
                break; // lost
            case SessionCommand.CreateResponse create:
                Begin(create.Token);
                break;
            case SessionCommand.CancelResponse cancel when _running is null || (cancel.ResponseId is { } id && id != _running.Id):
                Refuse(cancel, "response_cancel_not_active", "Cancellation failed: no active response found");
                break;
            case SessionCommand.CancelResponse:
                for (int late = random.Next(3); late > 0 && _running!.ChunksLeft > 0; late--)
                {
                    Advance();
                }

                End(FactStatus.Cancelled, "client_cancelled");
                break;
            case SessionCommand.CreateMessage message when random.Next(25) == 0:
                Refuse(message, "invalid_value", "no");
                break;
            case SessionCommand.CreateMessage message:
                Add(message.ItemId, ItemFactKind.UserMessage);
                break;
            case SessionCommand.CreateToolOutput output when !_calls.Contains(output.CallId):
                Fault ??= $"an output for the call {output.CallId}, which is not in the conversation";
                break;
            case SessionCommand.CreateToolOutput output:
                Add(output.ItemId, ItemFactKind.FunctionCallOutput);
                break;
            case SessionCommand.TruncateItem truncate:
                Truncate(truncate);
                break;
            case SessionCommand.DeleteItem delete:
                Delete(delete);
                break;
            case SessionCommand.CommitInput:
                string item = New("user");
                Say(new(SessionFactKind.InputCommitted) { Item = item });
                Add(item, ItemFactKind.UserMessage);
                Fault ??= takesTurns ? "a commit in a session in which the server takes the turns" : null;
                break;
        }
    }

    private void Truncate(SessionCommand.TruncateItem truncate)
    {
        if (!_conversation.Contains(truncate.ItemId))
        {
            Fault ??= $"a truncation of {truncate.ItemId}, which is not in the conversation";
        }
        else if (truncate.AudioEndMilliseconds * 48 > _audio[truncate.ItemId] || truncate.AudioEndMilliseconds <= 0)
        {
            Fault ??= $"a truncation to {truncate.AudioEndMilliseconds} ms of {_audio[truncate.ItemId]} bytes";
        }

        Say(new(SessionFactKind.ItemTruncated) { Item = truncate.ItemId });
    }

    private void Delete(SessionCommand.DeleteItem delete)
    {
        if (_running is { } running && (running.Message == delete.ItemId || running.Call == delete.ItemId))
        {
            Fault ??= $"a deletion of {delete.ItemId}, whose response runs";
        }

        if (!_conversation.Remove(delete.ItemId))
        {
            Fault ??= $"a deletion of {delete.ItemId}, which is not in the conversation";
        }

        Say(new(SessionFactKind.ItemDeleted) { Item = delete.ItemId });
    }

    private void Begin(string? token)
    {
        _running = new Running(New("resp")) { ChunksLeft = random.Next(0, 6), CallsLeft = random.Next(4) == 0 ? random.Next(1, 3) : 0 };
        Say(new(SessionFactKind.ResponseCreated) { Response = _running.Id, Token = echoesMetadata ? token ?? "" : "" });
    }

    private void End(FactStatus status, string reason)
    {
        Running running = _running!;
        if (running.IsMessageOpen)
        {
            CloseMessage(running, FactStatus.Incomplete);
        }

        if (running.IsCallOpen)
        {
            CloseCall(running, FactStatus.Incomplete);
        }

        _running = null;
        Say(new(SessionFactKind.ResponseDone) { Response = running.Id, Status = status, Reason = reason });
    }

    private string Open(Running running, ItemFactKind kind, string callId)
    {
        if (running.IsMessageOpen)
        {
            CloseMessage(running, FactStatus.Completed);
        }

        string item = New("item");
        _audio[item] = 0;
        Say(new(SessionFactKind.OutputItemAdded) { Response = running.Id, Item = item, ItemKind = kind, Status = FactStatus.InProgress, CallId = callId });
        _conversation.Add(item);
        Say(new(SessionFactKind.ItemAdded) { Item = item, ItemKind = kind, Status = FactStatus.InProgress });
        return item;
    }

    private void CloseMessage(Running running, FactStatus status)
    {
        running.IsMessageOpen = false;
        Say(new(SessionFactKind.OutputAudioDone) { Response = running.Id, Item = running.Message! });
        Close(running, running.Message!, ItemFactKind.AssistantMessage, status, "");
    }

    private void CloseCall(Running running, FactStatus status)
    {
        running.IsCallOpen = false;
        _calls.Add(running.CallId);
        Close(running, running.Call!, ItemFactKind.FunctionCall, status, running.CallId);
    }

    /// <summary>A response outside the conversation, and the end of one that nobody was told of: both legal, and neither touches the conversation's place.</summary>
    private void Aside()
    {
        string response = New("aside");
        Say(new(SessionFactKind.ResponseCreated) { Response = response, IsOutOfBand = true });
        Say(new(SessionFactKind.ResponseDone) { Response = response, Status = FactStatus.Completed });
        Say(new(SessionFactKind.ResponseDone) { Response = New("untold"), Status = FactStatus.Completed });
    }

    private void Close(Running running, string item, ItemFactKind kind, FactStatus status, string callId)
    {
        Say(new(SessionFactKind.ItemDone) { Item = item, ItemKind = kind, Status = status, CallId = callId });
        Say(new(SessionFactKind.OutputItemDone) { Response = running.Id, Item = item, ItemKind = kind, Status = status, CallId = callId });
    }

    private void Add(string item, ItemFactKind kind)
    {
        _conversation.Add(item);
        Say(new(SessionFactKind.ItemAdded) { Item = item, ItemKind = kind, Status = FactStatus.Completed });
        Say(new(SessionFactKind.ItemDone) { Item = item, ItemKind = kind, Status = FactStatus.Completed });
    }

    private void Refuse(SessionCommand command, string code, string message) =>
        Say(new(SessionFactKind.Error) { Code = code, Message = message, Answers = command.EventId });

    private void Say(Said said) => ToClient.Enqueue(said);

    private string New(string kind) => $"{kind}_{++_last}";
}
