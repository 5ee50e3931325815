namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// A realtime server in small, written from the rules and not from the machine, in JSON in both directions: it keeps one response at a time, answers turns that it detects, refuses what is not
/// allowed, and now and then refuses or loses what is. It says everything in order, and <see cref="Fault"/> when the client did what a client may never do.
/// </summary>
internal sealed class SmallServer : IScheduleServer
{
    private readonly Tape _tape;
    private readonly bool _takesTurns;
    private readonly Trouble _trouble;
    private readonly SmallVoice _voice;
    private readonly SmallConversation _conversation;
    private readonly SmallMcp _mcp;
    private readonly SmallModel _model;
    private readonly SmallEar _ear;

    public SmallServer(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble)
    {
        (_tape, _takesTurns, _trouble) = (tape, takesTurns, trouble);
        bool transcribes = tape.OnceIn(2);
        _voice = new(trouble);
        _conversation = new(_voice, trouble);
        _mcp = new(tape, _voice, _conversation);
        _model = new(tape, _voice, _conversation, _mcp, echoesMetadata, trouble);
        _ear = new(tape, _voice, _conversation, _model, transcribes);
        string turns = takesTurns ? "{\"type\":\"server_vad\"}" : "null";
        string words = transcribes ? "{\"model\":\"whisper-1\"}" : "null";
        _voice.Say("session.created", $"\"session\":{{\"type\":\"realtime\",\"audio\":{{\"input\":{{\"turn_detection\":{turns},\"transcription\":{words}}}}}}}");
    }

    public string? Fault => _voice.Fault;

    public bool LostRequests { get; private set; }

    public bool IsBusy => _model.Running is not null || _model.Beside.Count > 0 || _ear.UserSpeaks || _ear.OwesAnswer || _mcp.IsCalling || _mcp.IsListing || _ear.OwesTranscripts;

    public IEnumerable<string> Items => _conversation.Items;

    public byte[]? TakeMessage() => _voice.Take();

    public void Speak(long now)
    {
        if (_takesTurns)
        {
            _ear.Speak(now);
        }
    }

    public void Finish(long now)
    {
        if (_ear.UserSpeaks)
        {
            Speak(now);
        }
        else if (_mcp.IsCalling)
        {
            _mcp.EndCall();
        }
        else if (_mcp.IsListing)
        {
            _mcp.EndListing();
        }
        else if (_ear.OwesTranscripts)
        {
            _ear.Transcribe();
        }
        else
        {
            _ear.Answer();
        }
    }

    public void Advance(long now)
    {
        if (_tape.OnceIn(30))
        {
            _model.Aside();
        }

        if (_ear.OwesTranscripts && _tape.OnceIn(4))
        {
            _ear.Transcribe();
            return;
        }

        if (_mcp.IsCalling && _tape.OnceIn(4))
        {
            _mcp.EndCall();
            return;
        }

        if (_mcp.IsListing && _tape.OnceIn(4))
        {
            _mcp.EndListing();
            return;
        }

        if (_model.Beside.Count > 0 && (_model.Running is null || _tape.Next(2) == 0))
        {
            _model.Advance(_model.Beside[_tape.Next(_model.Beside.Count)]);
            return;
        }

        if (_model.Running is not { } running)
        {
            _ear.Answer();
            if (_model.Running is null && _trouble.HasFlag(Trouble.OwnResponses) && _tape.OnceIn(4))
            {
                _model.Begin("");
            }

            return;
        }

        _model.Advance(running);
    }

