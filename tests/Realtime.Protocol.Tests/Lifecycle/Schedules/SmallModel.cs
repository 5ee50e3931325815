namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>The model of the small server: the one response that writes to the conversation, those beside it, and what each of them makes, piece by piece.</summary>
internal sealed class SmallModel(Tape tape, SmallVoice voice, SmallConversation conversation, SmallMcp mcp, bool echoesMetadata, Trouble trouble)
{
    private static readonly (int Bytes, string Base64)[] Sounds = [.. ((int[])[480, 47, 2, 1_201, 4_800]).Select(static bytes => (bytes, Convert.ToBase64String(new byte[bytes])))];

    private readonly HashSet<string> _calls = [];
    private readonly HashSet<string> _callsBeside = [];
    private readonly List<SmallResponse> _beside = [];
    private SmallResponse? _running;

    /// <summary>The response that writes to the conversation.</summary>
    public SmallResponse? Running => _running;

    /// <summary>Responses beside the conversation.</summary>
    public List<SmallResponse> Beside => _beside;

    /// <summary>Whether a call was made whose output the conversation takes.</summary>
    public bool HasCalled(string call) => _calls.Contains(call);

    /// <summary>Whether a call was made beside the conversation.</summary>
    public bool HasCalledBeside(string call) => _callsBeside.Contains(call);

    public void Advance(SmallResponse running)
    {
        if (running.ChunksLeft > 0)
        {
            if (running.Message is null || (!running.IsMessageOpen && tape.Next(2) == 0))
            {
                running.Message = Open(running, "message", "");
                running.IsMessageOpen = true;
            }

            (int bytes, string base64) = Sounds[tape.Next(Sounds.Length)];
            conversation.Sound(running.Message, bytes);
            running.ChunksLeft--;
            voice.Say("response.output_audio.delta", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{running.Message}\",\"output_index\":0,\"content_index\":0,\"delta\":\"{base64}\"");
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
            running.CallId = voice.New("call");
            running.Call = Open(running, "function_call", running.CallId);
            running.IsCallOpen = true;
        }
        else if (running.McpLeft > 0)
        {
            running.McpLeft--;
            mcp.CallOrAsk(running);
        }
        else
        {
            End(running, tape.OnceIn(12) ? "incomplete" : tape.OnceIn(12) ? "failed" : "completed", "");
        }
    }

    public void Begin(string token, bool isBeside = false, int approved = 0)
    {
        bool echoes = echoesMetadata && token != "" && !(trouble.HasFlag(Trouble.SomeEcho) && tape.OnceIn(3));
        if (!isBeside)
        {
            approved = mcp.TakeApproved();
        }

        var running = new SmallResponse(voice.New(isBeside ? "aside" : "resp"), echoes ? token : null, isBeside)
        {
            ChunksLeft = tape.Next(6),
            CallsLeft = tape.OnceIn(4) ? 1 + tape.Next(2) : 0,
            McpLeft = approved > 0 ? approved : tape.OnceIn(5) ? 1 + tape.Next(2) : 0,
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

    public void End(SmallResponse running, string status, string reason)
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

    /// <summary>The client cancels a response. Some pieces are still on their way.</summary>
    public void Cancel(SmallResponse running)
    {
        for (int late = tape.Next(3); late > 0 && running.ChunksLeft > 0; late--)
        {
            Advance(running);
        }

        End(running, "cancelled", "client_cancelled");
    }

    /// <summary>A response outside the conversation, and the end of one that nobody was told of: both legal, and neither touches the conversation's place.</summary>
    public void Aside()
    {
        string response = voice.New("foreign");
        voice.Say("response.created", $"\"response\":{{\"id\":\"{response}\",\"status\":\"in_progress\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
        voice.Say("response.done", $"\"response\":{{\"id\":\"{response}\",\"status\":\"completed\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
        voice.Say("response.done", $"\"response\":{{\"id\":\"{voice.New("untold")}\",\"status\":\"completed\",\"conversation_id\":null,\"metadata\":{{\"realtime.token\":\"of somebody else\"}}}}");
    }

    private string Open(SmallResponse running, string type, string callId)
    {
        if (running.IsMessageOpen)
        {
            CloseMessage(running, "completed");
        }

        string item = voice.New("item");
        conversation.Begin(item);
        string json = type == "message" ? Message(item, "in_progress") : Call(item, "in_progress", callId);
        voice.Say("response.output_item.added", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items++},\"item\":{json}");
        if (!running.IsBeside)
        {
            conversation.Enter(item, json);
        }

        return item;
    }

    private void CloseMessage(SmallResponse running, string status)
    {
        running.IsMessageOpen = false;
        voice.Say("response.output_audio.done", $"\"response_id\":\"{running.Id}\",\"item_id\":\"{running.Message}\",\"output_index\":0,\"content_index\":0");
        conversation.Close(running, Message(running.Message!, status));
    }

    private void CloseCall(SmallResponse running, string status)
    {
        running.IsCallOpen = false;
        (running.IsBeside ? _callsBeside : _calls).Add(running.CallId);
        conversation.Close(running, Call(running.Call!, status, running.CallId));
    }

    private void SayResponse(string type, SmallResponse running, string status, string reason)
    {
        string details = reason == "" ? "null" : $"{{\"type\":\"{status}\",\"reason\":\"{reason}\"}}";
        string conversation = running.IsBeside || trouble.HasFlag(Trouble.NullConversation) ? "null" : "\"conv_1\"";
        string metadata = running.Token is null ? "null" : $"{{\"realtime.token\":\"{running.Token}\"}}";
        voice.Say(type, $"\"response\":{{\"id\":\"{running.Id}\",\"status\":\"{status}\",\"status_details\":{details},\"output\":[],\"conversation_id\":{conversation},\"usage\":null,\"metadata\":{metadata}}}");
    }

    private static string Message(string item, string status) => $"{{\"id\":\"{item}\",\"type\":\"message\",\"status\":\"{status}\",\"role\":\"assistant\",\"content\":[]}}";

    private static string Call(string item, string status, string callId) =>
        $"{{\"id\":\"{item}\",\"type\":\"function_call\",\"status\":\"{status}\",\"name\":\"clock\",\"call_id\":\"{callId}\",\"arguments\":\"{(status == "completed" ? "{}" : "")}\"}}";
}
