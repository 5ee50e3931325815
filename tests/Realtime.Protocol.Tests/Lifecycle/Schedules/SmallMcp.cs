namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>The remote MCP servers that the small server calls: the calls under way, the questions whether it may call, and the listing of tools.</summary>
internal sealed class SmallMcp(Tape tape, SmallVoice voice, SmallConversation conversation)
{
    private readonly List<(string Item, bool IsBeside)> _calls = [];
    private readonly HashSet<string> _questions = [];
    private readonly HashSet<string> _questionsBeside = [];
    private readonly HashSet<string> _answeredBeside = [];
    private string? _listing;
    private int _approved;

    public bool IsCalling => _calls.Count > 0;

    public bool IsListing => _listing is not null;

    /// <summary>How many calls the next response of the conversation may make.</summary>
    public int TakeApproved()
    {
        int approved = _approved;
        _approved = 0;
        return approved;
    }

    /// <summary>Whether something was asked beside the conversation.</summary>
    public bool HasAskedBeside(string question) => _questionsBeside.Contains(question);

    /// <summary>An answer to what was asked beside the conversation.</summary>
    /// <returns>Whether it allows a call that nobody allowed before.</returns>
    public bool TakeAnswerBeside(string question, bool isApproved) => _answeredBeside.Add(question) && isApproved;

    public void CallOrAsk(SmallResponse running)
    {
        string item = voice.New("mcp");
        bool isCall = running.Approved > 0 || tape.Next(2) == 0;
        running.Approved -= isCall && running.Approved > 0 ? 1 : 0;
        string json = isCall ? McpCall(item, "") : $"{{\"id\":\"{item}\",\"type\":\"mcp_approval_request\",\"server_label\":\"almanac\",\"name\":\"book\",\"arguments\":\"{{}}\"}}";
        voice.Say("response.output_item.added", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items++},\"item\":{json}");
        conversation.Begin(item);
        if (!running.IsBeside)
        {
            conversation.Enter(item, json);
        }

        if (isCall)
        {
            _calls.Add((item, running.IsBeside));
            voice.Say("response.mcp_call_arguments.done", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{item}\",\"output_index\":{running.Items - 1},\"arguments\":\"{{}}\"");
            voice.Say("response.mcp_call.in_progress", $"\"item_id\":\"{item}\",\"output_index\":{running.Items - 1}");
        }
        else
        {
            (running.IsBeside ? _questionsBeside : _questions).Add(item);
            conversation.Close(running, json);
        }
    }

    public void EndCall()
    {
        (string item, bool isBeside) = _calls[tape.Next(_calls.Count)];
        _calls.Remove((item, isBeside));
        bool hasFailed = tape.OnceIn(3);
        voice.Say(hasFailed ? "response.mcp_call.failed" : "response.mcp_call.completed", $"\"item_id\":\"{item}\",\"output_index\":0");
        if (!isBeside)
        {
            conversation.ItemDone(McpCall(item, hasFailed ? ",\"output\":null,\"error\":{\"type\":\"http_error\",\"code\":503,\"message\":\"closed\"}" : ",\"output\":\"high\""));
        }
    }

    /// <summary>The session names a server: its tools are listed.</summary>
    public void BeginListing()
    {
        _listing = voice.New("list");
        conversation.Enter(_listing, List(_listing, ""));
        voice.Say("mcp_list_tools.in_progress", $"\"item_id\":\"{_listing}\"");
    }

    public void EndListing()
    {
        voice.Say(tape.OnceIn(3) ? "mcp_list_tools.failed" : "mcp_list_tools.completed", $"\"item_id\":\"{_listing}\"");
        conversation.ItemDone(List(_listing!, "{\"name\":\"tide\",\"input_schema\":{}}"));
        _listing = null;
    }

    public void TakeAnswer(FrameGlance answer)
    {
        if (!_questions.Remove(answer.Question))
        {
            voice.Accuse($"an answer to {answer.Question}, which was not asked or is answered");
        }

        _approved += answer.IsApproved ? 1 : 0;
        conversation.Add(answer.Item, $"{{\"id\":\"{answer.Item}\",\"type\":\"mcp_approval_response\",\"approval_request_id\":\"{answer.Question}\",\"approve\":{(answer.IsApproved ? "true" : "false")}}}");
    }

    private static string McpCall(string item, string end) =>
        $"{{\"id\":\"{item}\",\"type\":\"mcp_call\",\"server_label\":\"almanac\",\"name\":\"tide\",\"arguments\":\"{{}}\"{end}}}";

    private static string List(string item, string tools) => $"{{\"id\":\"{item}\",\"type\":\"mcp_list_tools\",\"server_label\":\"almanac\",\"tools\":[{tools}]}}";
}
