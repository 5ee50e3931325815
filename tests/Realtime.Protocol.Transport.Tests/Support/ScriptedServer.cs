using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>
/// The server's side of a session, played by hand: a test says what it sends and what it expects next. It keeps no state and no rules, so
/// that it can also do what no server should. A message that does not come, or a session that does not end, fails the test after ten seconds instead of hanging it.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly IRealtimeTransport _transport;
    private int _events;

    public ScriptedServer(IRealtimeTransport transport) => _transport = transport;

    /// <summary>Every message received so far.</summary>
    public List<JsonObject> Received { get; } = [];

    public static (IRealtimeTransport Client, ScriptedServer Server) Create()
    {
        (PipeTransport client, PipeTransport server) = PipeTransport.CreatePair();
        return (client, new(server));
    }

    /// <summary>A session that is connected and configured.</summary>
    public static async Task<(VoiceSession Session, ScriptedServer Server)> ConnectAsync(VoiceSessionOptions? options = null)
    {
        (IRealtimeTransport client, ScriptedServer server) = Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync((options ?? Manual()).Over(client));
        await server.AcceptAsync();
        return (await connecting.WaitAsync(Patience), server);
    }

    public static VoiceSessionOptions Manual(TimeProvider? time = null) => new() { Session = SessionConfiguration.PushToTalk, TimeProvider = time ?? TimeProvider.System };

    /// <summary>Opens the session and acknowledges its configuration as it was sent.</summary>
    public async Task<JsonObject> AcceptAsync(string id = "sess_1")
    {
        await SendAsync($$$"""{"type":"session.created","session":{"type":"realtime","id":"{{{id}}}"}}""");
        JsonObject update = await ExpectAsync("session.update");
        await SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        return update;
    }

    /// <summary>Sends one event; the event id is added.</summary>
    public async Task SendAsync(string json)
    {
        JsonObject message = JsonNode.Parse(json)!.AsObject();
        message["event_id"] = $"event_{++_events}";
        await SendRawAsync(message.ToJsonString());
    }

    public async Task SendRawAsync(string message) => await _transport.SendAsync(Encoding.UTF8.GetBytes(message)).AsTask().WaitAsync(Patience);

    /// <summary>The next message, which must be of this type.</summary>
    public async Task<JsonObject> ExpectAsync(string type)
    {
        JsonObject message = await NextAsync();
        Assert.Equal(type, (string?)message["type"]);
        return message;
    }

    public async Task<JsonObject> NextAsync()
    {
        ReceivedMessage message = await _transport.ReceiveAsync().AsTask().WaitAsync(Patience);
        Assert.True(!message.IsEnd, $"A message was expected; the connection ended: {message.End}.");
        JsonObject json = JsonNode.Parse(message.Body.Span)!.AsObject();
        Received.Add(json);
        return json;
    }

    /// <summary>Receives until the end, answering the goodbye as a WebSocket does; gives what the client said before.</summary>
    public async Task<RealtimeCloseReason> ReadToEndAsync()
    {
        while (true)
        {
            ReceivedMessage message = await _transport.ReceiveAsync().AsTask().WaitAsync(Patience);
            if (message.IsEnd)
            {
                return message.End;
            }

            Received.Add(JsonNode.Parse(message.Body.Span)!.AsObject());
        }
    }

    /// <summary>The session has taken in all that was sent so far: behind it came what it asked for. Nothing else may be on its way here.</summary>
    public async Task TakenInAsync(VoiceSession session)
    {
        Task<ConversationItem> asked = session.Conversation.RetrieveAsync("item_mark");
        await ExpectAsync("conversation.item.retrieve");
        await SendAsync("""{"type":"conversation.item.retrieved","item":{"id":"item_mark","type":"message","status":"completed","role":"user","content":[]}}""");
        await asked.WaitAsync(Patience);
    }

    /// <summary>Ends both sides at once, without the wait for an answer to the session's goodbye.</summary>
    public async Task EndAsync(VoiceSession session)
    {
        await DisposeAsync();
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    public ValueTask CloseAsync(int statusCode, string description) => _transport.CloseAsync(statusCode, description);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    // One turn, event by event, as section D of the protocol's canonical sequences has them.
    public Task CreatedAsync(string response, JsonNode? create = null, string format = "{}") => SendAsync(
        $$$"""{"type":"response.created","response":{"id":"{{{response}}}","object":"realtime.response","status":"in_progress","output":[],"conversation_id":"conv_1","audio":{"output":{"format":{{{format}}}}},"metadata":{{{create?["response"]?["metadata"]?.ToJsonString() ?? "null"}}}}}""");

    public async Task BeginItemAsync(string response, string item)
    {
        string body = $$"""{"id":"{{item}}","type":"message","status":"in_progress","role":"assistant","content":[]}""";
        await SendAsync($$"""{"type":"response.output_item.added","response_id":"{{response}}","output_index":0,"item":{{body}}}""");
        await SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{body}}}""");
    }

    public Task AudioAsync(string response, string item, byte[] pcm, int contentIndex = 0) => SendAsync(
        $$"""{"type":"response.output_audio.delta","response_id":"{{response}}","item_id":"{{item}}","output_index":0,"content_index":{{contentIndex}},"delta":"{{Convert.ToBase64String(pcm)}}"}""");

    public Task TranscriptAsync(string response, string item, string text) => SendAsync(
        $$"""{"type":"response.output_audio_transcript.delta","response_id":"{{response}}","item_id":"{{item}}","output_index":0,"content_index":0,"delta":{{JsonSerializer.Serialize(text)}}}""");

    public async Task EndItemAsync(string response, string item, string status = "completed")
    {
        string body = $$"""{"id":"{{item}}","type":"message","status":"{{status}}","role":"assistant","content":[]}""";
        await SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{body}}}""");
        await SendAsync($$"""{"type":"response.output_item.done","response_id":"{{response}}","output_index":0,"item":{{body}}}""");
    }

    public async Task CallAsync(string response, string item, string call, string name, string arguments)
    {
        string Body(string status, string text) =>
            $$"""{"id":"{{item}}","type":"function_call","status":"{{status}}","name":"{{name}}","call_id":"{{call}}","arguments":{{JsonSerializer.Serialize(text)}}}""";
        await SendAsync($$"""{"type":"response.output_item.added","response_id":"{{response}}","output_index":0,"item":{{Body("in_progress", "")}}}""");
        await SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{Body("in_progress", "")}}}""");
        await SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{Body("completed", arguments)}}}""");
        await SendAsync($$"""{"type":"response.output_item.done","response_id":"{{response}}","output_index":0,"item":{{Body("completed", arguments)}}}""");
    }

    public Task DoneAsync(string response, string status = "completed", string details = "null", string usage = "null") => SendAsync(
        $$$"""{"type":"response.done","response":{"id":"{{{response}}}","object":"realtime.response","status":"{{{status}}}","status_details":{{{details}}},"output":[],"conversation_id":"conv_1","usage":{{{usage}}}}}""");

    /// <summary>Takes so many items that the client creates one after the other.</summary>
    public async Task<JsonObject[]> TakeItemsAsync(int count)
    {
        var items = new JsonObject[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = (await ExpectAsync("conversation.item.create"))["item"]!.AsObject();
            await ItemAsync(items[i]);
        }

        return items;
    }

    /// <summary>A whole turn in writing: takes the item, and answers it with one message of so much audio and these words.</summary>
    public async Task AnswerTextAsync(string response, string words, int milliseconds = 0)
    {
        await TakeItemsAsync(1);
        await AnswerAsync(response, words, milliseconds);
    }

    /// <summary>Answers the next request with one message of so much audio and these words.</summary>
    public async Task AnswerAsync(string response, string words, int milliseconds = 0)
    {
        JsonObject create = await ExpectAsync("response.create");
        await CreatedAsync(response, create);
        await BeginItemAsync(response, $"item_{response}");
        if (milliseconds > 0)
        {
            await AudioAsync(response, $"item_{response}", new byte[milliseconds * 48]);
        }

        await TranscriptAsync(response, $"item_{response}", words);
        string body = $$"""{"id":"item_{{response}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_audio","transcript":{{JsonSerializer.Serialize(words)}}}]}""";
        await SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{body}}}""");
        await SendAsync($$"""{"type":"response.output_item.done","response_id":"{{response}}","output_index":0,"item":{{body}}}""");
        await DoneAsync(response);
    }

    /// <summary>Acknowledges an item that the client created.</summary>
    public async Task ItemAsync(JsonNode item)
    {
        item = item.DeepClone();
        item["status"] = "completed";
        await SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{item.ToJsonString()}}}""");
        await SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{item.ToJsonString()}}}""");
    }
}
