using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// What a witness or a server in a test sees in a message of either direction. It is read with the platform's reader, by nothing of this library, so that whoever checks the library does not lean
/// on it.
/// </summary>
internal sealed class FrameGlance
{
    public string Type { get; private set; } = "";

    public string EventId { get; private set; } = "";

    /// <summary>Whether the application sent it by itself, past the session.</summary>
    public bool IsByItself => EventId.StartsWith("own_", StringComparison.Ordinal);

    /// <summary><c>response_id</c> or <c>response.id</c>.</summary>
    public string Response { get; private set; } = "";

    /// <summary><c>item_id</c> or <c>item.id</c>.</summary>
    public string Item { get; private set; } = "";

    public string ItemType { get; private set; } = "";

    /// <summary>Of the item or of the response.</summary>
    public string Status { get; private set; } = "";

    /// <summary><c>call_id</c>, of the event or of its item.</summary>
    public string Call { get; private set; } = "";

    /// <summary><c>item.approval_request_id</c>: the question that an answer is about.</summary>
    public string Question { get; private set; } = "";

    public bool IsApproved { get; private set; }

    public string Token { get; private set; } = "";

    public string Code { get; private set; } = "";

    /// <summary><c>error.event_id</c>.</summary>
    public string Answers { get; private set; } = "";

    /// <summary>The response that an error's message names as the one that runs.</summary>
    public string InTheWay { get; private set; } = "";

    public string Instructions { get; private set; } = "";

    public bool IsOutOfBand { get; private set; }

    /// <summary>A <c>response.create</c> asks for a response beside the conversation.</summary>
    public bool AsksBeside { get; private set; }

    /// <summary>The items that a <c>response.create</c> names by reference.</summary>
    public List<string> References { get; } = [];

    /// <summary>The calls of a <c>response.create</c>'s input, and those that outputs in it answer.</summary>
    public List<string> CallsRead { get; } = [];

    /// <summary>The questions about remote MCP servers in a <c>response.create</c>'s input.</summary>
    public List<string> QuestionsRead { get; } = [];

    /// <summary>The answers to such questions in it.</summary>
    public List<(string Question, bool IsApproved)> AnswersRead { get; } = [];

    /// <summary><c>previous_item_id</c>; empty when it is null or not stated.</summary>
    public string Previous { get; private set; } = "";

    /// <summary><c>session.audio.output.speed</c>, as it is written.</summary>
    public string Speed { get; private set; } = "";

    public int AudioBytes { get; private set; }

    public long AudioEndMilliseconds { get; private set; }

    public static FrameGlance Of(ReadOnlySpan<byte> json)
    {
        var glance = new FrameGlance();
        var reader = new Utf8JsonReader(json);
        string outer = "";
        string middle = "";
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName)
            {
                continue;
            }

            int depth = reader.CurrentDepth;
            string name = Name(ref reader);
            reader.Read();
            switch (depth)
            {
                case 1:
                    outer = name;
                    glance.Top(name, ref reader);
                    break;
                case 2 when outer == "response" && name == "input":
                    glance.Input(ref reader);
                    break;
                case 2:
                    middle = name;
                    glance.Inner(outer, name, ref reader);
                    break;
                case 3 when outer == "response" && middle == "metadata" && name == "realtime.token":
                    glance.Token = reader.GetString()!;
                    break;
                case 4 when outer == "session" && name == "speed" && reader.TokenType is JsonTokenType.Number:
                    glance.Speed = Encoding.UTF8.GetString(reader.ValueSpan);
                    break;
            }

            if (reader.TokenType is JsonTokenType.StartArray)
            {
                reader.Skip(); // nothing here is about what lies in a list
            }
        }

        return glance;
    }

    private void Top(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "type":
                Type = reader.GetString()!;
                break;
            case "event_id":
                EventId = reader.GetString() ?? "";
                break;
            case "response_id":
                Response = reader.GetString() ?? "";
                break;
            case "item_id":
                Item = reader.GetString() ?? "";
                break;
            case "previous_item_id":
                Previous = reader.GetString() ?? "";
                break;
            case "call_id":
                Call = reader.GetString() ?? "";
                break;
            case "audio_end_ms":
                AudioEndMilliseconds = reader.GetInt64();
                break;
            case "delta" when Type == "response.output_audio.delta":
                AudioBytes = reader.ValueSpan.Length / 4 * 3 - (reader.ValueSpan is [.., (byte)'=', (byte)'='] ? 2 : reader.ValueSpan is [.., (byte)'='] ? 1 : 0);
                break;
        }
    }

    private void Inner(string outer, string name, ref Utf8JsonReader reader)
    {
        switch (outer, name)
        {
            case ("response", "id"):
                Response = reader.GetString()!;
                break;
            case ("response" or "item", "status"):
                Status = reader.GetString() ?? "";
                break;
            case ("response", "conversation"):
                AsksBeside = reader.GetString() == "none";
                break;
            case ("response", "conversation_id"):
                IsOutOfBand = reader.TokenType is JsonTokenType.Null;
                break;
            case ("response", "instructions"):
                Instructions = reader.GetString() ?? "";
                break;
            case ("item", "id"):
                Item = reader.GetString()!;
                break;
            case ("item", "type"):
                ItemType = reader.GetString()!;
                break;
            case ("item", "call_id"):
                Call = reader.GetString() ?? "";
                break;
            case ("item", "approval_request_id"):
                Question = reader.GetString() ?? "";
                break;
            case ("item", "approve"):
                IsApproved = reader.GetBoolean();
                break;
            case ("error", "code"):
                Code = reader.GetString() ?? "";
                break;
            case ("error", "message") when reader.GetString() is { } message && message.Split("in progress: ") is [_, { } named]:
                InTheWay = named.Split('.')[0];
                break;
            case ("error", "event_id"):
                Answers = reader.GetString() ?? "";
                break;
        }
    }

    private void Input(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        string type = "";
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != depth + 2)
            {
                continue;
            }

            string name = Name(ref reader);
            reader.Read();
            switch (name)
            {
                case "type":
                    type = reader.GetString()!;
                    break;
                case "id" when type == "item_reference":
                    References.Add(reader.GetString()!);
                    break;
                case "call_id":
                    CallsRead.Add(reader.GetString()!);
                    break;
                case "id" when type == "mcp_approval_request":
                    QuestionsRead.Add(reader.GetString()!);
                    break;
                case "approval_request_id" when type == "mcp_approval_response":
                    AnswersRead.Add((reader.GetString()!, false));
                    break;
                case "approve":
                    AnswersRead[^1] = AnswersRead[^1] with { IsApproved = reader.GetBoolean() };
                    break;
            }
        }
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        foreach ((byte[] utf8, string text) in name.Length < ByLength.Length ? ByLength[name.Length] : [])
        {
            if (name.SequenceEqual(utf8))
            {
                return text;
            }
        }

        return "";
    }

    private static readonly string[] Names =
    [
        "type", "event_id", "response_id", "item_id", "call_id", "audio_end_ms", "delta", "response", "item", "error", "id", "status", "conversation_id", "conversation", "input", "instructions",
        "metadata", "realtime.token", "code", "message", "approval_request_id", "approve", "previous_item_id", "session", "speed",
    ];

    private static readonly (byte[] Utf8, string Text)[][] ByLength =
        [.. Enumerable.Range(0, 24).Select(static length => Names.Where(name => name.Length == length).Select(static name => (Encoding.UTF8.GetBytes(name), name)).ToArray())];
}
