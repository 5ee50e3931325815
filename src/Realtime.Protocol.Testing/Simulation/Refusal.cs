using System.Globalization;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// The error catalogue: every refusal of a client event, with the code, the words and the parameter of the real service. A text that
/// nobody has recorded from the service says so in its comment.
/// </summary>
/// <param name="Code">What programs look at.</param>
/// <param name="Message">What people read.</param>
/// <param name="Param">The path of the member that is wrong; null when the error is not about one.</param>
internal readonly record struct Refusal(string Code, string Message, string? Param = null)
{
    /// <summary>The class of the error.</summary>
    public string Type { get; init; } = "invalid_request_error";

    public static Refusal ActiveResponse(string responseId) => new("conversation_already_has_active_response",
        $"Conversation already has an active response in progress: {responseId}. Wait until the response is finished before creating a new one.");

    public static Refusal BetaIsGone { get; } = new("beta_api_shape_disabled", "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.");

    public static Refusal NothingToCancel { get; } = new("response_cancel_not_active", "Cancellation failed: no active response found");

    // The parameter was never seen; null is what the other errors about items carry.
    public static Refusal ShorterThan(long haveMs, long wantMs) => new("invalid_value", Text($"Audio content of {haveMs}ms is already shorter than {wantMs}ms"));

    public static Refusal OnlyModelAudio { get; } = new("unsupported_content_type", "Only model output audio messages can be truncated");

    // The code was seen, the words were not.
    public static Refusal TruncateUnknown(string id) => new("item_truncate_invalid_item_id", $"Error truncating item: the item with id '{id}' does not exist.");

    public static Refusal DeleteUnknown(string id) => new("item_delete_invalid_item_id", $"Error deleting item: the item with id '{id}' does not exist.");

    public static Refusal RetrieveUnknown(string id) => new("item_retrieve_invalid_item_id", $"Error retrieving item: the item with id '{id}' does not exist.");

    // Whether the service refuses any of these three was never seen (ServiceSwitches), so neither were their codes and words.
    public static Refusal TruncateInProgress(string id) => new("invalid_value", $"Error truncating item: the item with id '{id}' is still being generated.");

    public static Refusal DeleteInProgress(string id) => new("invalid_value", $"Error deleting item: the item with id '{id}' is still being generated.");

    public static Refusal UserSpeaks { get; } = new("invalid_value", "A response can't be created while the user speaks.");

    // That a session that only transcribes refuses it was reported; the words were not.
    public static Refusal NoResponses { get; } = new("invalid_event", "A transcription session has no responses: 'response.create' is not supported.", "type");

    // That an approval needs its request is published; neither code nor words were seen.
    public static Refusal RequestUnknown(string path, string id) => new("invalid_value", $"Invalid '{path}.approval_request_id': there is no approval request with id '{id}' that waits for an answer.", $"{path}.approval_request_id");

    // That a reference to nothing is refused is published; neither code nor words were seen.
    public static Refusal ReferenceUnknown(string path, string id) => new("invalid_value", $"Invalid '{path}': the item with id '{id}' does not exist.", path);

    // Neither code nor words were seen at the service itself.
    public static Refusal PreviousUnknown(string id) => new("item_create_invalid_previous_item_id", $"Error adding item: the previous item with id '{id}' does not exist.");

    // The code was seen, the words were not.
    public static Refusal DuplicateItem(string id) => new("item_create_duplicate_item_id", $"Error adding item: an item with id '{id}' already exists.");

    public static Refusal UnknownCall(string callId) => new("invalid_tool_call_id", $"Tool call ID '{callId}' not found in conversation.");

    // The platform's words for other requests; at a session nobody has seen them.
    public static Refusal CallIdCharacters(string path) => new("invalid_value", $"Invalid '{path}': expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", path);

    public static Refusal BufferTooSmall(double milliseconds) => new("input_audio_buffer_commit_empty",
        Text($"Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has {milliseconds:0.00}ms of audio."));

    public static Refusal VoiceIsFixed { get; } = new("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.");

    // That a model cannot be changed is published; the error for it was never seen.
    public static Refusal ModelIsFixed(string path, string model) => new("invalid_value", $"Invalid value: '{model}'. The model of a session cannot be changed.", path);

    // Published: tracing stays once it was set, and the speed changes between turns only. Neither error was ever seen.
    public static Refusal TracingIsFixed { get; } = new("invalid_value", "Cannot update 'session.tracing' once tracing is on.", "session.tracing");

    public static Refusal SpeedIsFixed { get; } = new("invalid_value", "Cannot update 'session.audio.output.speed' while a response is in progress.", "session.audio.output.speed");

    public static Refusal UnknownParameter(string path) => new("unknown_parameter", $"Unknown parameter: '{path}'.", path);

    public static Refusal Missing(string path) => new("missing_required_parameter", $"Missing required parameter: '{path}'.", path);

    public static Refusal WrongType(string path, string expected, string found) => new("invalid_type", $"Invalid type for '{path}': expected {expected}, but got {found} instead.", path);

    public static Refusal NotOneOf(string path, string value, params ReadOnlySpan<string> supported) => new("invalid_value", $"Invalid value: '{value}'. Supported values are: {Quoted(supported)}.", path);

    // Reported of the running service: a rate of 16000 is told "integer below minimum value", a temperature "decimal below minimum value". The words for above are the platform's.
    public static Refusal BelowLeast(string path, double value, double least, bool whole) => new(whole ? "integer_below_min_value" : "decimal_below_min_value",
        Text($"Invalid '{path}': {(whole ? "integer" : "decimal")} below minimum value. Expected a value >= {least}, but got {value} instead."), path);

    public static Refusal AboveMost(string path, double value, double most, bool whole) => new(whole ? "integer_above_max_value" : "decimal_above_max_value",
        Text($"Invalid '{path}': {(whole ? "integer" : "decimal")} above maximum value. Expected a value <= {most}, but got {value} instead."), path);

    public static Refusal Modalities(string path, string combination) => new("invalid_value", $"Invalid modalities: [{combination}]. Supported combinations are: ['text'] and ['audio'].", path);

    public static Refusal TooManyPairs(string path, int most, int found) => new("object_above_max_properties",
        Text($"Invalid '{path}': too many properties. Expected an object with at most {most} properties, but got an object with {found} properties instead."), path);

    public static Refusal TooLong(string path, int most, int found) => new("string_above_max_length",
        Text($"Invalid '{path}': string too long. Expected a string with maximum length {most}, but got a string with length {found} instead."), path);

    // The platform's words for other requests; at a session nobody has seen them.
    public static Refusal EmptyText(string path) => new("empty_string", $"Invalid '{path}': empty string. Expected a string with minimum length 1, but got an empty string instead.", path);

    public static Refusal NotBase64(string path) => new("invalid_value", $"Invalid '{path}'. Expected base64-encoded audio bytes, but got an invalid value.", path);

    public static Refusal NoType { get; } = new("invalid_event", "The 'type' field is missing.");

    // What the service says about text that is not JSON was never seen.
    public static Refusal Malformed(string why) => new("invalid_event", $"The event could not be read: {why}.");

    public static Refusal OccursTwice { get; } = Malformed("a member occurs twice");

    // A limit of this simulator; the service's own is not published.
    public static Refusal BufferFull(long limit) => new("input_audio_buffer_full", Text($"The input audio buffer of this simulator holds at most {limit} bytes: commit or clear it first."));

    // Published: an event holds 15 MiB at most. Neither code nor words were seen.
    public static Refusal AppendTooLarge(long bytes, long most) => new("invalid_value", Text($"Invalid 'audio': an event holds at most {most} bytes of audio, but got {bytes} bytes instead."), "audio");

    // What the service keeps is not known; this simulator says what it does not keep.
    public static Refusal SoundNotKept(string id, long limit) => new("item_retrieve_audio_not_kept",
        Text($"The sound of the item with id '{id}' is not kept any more: this simulator keeps {limit} bytes a session. SimulatorOptions.KeptAudioBytes, or \"keepAudio\" of a scenario's session, keeps more."));

    // A limit of this simulator, too; the service says nothing of one.
    public static Refusal TooFarBehind(long limit) => new("input_audio_buffer_full", Text($"At most {limit} bytes may wait to be translated by this simulator: send speech as fast as it is spoken."));

    // That nothing follows session.close is published; neither code nor words were seen.
    public static Refusal IsClosing(string type) => new("invalid_event", $"The session is closing: '{type}' is not accepted after 'session.close'.", "type");

    // Neither code nor words were seen.
    public static Refusal UnknownLanguage(string path, string code) => new("invalid_value", $"Invalid value: '{code}'. This is not a language to translate into.", path);

    public static Refusal Expired(TimeSpan lifetime) => new("session_expired", Text($"Your session hit the maximum duration of {lifetime.TotalMinutes:0.##} minutes."));

    public static string Quoted(ReadOnlySpan<string> values, string last = "and") => values.Length switch
    {
        0 => "",
        1 => $"'{values[0]}'",
        2 => $"'{values[0]}' {last} '{values[1]}'",
        _ => $"'{string.Join("', '", values[..^1])}', {last} '{values[^1]}'",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
