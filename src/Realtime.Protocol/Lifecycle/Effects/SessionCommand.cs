namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// One client event that the machine decided to send, as data. Every command has an event id of its own: it is the only thing by which the server's errors can be matched.
/// Nothing here is written to a log: <see cref="ToString"/> names the kind and the event id.
/// </summary>
public abstract record SessionCommand
{
    private SessionCommand(string eventId) => EventId = eventId;

    /// <summary>The event id that goes on the wire; unique in the session.</summary>
    public string EventId { get; }

    /// <summary>The <c>type</c> of the event that it is on the wire.</summary>
    public abstract string EventType { get; }

    /// <summary>The kind and the event id.</summary>
    public sealed override string ToString() => $"{GetType().Name} {EventId}";

    /// <summary><c>session.update</c>.</summary>
    public sealed record UpdateSession(string EventId, Session Configuration) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "session.update";
    }

    /// <summary><c>input_audio_buffer.commit</c>.</summary>
    public sealed record CommitInput(string EventId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "input_audio_buffer.commit";
    }

    /// <summary><c>input_audio_buffer.clear</c>.</summary>
    public sealed record ClearInput(string EventId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "input_audio_buffer.clear";
    }

    /// <summary>Stops what the server itself plays to the caller (CX-08).</summary>
    public sealed record ClearOutput(string EventId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "output_audio_buffer.clear";
    }

    /// <summary><c>conversation.item.create</c> with one message of one text part.</summary>
    public sealed record CreateMessage(string EventId, string ItemId, ItemRole Role, string Text) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.create";
    }

    /// <summary><c>conversation.item.create</c> with a <c>function_call_output</c>.</summary>
    public sealed record CreateToolOutput(string EventId, string ItemId, string CallId, string Output) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.create";
    }

    /// <summary><c>conversation.item.create</c> with an <c>mcp_approval_response</c>.</summary>
    public sealed record AnswerApproval(string EventId, string ItemId, string ApprovalRequestId, bool IsApproved, string? Reason) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.create";
    }

    /// <summary><c>conversation.item.create</c> with any item, at any place. <paramref name="PreviousItemId"/> is null for the end.</summary>
    public sealed record CreateItem(string EventId, string ItemId, Item Item, string? PreviousItemId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.create";
    }

    /// <summary><c>conversation.item.retrieve</c>.</summary>
    public sealed record RetrieveItem(string EventId, string ItemId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.retrieve";
    }

    /// <summary><c>conversation.item.truncate</c>.</summary>
    public sealed record TruncateItem(string EventId, string ItemId, int ContentIndex, long AudioEndMilliseconds) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.truncate";
    }

    /// <summary><c>conversation.item.delete</c>.</summary>
    public sealed record DeleteItem(string EventId, string ItemId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "conversation.item.delete";
    }

    /// <summary><c>response.create</c>. <paramref name="Parameters"/> is null when nothing is stated; <paramref name="Token"/> goes into the metadata under <see cref="ResponseToken.MetadataKey"/>; null when it is not to be sent.</summary>
    public sealed record CreateResponse(string EventId, string? Token, ResponseParameters? Parameters) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "response.create";
    }

    /// <summary><c>response.cancel</c>. <paramref name="ResponseId"/> is null only in the probe of a response that was never named (RC-11).</summary>
    public sealed record CancelResponse(string EventId, string? ResponseId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "response.cancel";
    }

    /// <summary><c>session.update</c> of a translation.</summary>
    public sealed record UpdateTranslation(string EventId, Events.Translation.SessionChanges Changes) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "session.update";
    }

    /// <summary><c>session.close</c> of a translation.</summary>
    public sealed record CloseTranslation(string EventId) : SessionCommand(EventId)
    {
        /// <inheritdoc/>
        public override string EventType => "session.close";
    }
}
