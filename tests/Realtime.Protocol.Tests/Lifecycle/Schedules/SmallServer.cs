using System.Text;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// A realtime server in small, written from the rules and not from the machine, in JSON in both directions: it keeps one response at a time, answers turns that it detects, refuses what is not
/// allowed, and now and then refuses or loses what is. It says everything in order, and <see cref="Fault"/> when the client did what a client may never do.
/// </summary>
internal sealed class SmallServer : IScheduleServer
{
    private static readonly (int Bytes, string Base64)[] Sounds = [.. ((int[])[480, 47, 2, 1_201, 4_800]).Select(static bytes => (bytes, Convert.ToBase64String(new byte[bytes])))];

    private readonly Queue<byte[]> _toClient = new();
    private readonly List<string> _conversation = [];
    private readonly HashSet<string> _refused = [];
    private readonly Dictionary<string, long> _audio = [];
    private readonly HashSet<string> _calls = [];
    private readonly Tape _tape;
    private readonly bool _takesTurns;
    private readonly bool _echoesMetadata;
    private readonly Trouble _trouble;
    private readonly HashSet<string> _callsBeside = [];
    private readonly HashSet<string> _questionsBeside = [];
    private readonly HashSet<string> _answeredBeside = [];
    private readonly List<Running> _beside = [];
    private readonly List<string> _unwritten = [];
    private readonly bool _transcribes;
    private Running? _running;
    private readonly List<(string Item, bool IsBeside)> _mcpCalls = [];
    private readonly HashSet<string> _questions = [];
    private string? _listing;
    private int _approved;
    private bool _userSpeaks;
    private bool _owesAnswer;
    private int _last;

    public SmallServer(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble)
    {
        (_tape, _takesTurns, _echoesMetadata, _trouble) = (tape, takesTurns, echoesMetadata, trouble);
        _transcribes = tape.OnceIn(2);
        string turns = takesTurns ? "{\"type\":\"server_vad\"}" : "null";
        string words = _transcribes ? "{\"model\":\"whisper-1\"}" : "null";
        Say("session.created", $"\"session\":{{\"type\":\"realtime\",\"audio\":{{\"input\":{{\"turn_detection\":{turns},\"transcription\":{words}}}}}}}");
    }

    private sealed class Running(string id, string? token, bool isBeside)
    {
        public string Id { get; } = id;
        public bool IsBeside { get; } = isBeside;
        public string? Token { get; } = token;
        public string? Message { get; set; }
        public bool IsMessageOpen { get; set; }
        public string? Call { get; set; }
        public string CallId { get; set; } = "";
        public bool IsCallOpen { get; set; }
        public int CallsLeft { get; init; }
        public int ChunksLeft { get; set; }
        public int CallsMade { get; set; }
        public int Items { get; set; }
        public int McpLeft { get; set; }
        public int Approved { get; set; }
    }

    public string? Fault { get; private set; }

    public bool LostRequests { get; private set; }

    public bool IsBusy => _running is not null || _beside.Count > 0 || _userSpeaks || _owesAnswer || _mcpCalls.Count > 0 || _listing is not null || _unwritten.Count > 0;

    public IEnumerable<string> Items => _conversation;

    public byte[]? TakeMessage() => _toClient.TryDequeue(out byte[]? message) ? message : null;

    // ---- the user, as turn detection hears it ----

    public void Speak(long now)
    {
        if (!_takesTurns)
        {
            return;
        }

        if (_userSpeaks)
        {
            _userSpeaks = false;
            string item = New("user");
            Say("input_audio_buffer.speech_stopped", $"\"audio_end_ms\":{now},\"item_id\":\"{item}\"");
            Commit(item);
            _owesAnswer = true;
            return;
        }

        _userSpeaks = true;
        _owesAnswer = false;
        Say("input_audio_buffer.speech_started", $"\"audio_start_ms\":{now},\"item_id\":\"user\"");
        if (_running is { } interrupted)
        {
            End(interrupted, "cancelled", "turn_detected");
        }
    }

