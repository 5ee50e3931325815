namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a service can do, and how surely that is known before it said a word. The core reads capabilities and never a service's name. Every default is
/// <see cref="Knowledge.Unknown"/>: a service that nobody described is learned from what it does, and what was learned stays in the machine and never comes back here.
/// </summary>
public sealed record Capabilities
{
    /// <summary>
    /// Whether the server repeats <c>response.metadata</c> in <c>response.created</c> (RC-03). <see cref="Knowledge.Yes"/>: a response that states no token is never ours.
    /// <see cref="Knowledge.No"/>: creates carry no token and are matched by order.
    /// </summary>
    public Knowledge EchoesMetadata { get; init; }

    /// <summary>
    /// Whether the server states the conversation that a response belongs to. Only then does a <c>conversation_id</c> of null mean that a response stands outside (RC-22).
    /// </summary>
    public Knowledge StatesConversation { get; init; }

    /// <summary>
    /// Whether the server plays the audio itself and truncates what was not heard: in a session beside a call over WebRTC or SIP (CX-08). Then no truncation, no deletion of what was unheard
    /// and no audio of the user is sent.
    /// </summary>
    public bool ServerTruncates { get; init; }

    /// <summary>
    /// Whether the service truncates any part of an item. The specification wants <c>content_index</c> 0, so an item that was cut off in another part is otherwise left alone (TR-10). No event
    /// shows it, so it is not learned.
    /// </summary>
    public bool TruncatesAnyPart { get; init; }

    /// <summary>
    /// Whether the model speaks about the end of a call of a remote MCP server only when it is asked to (MCP-02). False for a service that begins that response by itself. Default: true.
    /// </summary>
    public bool AsksAgainAfterMcpCall { get; init; } = true;
}
