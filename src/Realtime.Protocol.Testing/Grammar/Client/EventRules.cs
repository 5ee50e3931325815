using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>What holds for every event, and what is left when no other family explains a refusal: each refusal breaks a rule with a name.</summary>
internal sealed class EventRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    private const int MostIds = 1_024;
    private const int LongestId = 512;

    private static readonly string[] Types =
    [
        "session.update", "transcription_session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear", "output_audio_buffer.clear",
        "conversation.item.create", "conversation.item.retrieve", "conversation.item.truncate", "conversation.item.delete", "response.create", "response.cancel",
        "session.close", "session.input_audio_buffer.append",
    ];

    // Names of members of client events, for whoever mistyped one.
    private static readonly string[] Members =
    [
        "event_id", "type", "session", "item", "response", "audio", "item_id", "content_index", "audio_end_ms", "previous_item_id", "response_id", "content", "role", "status", "text",
        "transcript", "image_url", "call_id", "output", "arguments", "name", "instructions", "tools", "tool_choice", "metadata", "conversation", "input", "output_modalities",
        "max_output_tokens", "format", "voice", "speed", "turn_detection", "transcription", "noise_reduction", "model", "language", "prompt", "include", "tracing", "truncation",
        "parameters", "description", "approval_request_id", "approve", "server_label", "server_url", "threshold", "silence_duration_ms", "prefix_padding_ms", "idle_timeout_ms",
        "create_response", "interrupt_response", "eagerness", "rate", "detail", "reason",
    ];

    private readonly HashSet<string> _ids = [];
    private readonly Queue<string> _idOrder = [];

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Verdicts.Broke("message-not-json", asked, "This is JSON, and no object.");
        }
        else if (asked.Type.Length == 0 && json.At("type") is null)
        {
            asked = asked with { Suspicion = "event-missing-member" };
        }

        if (IsUsedAgain(asked.EventId))
        {
            TellUsedAgain(asked);
        }

        return asked;
    }

    public override void Said(ref SaidSound sound)
    {
        if (IsUsedAgain(sound.EventId))
        {
            TellUsedAgain(sound.ToAsked());
        }
    }

    private void TellUsedAgain(Asked asked) => Verdicts.Broke("event-id-again", asked, $"{Words.Name(asked.EventId)} was used for two events.");

    private bool IsUsedAgain(string? eventId)
    {
        if (eventId is not { Length: > 0 and <= LongestId } id)
        {
            return false;
        }

        if (!_ids.Add(id))
        {
            return true;
        }

        _idOrder.Enqueue(id);
        if (_idOrder.Count > MostIds)
        {
            _ids.Remove(_idOrder.Dequeue());
        }

        return false;
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.EventId is null && error.EventId is null && asked.Type.Length > 0)
        {
            Verdicts.Broke("event-id-missing", asked, "An error could not name this event.");
        }

        if (asked.Suspicion == "event-missing-member")
        {
            Verdicts.Broke("event-missing-member", asked, "'type' is missing.");
            return true;
        }

        if (asked.Type.Length == 0 && error.Code is "invalid_event" or "invalid_json")
        {
            // It was told when it was said.
            return true;
        }

        (string rule, string says) = Explain(asked, error);
        Verdicts.Broke(rule, asked, says);
        return true;
    }

    private static (string Rule, string Says) Explain(Asked asked, in HeardError error)
    {
        string param = Words.Name(error.Param);
        if (asked.EventId is { Length: > LongestId } id)
        {
            return ("event-id-too-long", $"{id.Length} characters in event_id; {LongestId} is the limit.");
        }

        if (asked.Type == "output_audio_buffer.clear")
        {
            return ("event-webrtc-only", "output_audio_buffer.clear is for WebRTC.");
        }

        if (asked.Type.Length > 0 && !Types.Contains(asked.Type))
        {
            string meant = asked.Type == "response.cancelled" ? "response.cancel" : Spelling.Nearest(asked.Type, Types) ?? "";
            return ("event-unknown", $"'{Words.Name(asked.Type)}' is not a client event.{(meant.Length > 0 ? $" Did you mean {meant}?" : "")}");
        }

        if (error.Param is { } path && path.Contains("metadata", StringComparison.Ordinal) && error.Code is "invalid_type" or "object_above_max_properties" or "string_above_max_length")
        {
            return error.Code == "invalid_type"
                ? ("metadata-not-text", $"'{param}' is no text.")
                : ("metadata-too-much", $"'{param}' is more than is taken{Words.OutOfRange(error.Message)}.");
        }

        return error.Code switch
        {
            "unknown_parameter" => ("event-unknown-member", $"'{param}' is unknown.{Meant(error.Param)}"),
            "invalid_type" => ("event-wrong-type", $"'{param}' has the wrong type."),
            "missing_required_parameter" => ("event-missing-member", $"'{param}' is missing."),
            "invalid_value" or "string_above_max_length" or "object_above_max_properties" or "integer_below_min_value" or "integer_above_max_value" or "decimal_below_min_value" or "decimal_above_max_value" => ("event-bad-value", $"'{param}' has a value that is not taken{Words.OutOfRange(error.Message)}."),
            _ => ("event-refused", $"{Words.Event(asked)} was refused with the code {Words.Name(error.Code)}."),
        };
    }

    private static string Meant(string? path)
    {
        int dot = path?.LastIndexOf('.') ?? -1;
        return path is not null && Spelling.Nearest(path[(dot + 1)..], Members) is { } nearest ? $" Did you mean {Words.Name(path[..(dot + 1)] + nearest)}?" : "";
    }
}