    public void Finish(long now)
    {
        if (_userSpeaks)
        {
            Speak(now);
        }
        else if (_mcpCalls.Count > 0)
        {
            EndMcpCall();
        }
        else if (_listing is not null)
        {
            EndListing();
        }
        else if (_unwritten.Count > 0)
        {
            Transcribe();
        }
        else
        {
            Answer();
        }
    }

    private void Commit(string item)
    {
        Say("input_audio_buffer.committed", $"\"item_id\":\"{item}\"");
        if (_transcribes)
        {
            _unwritten.Add(item);
            if (_tape.OnceIn(8))
            {
                Transcribe(); // before anybody heard of its item
            }
        }

        Add(item, UserMessage(item));
    }

    /// <summary>A piece of a transcript, or its end; of one in ten nothing more ever comes.</summary>
    private void Transcribe()
    {
        string item = _unwritten[_tape.Next(_unwritten.Count)];
        string of = $"\"item_id\":\"{item}\",\"content_index\":0";
        if (_tape.OnceIn(3))
        {
            Say("conversation.item.input_audio_transcription.delta", $"{of},\"delta\":\"wo\"");
            return;
        }

        _unwritten.Remove(item);
        if (_tape.OnceIn(4))
        {
            Say("conversation.item.input_audio_transcription.failed", $"{of},\"error\":{{\"type\":\"transcription_error\",\"code\":\"audio_unintelligible\",\"message\":\"no\"}}");
        }
        else if (!_tape.OnceIn(10))
        {
            Say("conversation.item.input_audio_transcription.completed", $"{of},\"transcript\":\"word\",\"usage\":{{\"type\":\"duration\",\"seconds\":1.5}}");
        }
    }

    // ---- the model ----

    public void Advance(long now)
    {
        if (_tape.OnceIn(30))
        {
            Aside();
        }

        if (_unwritten.Count > 0 && _tape.OnceIn(4))
        {
            Transcribe();
            return;
        }

        if (_mcpCalls.Count > 0 && _tape.OnceIn(4))
        {
            EndMcpCall();
            return;
        }

        if (_listing is not null && _tape.OnceIn(4))
        {
            EndListing();
            return;
        }

        if (_beside.Count > 0 && (_running is null || _tape.Next(2) == 0))
        {
            Advance(_beside[_tape.Next(_beside.Count)]);
            return;
        }

        if (_running is not { } running)
        {
            Answer();
            if (_running is null && _trouble.HasFlag(Trouble.OwnResponses) && _tape.OnceIn(4))
            {
                Begin("");
            }

            return;
        }

        Advance(running);
    }

    private void Advance(Running running)
    {
        if (running.ChunksLeft > 0)
        {
            if (running.Message is null || (!running.IsMessageOpen && _tape.Next(2) == 0))
            {
                running.Message = Open(running, "message", "");
                running.IsMessageOpen = true;
            }

            (int bytes, string base64) = Sounds[_tape.Next(Sounds.Length)];
            _audio[running.Message] += bytes;
            running.ChunksLeft--;
            Say("response.output_audio.delta", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{running.Message}\",\"output_index\":0,\"content_index\":0,\"delta\":\"{base64}\"");
        }
        else if (running.IsMessageOpen)
        {
            CloseMessage(running, "completed");
        }
        else if (running.IsCallOpen)
        {
            CloseCall(running, "completed");
        }
        else if (running.CallsMade < running.CallsLeft)
        {
            running.CallsMade++;
            running.CallId = New("call");
            running.Call = Open(running, "function_call", running.CallId);
            running.IsCallOpen = true;
        }
        else if (running.McpLeft > 0)
        {
            running.McpLeft--;
            CallOrAsk(running);
        }
        else
        {
            End(running, _tape.OnceIn(12) ? "incomplete" : _tape.OnceIn(12) ? "failed" : "completed", "");
        }
    }

    // ---- the client ----

