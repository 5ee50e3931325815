using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>
/// What both sides of a connection have said, as far as rules need it: the session, the user's turn, items, calls and responses. It is what anybody knows who watches the
/// wire, and it judges nothing. Its memory is bounded: what is oldest is forgotten, and of what is forgotten nothing is claimed.
/// </summary>
internal sealed class Seen
{
    private const int MostItems = 4_096;
    private const int MostResponses = 256;

    private static readonly string[] Types = ["message", "function_call", "function_call_output"];
    private static readonly string[] Roles = ["user", "assistant", "system"];
    private static readonly string[] Statuses = ["completed", "incomplete", "cancelled"];

    private readonly Dictionary<string, SeenItem> _items = [];
    private readonly Queue<string> _itemOrder = [];
    private readonly Dictionary<string, SeenItem> _calls = [];
    private readonly Dictionary<string, SeenResponse> _responses = [];
    private readonly Queue<string> _responseOrder = [];

    public SeenSession Session { get; } = new();

    public SeenInput Input { get; } = new();

    /// <summary>The time of the event that is looked at.</summary>
    public double? Now { get; private set; }

    /// <summary>The conversation's response that is being made.</summary>
    public SeenResponse? Active { get; private set; }

    /// <summary>The conversation's response that was done last.</summary>
    public SeenResponse? Last { get; private set; }

    /// <summary>The item of the model whose sound began to come last.</summary>
    public SeenItem? LastSound { get; private set; }

    /// <summary>Everything that is being made, out of band too.</summary>
    public IEnumerable<SeenResponse> Running => _responses.Values.Where(static response => !response.IsDone);

    /// <summary>Responses that are remembered.</summary>
    public IEnumerable<SeenResponse> Responses => _responses.Values;

    /// <summary>The client's request for a response of the conversation that has no answer yet.</summary>
    public Asked? PendingCreate { get; private set; }

    public SeenItem? Item(string? id) => id is not null && _items.TryGetValue(id, out SeenItem? item) ? item : null;

    public SeenItem? Call(string? callId) => callId is not null && _calls.TryGetValue(callId, out SeenItem? call) ? call : null;

    public SeenResponse? Response(string? id) => id is not null && _responses.TryGetValue(id, out SeenResponse? response) ? response : null;

    public void Tick(double? at) => Now = at is { } now && Now is { } before ? Math.Max(now, before) : at ?? Now;

    /// <summary>The client said this, and no family objects.</summary>
    public void Said(Asked asked, JsonElement json)
    {
        switch (asked.Type)
        {
            case "response.create" when !asked.IsOutOfBand:
                PendingCreate = asked;
                break;
            case "conversation.item.truncate" when Item(asked.Target) is { } item:
                item.Truncation ??= asked;
                break;
            case "conversation.item.delete" when Item(asked.Target) is { } item:
                item.Deletion = asked;
                break;
            case "conversation.item.retrieve" when Item(asked.Target) is { } item:
                item.Retrieve ??= asked;
                break;
            case "conversation.item.create" when json.Text("item.type") == "function_call_output" && Call(asked.Target) is { } call:
                call.Output ??= asked;
                break;
            case "session.update" or "transcription_session.update":
                Session.Asked(asked);
                break;
        }

        Input.Said(asked);
    }

    /// <summary>The server refused this.</summary>
    public void Refused(Asked asked)
    {
        if (PendingCreate == asked)
        {
            PendingCreate = null;
        }

        if (Item(asked.Target) is { } item)
        {
            item.Truncation = item.Truncation == asked ? null : item.Truncation;
            item.Deletion = item.Deletion == asked ? null : item.Deletion;
            item.Retrieve = item.Retrieve == asked ? null : item.Retrieve;
        }

        if (Call(asked.Target) is { } call && call.Output == asked)
        {
            call.Output = null;
        }

        Session.Refused(asked);
        Input.Refused(asked);
    }

