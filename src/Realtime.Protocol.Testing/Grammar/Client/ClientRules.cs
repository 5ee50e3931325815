using System.Collections.Frozen;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>A rule that clients break.</summary>
/// <param name="Id">Its name, which stands in every entry.</param>
/// <param name="Level">How bad it is to break it.</param>
/// <param name="Broken">What a client does that breaks it.</param>
/// <param name="Instead">What to do instead.</param>
/// <param name="Book">The rule of the protocol that it follows from; empty when it follows from the format of messages alone.</param>
internal sealed record ClientRule(string Id, ViolationLevel Level, string Broken, string Instead, string Book);

/// <summary>All rules that clients break, as a table; the package's README shows the same one. Which events break a rule stands in the families.</summary>
internal static class ClientRules
{
    private const ViolationLevel Wasteful = ViolationLevel.Wasteful;
    private const ViolationLevel Refused = ViolationLevel.Refused;
    private const ViolationLevel Harmful = ViolationLevel.Harmful;

    public static IReadOnlyList<ClientRule> All { get; } =
    [
        new("create-while-active", Refused, "Asks for a response while another one is made, or asked for.", "Wait for its response.done.", "RC-01"),
        new("create-in-server-window", Refused, "Asks for a response when the server has taken the user's turn and is about to answer by itself.", "Wait for response.created, or set create_response to false.", "RC-06"),
        new("create-null-response", Refused, "Sends `\"response\": null`.", "Leave the member out.", "RC-18"),
        new("create-per-tool-output", Harmful, "Asks for a response when some calls of the last one have their outputs and others have not.", "Give all outputs, then one response.create.", "FC-04"),
        new("create-before-call-done", Refused, "Answers a call and asks for the next response while the response that made the call is still made.", "Give the output whenever it is there, and send response.create after response.done.", "FC-05"),
        new("create-while-user-speaks", Harmful, "Asks for a response while the user speaks and their turn interrupts it.", "Wait for the end of the turn; the server answers it by itself unless create_response is false.", "RC-17"),
        new("create-on-transcription", Refused, "Asks for a response in a session that only transcribes.", "Read the transcripts, or open a session of type realtime.", "RC-24"),
        new("cancel-nothing", Refused, "Cancels when no response is made.", "Send response.cancel between response.created and response.done, with response_id.", "CX-02"),
        new("cancel-twice", Refused, "Cancels a response that it cancelled before.", "Cancel once and wait for response.done.", "CX-03"),
        new("cancel-after-barge-in", Wasteful, "Cancels a response that the server ends by itself because the user speaks.", "Let the server do it, or set interrupt_response to false.", "CX-04"),
        new("cancel-without-id", Harmful, "Cancels without response_id while several responses are made: that ends the conversation's.", "Name the response in response_id.", "RC-22"),
        new("truncate-beyond-sound", Refused, "Truncates behind the end of the sound.", "Use whole milliseconds, rounded down, of the bytes received: bytes ÷ 48 for PCM of 24 kHz, bytes ÷ 8 for G.711.", "TR-02"),
        new("truncate-before-sound", Refused, "Truncates an item of the model before any of its sound has come.", "Delete the item, or do nothing.", "TR-07"),
        new("truncate-not-model-audio", Refused, "Truncates something else than the model's sound.", "Truncate items of the role assistant that have sound.", "TR-10"),
        new("truncate-unknown", Refused, "Truncates an item that is not in the conversation.", "Forget an item that was deleted, and all items of another connection.", "TR-10"),
        new("truncate-twice", Wasteful, "Truncates an item a second time.", "Truncate once, when playing stops.", "TR-09"),
        new("truncate-heard-to-the-end", Harmful, "Truncates an item that was made whole and could have been heard whole.", "Do nothing when everything was played.", "TR-05"),
        new("interrupted-not-truncated", Harmful, "Lets the conversation go on after an interruption without saying what was heard.", "Send conversation.item.truncate with the milliseconds that were played, or delete the item when none were.", "TR-01"),
        new("delete-while-made", Harmful, "Deletes an item that is still being made.", "Delete after response.done.", "TR-08"),
        new("delete-unknown", Refused, "Deletes an item that is not in the conversation.", "Delete once.", "IT-08"),
        new("retrieve-unknown", Refused, "Retrieves an item that is not in the conversation.", "Forget an item that was deleted; text, transcript and status stand in conversation.item.done.", "IT-09"),
        new("retrieve-again", Wasteful, "Retrieves an item while a retrieve of it has no answer.", "Wait for conversation.item.retrieved; it answers all who wait.", "IT-09"),
        new("item-id-taken", Refused, "Gives a new item the id of another one.", "Use an id once a connection, or leave it to the server.", "IT-05"),
        new("item-after-unknown", Refused, "Puts an item behind one that is not in the conversation.", "Leave previous_item_id out to append.", "IT-03"),
        new("item-model-sound", Refused, "Puts the model's sound back into a conversation.", "Send its transcript as output_text.", "IT-11"),
        new("item-content-for-role", Refused, "Gives a message content that its role does not have.", "System: input_text. User: input_text, input_audio, input_image. Assistant: output_text.", "IT-11"),
        new("output-unknown-call", Refused, "Gives an output to a call that is not in this conversation.", "Drop outputs of calls of another connection or of deleted items.", "FC-03"),
        new("output-again", Harmful, "Gives a second output to a call.", "Run a call once per call_id and give one output.", "FC-02"),
        new("output-out-of-band", Refused, "Puts the output of an out-of-band call into the conversation.", "Give it in the input of the next out-of-band response.", "RC-22"),
        new("output-missing", Harmful, "Goes on without an output for what the model called.", "Give every completed call an output, also one that says that it failed. One response may come before it that answers what the user says meanwhile, or whose request states how to answer.", "FC-04"),
        new("output-of-unfinished-call", Harmful, "Runs a call that was cut off.", "Run a call when its item is done with the status completed, not at function_call_arguments.done.", "FC-01"),
        new("waits-for-nothing", Harmful, "Gives an output and then waits for an answer that nobody asked for.", "Send response.create after the outputs.", "RC-12"),
        new("commit-too-short", Refused, "Commits less than 100 ms of sound.", "Commit when there is a turn; with turn detection the server does it.", "TD-03"),
        new("commit-beside-vad", Harmful, "Commits while turn detection is on.", "Leave it to the server, or set turn_detection to null.", "TD-03"),
        new("append-not-base64", Refused, "Sends sound that is not base64.", "Encode the bytes in standard base64, with its padding.", "IT-10"),
        new("append-url-safe", Refused, "Sends sound in the URL's base64.", "Use the standard alphabet, with + and /.", "IT-10"),
        new("append-base64-twice", Harmful, "Encodes sound in base64 twice.", "Encode the bytes once.", "IT-10"),
        new("append-odd-bytes", Harmful, "Sends half a sample.", "Carry the odd byte over to the next event.", "TD-05"),
        new("append-too-large", Refused, "Sends more than 15 MiB in one event.", "Send sound in pieces of 20 to 100 ms.", "TD-05"),
        new("append-wrong-rate", Harmful, "Sends sound of another sample rate than the session's.", "Convert it to the session's rate.", "TR-03"),
        new("append-wrong-format", Harmful, "Sends 16-bit samples where the session takes G.711, or the other way round.", "Convert the sound, or set audio.input.format.", "TR-03"),
        new("session-unknown-parameter", Refused, "Sets a parameter that sessions do not have; the whole update is refused.", "Correct the name, or leave it out.", "SE-04"),
        new("session-beta-name", Refused, "Uses a name of the beta.", "Use today's place.", "SE-04"),
        new("session-no-type", Refused, "Leaves out session.type.", "Send it in every update.", "SE-04"),
        new("session-wrong-type", Refused, "Sets a parameter to a value of the wrong type.", "Send the type that the protocol names.", "SE-04"),
        new("session-out-of-range", Refused, "Sets a parameter to a value that is not taken.", "Use a value that the error names.", "SE-04"),
        new("session-voice-late", Refused, "Changes the voice after the model has spoken.", "Set the voice before the first answer.", "SE-05"),
        new("session-model", Refused, "Changes the model of a session.", "Name the model when you connect.", "SE-05"),
        new("session-tracing", Refused, "Changes tracing once it is on.", "Set it once.", "SE-06"),
        new("session-speed-in-response", Refused, "Changes the speed while a response is made.", "Change it between responses.", "SE-06"),
        new("session-both-modalities", Refused, "Asks for text and audio.", "Ask for one of them; audio brings its transcript along.", "RC-20"),
        new("session-nothing-new", Wasteful, "Sends an update that changes nothing.", "Compare with what session.updated said.", "SE-07"),
        new("update-not-awaited", Harmful, "Sends sound in a new format before the server has taken the format.", "Wait for session.updated.", "SE-07"),
        new("event-unknown", Refused, "Sends an event that clients do not have.", "Send one of the client events of the protocol.", "UNK-01"),
        new("event-webrtc-only", Refused, "Sends an event for WebRTC on a WebSocket.", "On a WebSocket you play the sound: stop playing.", "CX-08"),
        new("event-unknown-member", Refused, "Sends a member that this event does not have.", "Correct the name, or leave the member out.", "SE-04"),
        new("event-wrong-type", Refused, "Sends a value of the wrong type.", "Send the type that the protocol names.", "SE-04"),
        new("event-missing-member", Refused, "Leaves out a member that this event needs.", "Send the member.", "SE-04"),
        new("event-bad-value", Refused, "Sends a value that the service does not take.", "Send one of the values that the protocol allows.", "SE-04"),
        new("event-refused", Refused, "Sends an event that the service refuses for a reason that has no rule here.", "Read the code of the error.", "ER-01"),
        new("event-id-missing", Wasteful, "Sends events without event_id, so that an error cannot say which one it is about.", "Give each event an event_id of its own.", "RC-04"),
        new("event-id-again", Harmful, "Gives two events the same event_id: an error for one is taken for the other's.", "Give each event an event_id of its own.", "RC-04"),
        new("event-id-too-long", Refused, "Sends an event_id of more than 512 characters.", "Use a short one.", ""),
        new("message-not-json", Refused, "Sends text that is not one JSON object.", "Send each event as one JSON object in one text message.", ""),
        new("message-not-text", Refused, "Sends a binary message.", "Send events as text messages.", ""),
        new("message-twice-member", Refused, "Names a member twice in one object.", "Name each member once.", ""),
        new("metadata-not-text", Refused, "Gives metadata a value that is no text.", "Write numbers as text: \"3\".", "RC-19"),
        new("metadata-too-much", Refused, "Gives more metadata than is taken.", "16 pairs; names of 64 and values of 512 characters.", "RC-19"),
        new("out-of-band-in-conversation", Refused, "Uses an item of an out-of-band response as if it were in the conversation.", "Refer to items of the conversation only.", "RC-22"),
        new("mcp-used-before-listed", Harmful, "Asks for a response before the tools of an MCP server are listed.", "Wait for mcp_list_tools.completed or failed.", "MCP-01"),
        new("mcp-approval-unknown", Refused, "Answers an approval request that is not there, or is answered.", "Answer each mcp_approval_request once, on its connection.", "MCP-03"),
        new("key-in-browser", Harmful, "Shows an API key in a browser.", "Mint a client secret (ek_…) on your server and give that to the browser.", "SE-01"),
        new("secret-expired", Refused, "Connects with a client secret that has run out.", "Mint one for each connection, just before it.", "SE-01"),
        new("reads-too-slowly", Refused, "Does not read what it is sent.", "Read on another task than the one that plays.", "BP-01"),
        new("no-pong", Refused, "Does not answer pings.", "Read all the time; libraries answer pings while you read.", "BP-01"),
        new("left-without-goodbye", Wasteful, "Ends the connection without a close frame.", "Close the WebSocket.", "SE-09"),
    ];

    private static readonly FrozenDictionary<string, ClientRule> ById = All.ToFrozenDictionary(static rule => rule.Id);

    /// <summary>The rule of this name.</summary>
    public static ClientRule Of(string id) => ById[id];
}