    public void Receive(ReadOnlySpan<byte> message, long now)
    {
        FrameGlance said = FrameGlance.Of(message);
        switch (said.Type)
        {
            case "response.create" when said.References.Find(id => !_conversation.Holds(id)) is { } unknown:
                // One that was refused while the request was on its way is nobody's mistake.
                _voice.Accuse(_voice.HasRefused(unknown) ? null : $"a reference to {unknown}, which the conversation does not hold");
                _voice.Refuse(said, "invalid_value", "no");
                break;
            case "response.create" when said.AsksBeside && said.CallsRead.Find(call => !_model.HasCalledBeside(call)) is { } call:
                _voice.Accuse($"an output for the call {call}, which was not made beside the conversation");
                break;
            case "response.create" when said.AsksBeside && said.AnswersRead.Find(answer => !_mcp.HasAskedBeside(answer.Question) || !said.QuestionsRead.Contains(answer.Question)) is { Question: { } question }:
                _voice.Accuse($"an answer to {question}, which was not asked beside the conversation, or does not stand before it");
                break;
            case "response.create" when !said.AsksBeside && _model.Running is { } running:
                _voice.Refuse(said, "conversation_already_has_active_response", $"Conversation already has an active response in progress: {running.Id}. Wait until the response is finished before creating a new one.");
                break;
            case "response.create" when _tape.OnceIn(25):
                _voice.Refuse(said, "invalid_value", "no");
                break;
            case "response.create" when _tape.OnceIn(60):
                LostRequests = true;
                break;
            case "response.create":
                _model.Begin(said.Token, said.AsksBeside, said.AnswersRead.Count(answer => _mcp.TakeAnswerBeside(answer.Question, answer.IsApproved)));
                break;
            case "response.cancel" when _model.Beside.Find(running => running.Id == said.Response) is { } beside:
                _model.Cancel(beside);
                break;
            case "response.cancel" when _model.Running is null || (said.Response != "" && said.Response != _model.Running.Id):
                _voice.Refuse(said, "response_cancel_not_active", "Cancellation failed: no active response found");
                break;
            case "response.cancel":
                _model.Cancel(_model.Running!);
                break;
            case "conversation.item.create" when said.ItemType == "function_call_output":
                TakeOutput(said);
                break;
            case "conversation.item.create" when said.ItemType == "mcp_approval_response" && !_tape.OnceIn(25):
                _mcp.TakeAnswer(said);
                break;
            case "conversation.item.create" when said.ItemType == "mcp_approval_response" || (!said.IsByItself && _tape.OnceIn(25)):
                _voice.Refuse(said, "invalid_value", "no");
                break;
            case "conversation.item.create" when said.Previous is not ("" or "root") && !_conversation.Holds(said.Previous):
                _voice.Accuse($"an item behind {said.Previous}, which is not in the conversation");
                _voice.Refuse(said, "item_create_invalid_previous_item_id", "no");
                break;
            case "conversation.item.create":
                string added = said.Item != "" ? said.Item : _voice.New("item");
                _conversation.Add(added, SmallConversation.UserMessage(added), said.Previous);
                break;
            case "conversation.item.truncate":
                _conversation.Truncate(said);
                break;
            case "conversation.item.delete":
                _voice.Accuse(_model.Running is { } making && (making.Message == said.Item || making.Call == said.Item) ? $"a deletion of {said.Item}, whose response runs" : null);
                _conversation.Delete(said);
                break;
            case "conversation.item.retrieve" when _conversation.Holds(said.Item):
                _voice.Say("conversation.item.retrieved", $"\"item\":{SmallConversation.UserMessage(said.Item)}");
                break;
            case "conversation.item.retrieve":
                _voice.Refuse(said, "item_retrieve_invalid_item_id", "no");
                break;
            case "input_audio_buffer.commit":
                string item = _voice.New("user");
                _ear.Commit(item);
                _voice.Accuse(_takesTurns ? "a commit in a session in which the server takes the turns" : null);
                break;
            case "session.update" when _tape.OnceIn(12):
                _voice.Refuse(said, "invalid_value", "no");
                break;
            case "session.update":
                _voice.Say("session.updated", said.Speed == "" ? "\"session\":{\"type\":\"realtime\"}" : $"\"session\":{{\"type\":\"realtime\",\"audio\":{{\"output\":{{\"speed\":{said.Speed}}}}}}}");
                if (!_mcp.IsListing && message.IndexOf("server_label"u8) >= 0 && !_tape.OnceIn(8))
                {
                    _mcp.BeginListing();
                }

                break;
            case "input_audio_buffer.append" or "input_audio_buffer.clear":
                break;
            default:
                _voice.Accuse($"{said.Type}, which no client sends here");
                break;
        }
    }

    private void TakeOutput(FrameGlance output)
    {
        if (!_model.HasCalled(output.Call))
        {
            if (output.IsByItself)
            {
                _voice.Refuse(output, "invalid_tool_call_id", "no"); // of a call beside the conversation
                return;
            }

            _voice.Accuse($"an output for the call {output.Call}, which is not in the conversation");
        }

        _conversation.Add(output.Item, $"{{\"id\":\"{output.Item}\",\"type\":\"function_call_output\",\"status\":\"completed\",\"call_id\":\"{output.Call}\",\"output\":\"{{}}\"}}");
    }
}
