using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What the application of a schedule does, each as its tape decides: it talks, plays what it hears, cuts and deletes, asks, answers calls and questions, and sends events by itself. It asks for nothing that it may not.</summary>
internal sealed class ScheduleApplication(Tape tape, ScheduleSession session, IScheduleServer server, bool echoes)
{
    private static readonly (int Bytes, byte[] Append)[] Sounds =
    [
        .. ((int[])[4_800, 4_799, 100, 6_001]).Select(static bytes =>
            (bytes, Encoding.UTF8.GetBytes($"{{\"type\":\"input_audio_buffer.append\",\"audio\":\"{Convert.ToBase64String(new byte[bytes])}\"}}"))),
    ];

    private readonly Tape _tape = tape;
    private readonly ScheduleWitness _witness = session.Witness;
    private readonly Queue<string> _ownItems = new();
    private int _lastOwn;

    /// <summary>The application sends sound, which goes around the machine.</summary>
    public void Say()
    {
        (int bytes, byte[] append) = Sounds[_tape.Next(Sounds.Length)];
        session.Put(append);
        session.Submit(SessionIntent.AudioAppended(bytes));
    }

    public void Play()
    {
        string item = Pick(_witness.Received.Keys);
        long received = _witness.Received[item];
        _witness.Played[item] = Math.Max(_witness.Played.GetValueOrDefault(item), Math.Min(received, _tape.Next(5) == 0 ? received : _tape.Next(20_000)));
        session.Submit(SessionIntent.Played(item, 0, _witness.Played[item]));
    }

    public SessionIntent Cut()
    {
        string item = Pick(_witness.Received.Keys);
        _witness.AsksToCut(item);
        return SessionIntent.TruncateItem(item, 1 + _tape.Next((int)Math.Max(1, _witness.Received[item] / 48)));
    }

    public void Delete()
    {
        string item = Pick(_witness.Received.Keys);
        _witness.AsksToDelete(item);
        session.Track(session.Submit(SessionIntent.DeleteItem(item)));
    }

    /// <summary>A response over chosen items, most often beside the conversation: known ones, or ones that nobody has heard of.</summary>
    public void AskAboutItems()
    {
        Item[] input = new Item[_tape.Next(3)];
        for (int i = 0; i < input.Length; i++)
        {
            Dictionary<string, long> known = _tape.Next(2) == 0 ? _witness.Received : _witness.Held;
            string id = known.Count > 0 && !_tape.OnceIn(4) ? Pick(known.Keys) : "nobody";
            input[i] = _tape.Next(2) == 0
                ? new ItemReference { Id = id }
                : new MessageItem { Id = id, Role = MessageItemRole.User, Content = [new() { Type = ContentPartType.InputText, Text = "so?" }] };
        }

        Ask(new ResponseParameters { Conversation = _tape.OnceIn(4) ? ResponseParametersConversation.Auto : ResponseParametersConversation.None, Input = input });
    }

    public void Ask(ResponseParameters request)
    {
        if (session.Has(Trouble.NullConversation) && !echoes && server is not SmallServer)
        {
            return; // its responses bear nothing by which a witness could tell which are beside the conversation
        }

        SubmitResult result = session.Submit(SessionIntent.CreateResponse(request));
        ScheduleWitness.Check(result.IsAccepted || session.IsClosed || result.Rule is "RC-22" or "RC-23", $"a request was refused by {result.Rule}");
    }

    public void GiveOutput()
    {
        int index = _tape.Next(_witness.Calls.Count);
        string call = _witness.Calls[index];
        _witness.Calls.RemoveAt(index);
        SubmitResult result = session.Submit(SessionIntent.ToolOutput(call, "{}"));
        ScheduleWitness.Check(result.IsAccepted || session.IsClosed, "the output of a call was refused");
    }

    public void GiveAnswer()
    {
        string question = _witness.Questions[0];
        _witness.Questions.RemoveAt(0);
        SubmitResult result = session.Submit(SessionIntent.AnswerApproval(question, isApproved: _tape.Next(2) == 0));
        ScheduleWitness.Check(result.IsAccepted || session.IsClosed, "the answer to a question was refused");
    }

