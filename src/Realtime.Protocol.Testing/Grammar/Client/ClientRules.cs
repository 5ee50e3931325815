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
        new("message-twice-member", Refused, "Names a member twice in one object.", "Name each member once.", ""),
    ];

    private static readonly FrozenDictionary<string, ClientRule> ById = All.ToFrozenDictionary(static rule => rule.Id);

    /// <summary>The rule of this name.</summary>
    public static ClientRule Of(string id) => ById[id];
}