    public void Receive(ReadOnlySpan<byte> message, long now)
    {
        FrameGlance said = FrameGlance.Of(message);
        switch (said.Type)
        {
            case "response.create" when said.References.Find(id => !_conversation.Contains(id)) is { } unknown:
                // One that was refused while the request was on its way is nobody's mistake.
                Fault ??= _refused.Contains(unknown) ? null : $"a reference to {unknown}, which the conversation does not hold";
                Refuse(said, "invalid_value", "no");
                break;
            case "response.create" when said.AsksBeside && said.CallsRead.Find(call => !_callsBeside.Contains(call)) is { } call:
                Fault ??= $"an output for the call {call}, which was not made beside the conversation";
                break;
            case "response.create" when said.AsksBeside && said.AnswersRead.Find(answer => !_questionsBeside.Contains(answer.Question) || !said.QuestionsRead.Contains(answer.Question)) is { Question: { } question }:
                Fault ??= $"an answer to {question}, which was not asked beside the conversation, or does not stand before it";
                break;
            case "response.create" when !said.AsksBeside && _running is { } running:
                Refuse(said, "conversation_already_has_active_response", $"Conversation already has an active response in progress: {running.Id}. Wait until the response is finished before creating a new one.");
                break;
            case "response.create" when _tape.OnceIn(25):
                Refuse(said, "invalid_value", "no");
                break;
            case "response.create" when _tape.OnceIn(60):
                LostRequests = true;
                break;
            case "response.create":
                Begin(said.Token, said.AsksBeside, said.AnswersRead.Count(answer => _answeredBeside.Add(answer.Question) && answer.IsApproved));
                break;
            case "response.cancel" when _beside.Find(running => running.Id == said.Response) is { } beside:
                for (int late = _tape.Next(3); late > 0 && beside.ChunksLeft > 0; late--)
                {
                    Advance(beside);
                }

                End(beside, "cancelled", "client_cancelled");
                break;
            case "response.cancel" when _running is null || (said.Response != "" && said.Response != _running.Id):
                Refuse(said, "response_cancel_not_active", "Cancellation failed: no active response found");
                break;
            case "response.cancel":
                Running cancelled = _running!;
                for (int late = _tape.Next(3); late > 0 && cancelled.ChunksLeft > 0; late--)
                {
                    Advance(cancelled);
                }

                End(cancelled, "cancelled", "client_cancelled");
                break;
            case "conversation.item.create" when said.ItemType == "function_call_output":
                TakeOutput(said);
                break;
            case "conversation.item.create" when said.ItemType == "mcp_approval_response" && !_tape.OnceIn(25):
                TakeAnswer(said);
                break;
            case "conversation.item.create" when said.ItemType == "mcp_approval_response" || (!said.EventId.StartsWith("own_", StringComparison.Ordinal) && _tape.OnceIn(25)):
                Refuse(said, "invalid_value", "no");
                break;
            case "conversation.item.create" when said.Previous is not ("" or "root") && !_conversation.Contains(said.Previous):
                Fault ??= $"an item behind {said.Previous}, which is not in the conversation";
                Refuse(said, "item_create_invalid_previous_item_id", "no");
                break;
            case "conversation.item.create":
                string added = said.Item != "" ? said.Item : New("item");
                Add(added, UserMessage(added), said.Previous);
                break;
            case "conversation.item.truncate":
                Truncate(said);
                break;
            case "conversation.item.delete":
                Delete(said);
                break;
            case "conversation.item.retrieve" when _conversation.Contains(said.Item):
                Say("conversation.item.retrieved", $"\"item\":{UserMessage(said.Item)}");
                break;
            case "conversation.item.retrieve":
                Refuse(said, "item_retrieve_invalid_item_id", "no");
                break;
            case "input_audio_buffer.commit":
                string item = New("user");
                Commit(item);
                Fault ??= _takesTurns ? "a commit in a session in which the server takes the turns" : null;
                break;
            case "session.update" when _tape.OnceIn(12):
                Refuse(said, "invalid_value", "no");
                break;
            case "session.update":
                Say("session.updated", said.Speed == "" ? "\"session\":{\"type\":\"realtime\"}" : $"\"session\":{{\"type\":\"realtime\",\"audio\":{{\"output\":{{\"speed\":{said.Speed}}}}}}}");
                if (_listing is null && message.IndexOf("server_label"u8) >= 0 && !_tape.OnceIn(8))
                {
                    _listing = New("list");
                    Enter(_listing, List(_listing, ""));
                    Say("mcp_list_tools.in_progress", $"\"item_id\":\"{_listing}\"");
                }

                break;
            case "input_audio_buffer.append" or "input_audio_buffer.clear":
                break;
            default:
                Fault ??= $"{said.Type}, which no client sends here";
                break;
        }
    }

