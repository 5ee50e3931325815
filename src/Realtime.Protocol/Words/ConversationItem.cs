namespace Realtime.Protocol;

/// <summary>
/// One entry of a conversation, as a value: what the server holds at the moment when it was looked at, or what it is to take. What was said in it stays out of <see cref="object.ToString"/>.
/// </summary>
public abstract record ConversationItem
{
    private ConversationItem()
    {
    }

    /// <summary>The item's id. Empty in an item that was not given to a session yet: the session names it. An id of one's own is 1 to 32 characters.</summary>
    public string Id { get; init; } = "";

    /// <summary>How far it has come.</summary>
    public ItemState State { get; init; }

    /// <summary>A message of the user: text, sound, pictures.</summary>
    /// <param name="content">Its parts, at least one. A text converts.</param>
    /// <exception cref="ArgumentException">There is no part, or one of them is null.</exception>
    public static Message User(params ReadOnlySpan<ItemContent> content) => new(ItemRole.User, content.ToArray());

    /// <summary>A message of the system: what the model should know or do from here on.</summary>
    /// <param name="text">The text.</param>
    public static Message System(string text) => new(ItemRole.System, [new ItemContent.Text(text)]);

    /// <summary>A message of the assistant, when history is restored. It is text only; a voice can't be put into its mouth (IT-11).</summary>
    /// <param name="text">The text.</param>
    public static Message Assistant(string text) => new(ItemRole.Assistant, [new ItemContent.Text(text)]);

    /// <summary>What somebody said, wrote or showed.</summary>
    public sealed record Message : ConversationItem
    {
        /// <summary>Makes a message.</summary>
        /// <param name="role">Who speaks.</param>
        /// <param name="content">Its parts. The list is copied.</param>
        /// <exception cref="ArgumentException">The role is none, or a part is null.</exception>
        public Message(ItemRole role, IReadOnlyList<ItemContent> content)
        {
            ArgumentNullException.ThrowIfNull(content);
            if (!Enum.IsDefined(role))
            {
                throw new ArgumentException($"There is no role {(int)role}.", nameof(role));
            }

            Role = role;
            Content = [.. content];
            if (Content.Contains(null!))
            {
                throw new ArgumentException("A part of the message is null.", nameof(content));
            }
        }

        /// <summary>Who speaks.</summary>
        public ItemRole Role { get; }

        /// <summary>Its parts, in order.</summary>
        public IReadOnlyList<ItemContent> Content { get; init; }

        /// <summary>Where the model's words were cut, because no more was heard; null when they were not.</summary>
        public TimeSpan? TruncatedAt { get; init; }

        /// <summary>What can be read of it: texts and transcripts, in order.</summary>
        public string Text => string.Concat(Content.Select(static part => part switch
        {
            ItemContent.Text text => text.Value,
            ItemContent.Audio audio => audio.Transcript,
            _ => null,
        }));

        /// <summary>Who speaks, and how many parts there are.</summary>
        public override string ToString() => Told($"{Role}, {Content.Count} parts{(TruncatedAt is { } cut ? $", cut at {cut.TotalMilliseconds:0} ms" : "")}");
    }

    /// <summary>A function that the model called.</summary>
    /// <param name="CallId">What the output must name.</param>
    /// <param name="Name">The function.</param>
    /// <param name="Arguments">JSON, as the model wrote it.</param>
    public sealed record FunctionCall(string CallId, string Name, string Arguments) : ConversationItem
    {
        /// <summary>The function and the call.</summary>
        public override string ToString() => Told($"{Name}, {CallId}");
    }

    /// <summary>What a call gave.</summary>
    /// <param name="CallId">The call that it answers.</param>
    /// <param name="Output">What the model reads.</param>
    public sealed record FunctionOutput(string CallId, string Output) : ConversationItem
    {
        /// <summary>The call.</summary>
        public override string ToString() => Told(CallId);
    }

    /// <summary>A call that the service made to an MCP server.</summary>
    /// <param name="Server">The server's label.</param>
    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">JSON, as the model wrote it.</param>
    /// <param name="Output">What the server gave; null while it runs and when it failed.</param>
    /// <param name="Error">Why it failed; null if it did not.</param>
    public sealed record McpCall(string Server, string Name, string Arguments, string? Output, ServerError? Error) : ConversationItem
    {
        /// <summary>The server and the tool.</summary>
        public override string ToString() => Told($"{Server}, {Name}{(Error is null ? "" : ", failed")}");
    }

    /// <summary>A question of the service whether it may call an MCP server.</summary>
    /// <param name="Server">The server's label.</param>
    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">JSON, as the model wrote it.</param>
    /// <param name="Approved">The answer; null while there is none.</param>
    public sealed record McpApproval(string Server, string Name, string Arguments, bool? Approved) : ConversationItem
    {
        /// <summary>The server, the tool and the answer.</summary>
        public override string ToString() => Told($"{Server}, {Name}, {(Approved switch { true => "approved", false => "refused", null => "asked" })}");
    }

    /// <summary>An item of a type that has no words here.</summary>
    /// <param name="Type">Its type on the wire.</param>
    /// <param name="Json">The whole item, as the server sent it or shall get it.</param>
    public sealed record Other(string Type, RawJson Json) : ConversationItem
    {
        /// <summary>The type.</summary>
        public override string ToString() => Told(Type);
    }

    private string Told(string what) => $"{GetType().Name} {(Id.Length > 0 ? Id : "without an id")}: {what}, {State}";
}