    /// <summary>The server said this.</summary>
    public void Heard(string type, JsonElement json)
    {
        switch (type)
        {
            case "session.created" or "session.updated" or "transcription_session.created" or "transcription_session.updated":
                Session.Took(json, isAnswer: type.EndsWith("updated", StringComparison.Ordinal));
                break;
            case "response.created":
                Created(json);
                break;
            case "response.done":
                Done(json);
                break;
            case "conversation.item.added" or "conversation.item.created" or "conversation.item.done" or "conversation.item.retrieved":
                Placed(json, response: null, isDone: type.EndsWith("done", StringComparison.Ordinal)).Retrieve = null;
                break;
            case "response.output_item.added" or "response.output_item.done":
                Placed(json, Response(json.Text("response_id")), isDone: type.EndsWith("done", StringComparison.Ordinal));
                break;
            case "response.output_audio.delta" or "response.audio.delta":
                Sounded(json);
                break;
            case "conversation.item.deleted" when Item(json.Text("item_id")) is { } deleted:
                (deleted.IsDeleted, deleted.DeletedAt) = (true, Now);
                if (Call(deleted.AnsweredCall) is { } call)
                {
                    call.Output = null; // the conversation holds none, so the next one is no second
                }

                break;
        }

        Input.Heard(type, Session, Active is not null, Now);
    }

    private void Created(JsonElement json)
    {
        string? id = json.Text("response.id");
        if (id is null || _responses.ContainsKey(id))
        {
            return;
        }

        // A service that names no conversation at all, as some do, means the one there is.
        bool inConversation = json.At("response.conversation_id") is not { ValueKind: JsonValueKind.Null };
        var response = new SeenResponse(id, inConversation, Now) { IsByClient = PendingCreate is not null && !Input.IsServerAboutToAnswer };
        _responses[id] = response;
        _responseOrder.Enqueue(id);
        if (_responseOrder.Count > MostResponses)
        {
            _responses.Remove(_responseOrder.Dequeue());
        }

        if (inConversation)
        {
            PendingCreate = response.IsByClient ? null : PendingCreate;
            Active = response;
        }
    }

    private void Done(JsonElement json)
    {
        if (Response(json.Text("response.id")) is not { IsDone: false } response)
        {
            return;
        }

        response.IsDone = true;
        response.DoneAt = Now;
        response.Status = json.Word("response.status", Statuses) ?? "completed";
        response.Reason = json.Text("response.status_details.reason") ?? json.Text("response.status_details");
        if (Active == response)
        {
            (Active, Last) = (null, response);
        }
    }

    private SeenItem Placed(JsonElement json, SeenResponse? response, bool isDone)
    {
        string? id = json.Text("item.id");
        SeenItem item = Item(id) ?? Remember(id);
        item.Type = json.Word("item.type", Types) ?? item.Type;
        item.Role = json.Word("item.role", Roles) ?? item.Role;
        item.IsDone |= isDone;
        item.Status = isDone ? json.Word("item.status", Statuses) ?? item.Status : item.Status;
        if (response is not null && item.Response is null)
        {
            item.Response = response;
            response.Items.Add(item);
        }

        if (item.Type == "function_call" && json.Text("item.call_id") is { } callId)
        {
            item.CallId = callId;
            item.CallName = json.Text("item.name") ?? item.CallName;
            if (_calls.TryAdd(callId, item) && _calls.Count > MostItems)
            {
                _calls.Remove(_calls.Keys.First());
            }
        }

        if (item.Type == "function_call_output")
        {
            item.AnsweredCall = json.Text("item.call_id") ?? item.AnsweredCall;
        }

        return item;
    }

    private SeenItem Remember(string? id)
    {
        var item = new SeenItem(id ?? "");
        if (id is not null)
        {
            _items[id] = item;
            _itemOrder.Enqueue(id);
            if (_itemOrder.Count > MostItems)
            {
                _items.Remove(_itemOrder.Dequeue());
            }
        }

        return item;
    }

    private void Sounded(JsonElement json)
    {
        if (Item(json.Text("item_id")) is { } item)
        {
            item.Format = Session.OutputFormat;
            if (item.PlaysFrom is null)
            {
                // Sound waits for the sound before it, unless that was stopped.
                bool waits = LastSound is { Truncation: null, Deletion: null, IsDeleted: false, Response.WasInterrupted: false } && LastSound.HeardAt > Now;
                item.PlaysFrom = waits ? LastSound!.HeardAt : Now;
                LastSound = item;
            }

            item.AudioBytes += SoundSize.Of(json, "delta") ?? 0;
        }
    }
}