    private void TakeOutput(FrameGlance output)
    {
        if (!_calls.Contains(output.Call))
        {
            if (IsByItself(output))
            {
                Refuse(output, "invalid_tool_call_id", "no"); // of a call beside the conversation
                return;
            }

            Fault ??= $"an output for the call {output.Call}, which is not in the conversation";
        }

        Add(output.Item, $"{{\"id\":\"{output.Item}\",\"type\":\"function_call_output\",\"status\":\"completed\",\"call_id\":\"{output.Call}\",\"output\":\"{{}}\"}}");
    }

    // ---- remote MCP servers ----

    private void CallOrAsk(Running running)
    {
        string item = New("mcp");
        bool isCall = running.Approved > 0 || _tape.Next(2) == 0;
        running.Approved -= isCall && running.Approved > 0 ? 1 : 0;
        string json = isCall ? McpCall(item, "") : $"{{\"id\":\"{item}\",\"type\":\"mcp_approval_request\",\"server_label\":\"almanac\",\"name\":\"book\",\"arguments\":\"{{}}\"}}";
        Say("response.output_item.added", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items++},\"item\":{json}");
        _audio[item] = 0;
        if (!running.IsBeside)
        {
            Enter(item, json);
        }

        if (isCall)
        {
            _mcpCalls.Add((item, running.IsBeside));
            Say("response.mcp_call_arguments.done", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{item}\",\"output_index\":{running.Items - 1},\"arguments\":\"{{}}\"");
            Say("response.mcp_call.in_progress", $"\"item_id\":\"{item}\",\"output_index\":{running.Items - 1}");
        }
        else
        {
            (running.IsBeside ? _questionsBeside : _questions).Add(item);
            Close(running, json);
        }
    }

    private void EndMcpCall()
    {
        (string item, bool isBeside) = _mcpCalls[_tape.Next(_mcpCalls.Count)];
        _mcpCalls.Remove((item, isBeside));
        bool hasFailed = _tape.OnceIn(3);
        Say(hasFailed ? "response.mcp_call.failed" : "response.mcp_call.completed", $"\"item_id\":\"{item}\",\"output_index\":0");
        if (!isBeside)
        {
            ItemDone(McpCall(item, hasFailed ? ",\"output\":null,\"error\":{\"type\":\"http_error\",\"code\":503,\"message\":\"closed\"}" : ",\"output\":\"high\""));
        }
    }

    private void EndListing()
    {
        Say(_tape.OnceIn(3) ? "mcp_list_tools.failed" : "mcp_list_tools.completed", $"\"item_id\":\"{_listing}\"");
        ItemDone(List(_listing!, "{\"name\":\"tide\",\"input_schema\":{}}"));
        _listing = null;
    }

    private void TakeAnswer(FrameGlance answer)
    {
        if (!_questions.Remove(answer.Question))
        {
            Fault ??= $"an answer to {answer.Question}, which was not asked or is answered";
        }

        _approved += answer.IsApproved ? 1 : 0;
        Add(answer.Item, $"{{\"id\":\"{answer.Item}\",\"type\":\"mcp_approval_response\",\"approval_request_id\":\"{answer.Question}\",\"approve\":{(answer.IsApproved ? "true" : "false")}}}");
    }

    private static string McpCall(string item, string end) =>
        $"{{\"id\":\"{item}\",\"type\":\"mcp_call\",\"server_label\":\"almanac\",\"name\":\"tide\",\"arguments\":\"{{}}\"{end}}}";

    private static string List(string item, string tools) => $"{{\"id\":\"{item}\",\"type\":\"mcp_list_tools\",\"server_label\":\"almanac\",\"tools\":[{tools}]}}";

    private void Truncate(FrameGlance truncate)
    {
        if (IsByItself(truncate) && (truncate.AudioEndMilliseconds * 48 > _audio.GetValueOrDefault(truncate.Item) || !_conversation.Contains(truncate.Item)))
        {
            Refuse(truncate, "invalid_value", "no");
            return;
        }

        if (!_conversation.Contains(truncate.Item))
        {
            Fault ??= $"a truncation of {truncate.Item}, which is not in the conversation";
            Refuse(truncate, "item_truncate_invalid_item_id", "no");
            return;
        }

        if (truncate.AudioEndMilliseconds * 48 > _audio[truncate.Item] || truncate.AudioEndMilliseconds <= 0)
        {
            Fault ??= $"a truncation to {truncate.AudioEndMilliseconds} ms of {_audio[truncate.Item]} bytes";
        }

        _audio[truncate.Item] = truncate.AudioEndMilliseconds * 48;
        Say("conversation.item.truncated", $"\"item_id\":\"{truncate.Item}\",\"content_index\":0,\"audio_end_ms\":{truncate.AudioEndMilliseconds}");
    }

    private void Delete(FrameGlance delete)
    {
        if (_running is { } running && (running.Message == delete.Item || running.Call == delete.Item))
        {
            Fault ??= $"a deletion of {delete.Item}, whose response runs";
        }

        if (!_conversation.Remove(delete.Item))
        {
            Fault ??= $"a deletion of {delete.Item}, which is not in the conversation";
            Refuse(delete, "item_delete_invalid_item_id", "no");
            return;
        }

        Say("conversation.item.deleted", $"\"item_id\":\"{delete.Item}\"");
    }

    /// <summary>The answer that turn detection owes; it fails, unheard, when a response runs.</summary>
    private void Answer()
    {
        if (_owesAnswer)
        {
            _owesAnswer = false;
            if (_running is null)
            {
                Begin("");
            }
        }
    }

    private void Begin(string token, bool isBeside = false, int approved = 0)
    {
        bool echoes = _echoesMetadata && token != "" && !(_trouble.HasFlag(Trouble.SomeEcho) && _tape.OnceIn(3));
        if (!isBeside)
        {
            (approved, _approved) = (_approved, 0);
        }

        var running = new Running(New(isBeside ? "aside" : "resp"), echoes ? token : null, isBeside)
        {
            ChunksLeft = _tape.Next(6),
            CallsLeft = _tape.OnceIn(4) ? 1 + _tape.Next(2) : 0,
            McpLeft = approved > 0 ? approved : _tape.OnceIn(5) ? 1 + _tape.Next(2) : 0,
            Approved = approved,
        };
        if (isBeside)
        {
            _beside.Add(running);
        }
        else
        {
            _running = running;
        }

        SayResponse("response.created", running, "in_progress", "");
    }

    private void End(Running running, string status, string reason)
    {
        if (running.IsMessageOpen)
        {
            CloseMessage(running, "incomplete");
        }

        if (running.IsCallOpen)
        {
            CloseCall(running, "incomplete");
        }

        _running = running.IsBeside ? _running : null;
        _beside.Remove(running);
        SayResponse("response.done", running, status, reason);
    }

    private string Open(Running running, string type, string callId)
    {
        if (running.IsMessageOpen)
        {
            CloseMessage(running, "completed");
        }

        string item = New("item");
        _audio[item] = 0;
        string json = type == "message" ? Answer(item, "in_progress") : Call(item, "in_progress", callId);
        Say("response.output_item.added", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items++},\"item\":{json}");
        if (!running.IsBeside)
        {
            Enter(item, json);
        }

        return item;
    }

    private void CloseMessage(Running running, string status)
    {
        running.IsMessageOpen = false;
        Say("response.output_audio.done", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{running.Message}\",\"output_index\":0,\"content_index\":0");
        Close(running, Answer(running.Message!, status));
    }

    private void CloseCall(Running running, string status)
    {
        running.IsCallOpen = false;
        (running.IsBeside ? _callsBeside : _calls).Add(running.CallId);
        Close(running, Call(running.Call!, status, running.CallId));
    }

    private void Close(Running running, string item)
    {
        if (!running.IsBeside)
        {
            ItemDone(item);
        }

        Say("response.output_item.done", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items - 1},\"item\":{item}");
    }

    /// <summary>A response outside the conversation, and the end of one that nobody was told of: both legal, and neither touches the conversation's place.</summary>
    private void Aside()
    {
        string response = New("foreign");
        Say("response.created", $"\"response\":{{\"id\":\"{response}\",\"status\":\"in_progress\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
        Say("response.done", $"\"response\":{{\"id\":\"{response}\",\"status\":\"completed\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
        Say("response.done", $"\"response\":{{\"id\":\"{New("untold")}\",\"status\":\"completed\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
    }

    // ---- the conversation ----

    private void Add(string item, string json, string previous = "")
    {
        _audio.TryAdd(item, 0);
        Enter(item, json, previous);
        ItemDone(json);
    }

    /// <summary>The conversation holds it from now on. A server of old names does not say where.</summary>
    private void Enter(string item, string json, string previous = "")
    {
        int place = previous == "root" ? 0 : previous == "" ? _conversation.Count : _conversation.IndexOf(previous) + 1;
        _conversation.Insert(place, item);
        string behind = place == 0 ? "null" : $"\"{_conversation[place - 1]}\"";
        if (_trouble.HasFlag(Trouble.OldNames))
        {
            Say("conversation.item.created", $"\"item\":{json}");
        }
        else
        {
            Say("conversation.item.added", $"\"previous_item_id\":{behind},\"item\":{json}");
        }
    }

    private static bool IsByItself(FrameGlance said) => said.EventId.StartsWith("own_", StringComparison.Ordinal);

    private void ItemDone(string item)
    {
        if (!_trouble.HasFlag(Trouble.NoItemDone))
        {
            Say("conversation.item.done", $"\"item\":{item}");
        }
    }

    private static string UserMessage(string item) => $"{{\"id\":\"{item}\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[]}}";

    private static string Answer(string item, string status) => $"{{\"id\":\"{item}\",\"type\":\"message\",\"status\":\"{status}\",\"role\":\"assistant\",\"content\":[]}}";

    private static string Call(string item, string status, string callId) =>
        $"{{\"id\":\"{item}\",\"type\":\"function_call\",\"status\":\"{status}\",\"name\":\"clock\",\"call_id\":\"{callId}\",\"arguments\":\"{(status == "completed" ? "{}" : "")}\"}}";

    private void SayResponse(string type, Running running, string status, string reason)
    {
        string details = reason == "" ? "null" : $"{{\"type\":\"{status}\",\"reason\":\"{reason}\"}}";
        string conversation = running.IsBeside || _trouble.HasFlag(Trouble.NullConversation) ? "null" : "\"conv_1\"";
        string metadata = running.Token is null ? "null" : $"{{\"realtime.token\":\"{running.Token}\"}}";
        Say(type, $"\"response\":{{\"id\":\"{running.Id}\",\"status\":\"{status}\",\"status_details\":{details},\"output\":[],\"conversation_id\":{conversation},\"usage\":null,\"metadata\":{metadata}}}");
    }

    private void Refuse(FrameGlance message, string code, string words)
    {
        _refused.Add(message.Item);
        string eventId = _trouble.HasFlag(Trouble.IdlessErrors) ? "null" : $"\"{message.EventId}\"";
        Say("error", $"\"error\":{{\"type\":\"invalid_request_error\",\"code\":\"{code}\",\"message\":\"{words}\",\"param\":null,\"event_id\":{eventId}}}");
    }

    private void Say(string type, string members) => _toClient.Enqueue(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"event_id\":\"event_{++_last}\",{members}}}"));

    private string New(string kind) => $"{kind}_{++_last}";
}