    /// <summary>The application sends an event of its own, as it may: nothing that the server must refuse, but for what is under way at the same moment.</summary>
    public void SendByItself()
    {
        string id = $"\"event_id\":\"own_{++_lastOwn}\"";
        switch (_tape.Next(10))
        {
            case 0:
                session.SubmitEvent($"{{\"type\":\"session.update\",{id},\"session\":{{\"type\":\"realtime\"}}}}");
                break;
            case 1:
                session.SubmitEvent($"{{\"type\":\"response.cancel\",{id}}}");
                break;
            case 2 when _witness.Open is { } open:
                session.SubmitEvent($"{{\"type\":\"response.cancel\",{id},\"response_id\":\"{open}\"}}");
                break;
            case 3:
                bool isNamed = _tape.Next(2) == 0;
                if (session.SubmitEvent($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{{(isNamed ? $"\"id\":\"own_{_lastOwn}\"," : "")}\"type\":\"message\",\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":\"hello\"}}]}}}}").IsAccepted && isNamed)
                {
                    _ownItems.Enqueue($"own_{_lastOwn}");
                }

                break;
            case 4 when _ownItems.TryDequeue(out string? item):
                session.SubmitEvent($"{{\"type\":\"conversation.item.delete\",{id},\"item_id\":\"{item}\"}}");
                break;
            case 5 when _witness.Calls.Count > 0 && !session.Has(Trouble.StuckTools):
                int index = _tape.Next(_witness.Calls.Count);
                string call = _witness.Calls[index];
                _witness.Calls.RemoveAt(index);
                SubmitResult result = session.SubmitEvent($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{\"id\":\"own_{_lastOwn}\",\"type\":\"function_call_output\",\"call_id\":\"{call}\",\"output\":\"{{}}\"}}}}");
                ScheduleWitness.Check(session.IsClosed || (result.IsAccepted ? result.Turn != 0 : result.Rule is "FC-03" or "RC-22"), "an output that the application sent by itself answers no call");
                if (result.Rule == "RC-22")
                {
                    _witness.Calls.Add(call); // no conversation holds it, so its output goes another way
                }

                break;
            case 6 when _witness.Questions.Count > 0 && !session.Has(Trouble.StuckTools):
                string question = _witness.Questions[0];
                _witness.Questions.RemoveAt(0);
                SubmitResult answered = session.SubmitEvent($"{{\"type\":\"conversation.item.create\",{id},\"item\":{{\"id\":\"own_{_lastOwn}\",\"type\":\"mcp_approval_response\",\"approval_request_id\":\"{question}\",\"approve\":true}}}}");
                ScheduleWitness.Check(session.IsClosed || (answered.IsAccepted ? answered.Turn != 0 : answered.Rule is "MCP-03" or "RC-22"), "an answer that the application sent by itself answers no question");
                if (answered.Rule == "RC-22")
                {
                    _witness.Questions.Add(question); // no conversation holds it, so its answer goes another way
                }

                break;
            case 7 when _witness.Received.Keys.FirstOrDefault(_witness.Held.ContainsKey) is { } cut && !session.Has(Trouble.IdlessErrors):
                session.SubmitEvent($"{{\"type\":\"conversation.item.truncate\",{id},\"item_id\":\"{cut}\",\"content_index\":0,\"audio_end_ms\":{1 + _tape.Next(100)}}}");
                break;
            case 8 when _witness.Held.Count > 0 && !session.Has(Trouble.IdlessErrors):
                session.SubmitEvent($"{{\"type\":\"conversation.item.retrieve\",{id},\"item_id\":\"{Pick(_witness.Held.Keys)}\"}}");
                break;
            case 9 when !session.Has(Trouble.IdlessErrors):
                session.SubmitEvent($"{{\"type\":\"session.update\",{id},\"session\":{{\"type\":\"realtime\",\"audio\":{{\"output\":{{\"speed\":1.1}}}}}}}}");
                break;
        }
    }

    public Session Configuration() => _tape.Next(6) switch
    {
        0 => new Session { Type = SessionType.Realtime, Tools = [new McpTool { ServerLabel = "almanac", ServerUrl = "https://almanac.example/mcp" }] },
        5 => new Session { Type = SessionType.Realtime, Tools = [new McpTool { ServerLabel = "almanac", ServerUrl = "https://almanac.example/mcp", RequireApproval = (McpToolRequireApproval)McpToolRequireApprovalOption.Never }] },
        1 => new Session { Type = SessionType.Realtime, Tools = [] },
        2 => new Session { Type = SessionType.Realtime, Instructions = "x" },
        3 => new Session { Type = SessionType.Realtime, Audio = { Output = { Speed = _tape.Next(2) == 0 ? 1.25 : 0.75 } } },
        _ => new Session { Type = SessionType.Realtime, Audio = { Output = { Voice = _tape.Next(2) == 0 ? "marin" : "cedar" } } },
    };

    public string Pick(Dictionary<string, long>.KeyCollection names) => names.ElementAt(_tape.Next(names.Count));
}
