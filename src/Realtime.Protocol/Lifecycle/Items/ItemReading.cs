namespace Realtime.Protocol.Lifecycle;

/// <summary>Makes a value of an item of the wire, and of an item that is tracked. A part of a message that has no words here is left out of it.</summary>
internal static class ItemReading
{
    /// <summary>The item that stands in an event.</summary>
    /// <param name="item">It has a value.</param>
    /// <param name="withBytes">With its sound and pictures, decoded; otherwise they are left out.</param>
    public static ConversationItem Of(ItemView item, bool withBytes)
    {
        ConversationItem value = item.TryGetMessage(out MessageItemView message) && RoleOf(message) is { } role
            ? new ConversationItem.Message(role, Content(message.Content, withBytes))
            : Other(item);
        return value with { Id = item.Id.ToString(), State = StateOf(ItemWords.StatusOf(item)) };
    }

    /// <summary>An item as far as it is known: what the server said of it, the words that came by themselves, how far it has come and where it was cut.</summary>
    public static ConversationItem Show(TrackedItem item)
    {
        ConversationItem value = item.Value ?? item.Sent ?? Unsaid(item.Kind);
        if (value is ConversationItem.Message message)
        {
            IReadOnlyList<ItemContent> content = AllWords(item, message);
            value = message with
            {
                Content = item.TruncatedAt is { } cut ? Unheard(content, cut.ContentIndex) : content,
                TruncatedAt = item.TruncatedAt is { } at ? TimeSpan.FromMilliseconds(at.Milliseconds) : null,
            };
        }

        return value with { Id = item.Id, State = StateOf(item, value.State) };
    }

    /// <summary>The server's own copy, with its sound; where it was cut is known here only.</summary>
    public static ConversationItem Retrieved(ItemView said, TrackedItem? item)
    {
        ConversationItem copy = Of(said, withBytes: true);
        copy = copy is ConversationItem.Message message && item?.TruncatedAt is { } cut ? message with { TruncatedAt = TimeSpan.FromMilliseconds(cut.Milliseconds) } : copy;
        return copy with { State = item is null ? copy.State : StateOf(item, copy.State) };
    }

    /// <summary>What is left of an item whose content is not kept any more.</summary>
    public static ConversationItem WithoutContent(ConversationItem item) => item switch
    {
        ConversationItem.Message message => message with { Content = [] },
        ConversationItem.FunctionCall call => call with { Arguments = "" },
        ConversationItem.FunctionOutput output => output with { Output = "" },
        ConversationItem.McpCall call => call with { Arguments = "", Output = null },
        ConversationItem.McpApproval approval => approval with { Arguments = "" },
        ConversationItem.Other other => other with { Json = default },
        _ => item,
    };

    /// <summary>The item without sound and pictures, whose memory is the caller's and may change.</summary>
    public static ConversationItem WithoutBytes(ConversationItem item) => item is ConversationItem.Message message
        ? message with
        {
            Content = [.. message.Content.Select(static part => part switch
            {
                ItemContent.Audio audio => new ItemContent.Audio(default, audio.Transcript),
                ItemContent.Image image => new ItemContent.Image(image.MediaType) { Detail = image.Detail },
                _ => part,
            })],
        }
        : item;

    /// <summary>The parts of a message with all words that came, also those that nobody heard.</summary>
    public static IReadOnlyList<ItemContent> AllWords(TrackedItem item, ConversationItem.Message message) => item.Words?.In(message.Content) ?? message.Content;

    /// <summary>How many bytes of memory its content takes, the words in it at two a character.</summary>
    public static long LengthOf(ConversationItem value) => value switch
    {
        ConversationItem.Message message => message.Content.Sum(static part => part switch
        {
            ItemContent.Text text => 2L * text.Value.Length,
            ItemContent.Audio { Transcript: { } transcript } => 2L * transcript.Length,
            _ => 0,
        }),
        ConversationItem.FunctionCall call => 2L * call.Arguments.Length,
        ConversationItem.FunctionOutput output => 2L * output.Output.Length,
        ConversationItem.McpCall call => 2L * (call.Arguments.Length + (call.Output?.Length ?? 0)),
        ConversationItem.McpApproval approval => 2L * approval.Arguments.Length,
        ConversationItem.Other other => other.Json.Utf8.Length,
        _ => 0,
    };

    private static ConversationItem Other(ItemView item)
    {
        if (item.TryGetFunctionCall(out FunctionCallItemView call))
        {
            return new ConversationItem.FunctionCall(call.CallId.ToString(), call.Name.ToString(), call.Arguments.ToString());
        }

        if (item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
        {
            return new ConversationItem.FunctionOutput(output.CallId.ToString(), output.Output.ToString());
        }

        if (item.TryGetMcpCall(out McpCallItemView mcp))
        {
            return new ConversationItem.McpCall(
                mcp.ServerLabel.ToString(), mcp.Name.ToString(), mcp.Arguments.ToString(), mcp.Output.HasValue ? mcp.Output.ToString() : null, ErrorOf(mcp.Error));
        }

        if (item.TryGetMcpApprovalRequest(out McpApprovalRequestItemView approval))
        {
            return new ConversationItem.McpApproval(approval.ServerLabel.ToString(), approval.Name.ToString(), approval.Arguments.ToString(), null);
        }

        return new ConversationItem.Other(item.Type.ToString(), RawJson.FromUtf8(item.Json.ToArray()));
    }

    private static List<ItemContent> Content(ListView<ContentPartView> parts, bool withBytes)
    {
        var content = new List<ItemContent>();
        foreach (ContentPartView part in parts)
        {
            switch (part.Type.Value)
            {
                case ContentPartType.InputText or ContentPartType.OutputText or ContentPartType.Text:
                    content.Add(new ItemContent.Text(part.Text.ToString()));
                    break;
                case ContentPartType.InputAudio or ContentPartType.OutputAudio or ContentPartType.Audio:
                    content.Add(new ItemContent.Audio(withBytes ? BytesOf(part.Audio) : default, part.Transcript.HasValue ? part.Transcript.ToString() : null));
                    break;
                case ContentPartType.InputImage:
                    content.Add(Picture.Read(part, withBytes));
                    break;
            }
        }

        return content;
    }

    private static byte[] BytesOf(Base64View audio)
    {
        byte[] bytes = new byte[audio.DecodedLength];
        return audio.TryDecode(bytes, out int written) && written == bytes.Length ? bytes : bytes[..written];
    }

    private static ServerError? ErrorOf(McpErrorView error)
    {
        if (!error.HasValue)
        {
            return null;
        }

        return new(null, error.Type.ToString(), error.Message.HasValue ? error.Message.ToString() : null, null, null);
    }

    /// <summary>A truncation deletes the transcript of what it cuts, since nobody knows which words were heard.</summary>
    private static ItemContent[] Unheard(IReadOnlyList<ItemContent> content, int contentIndex) =>
        [.. content.Select((part, index) => index == contentIndex && part is ItemContent.Audio audio ? audio with { Transcript = null } : part)];

    private static ConversationItem Unsaid(ItemFactKind kind) => kind switch
    {
        ItemFactKind.AssistantMessage => new ConversationItem.Message(ItemRole.Assistant, []),
        ItemFactKind.SystemMessage => new ConversationItem.Message(ItemRole.System, []),
        ItemFactKind.UserMessage => new ConversationItem.Message(ItemRole.User, []),
        ItemFactKind.FunctionCall => new ConversationItem.FunctionCall("", "", ""),
        ItemFactKind.FunctionCallOutput => new ConversationItem.FunctionOutput("", ""),
        _ => new ConversationItem.Other("", default),
    };

    private static ItemState StateOf(TrackedItem item, ItemState said) => item switch
    {
        { Presence: ItemPresence.Expected, Response: null } => ItemState.Pending,
        { Status: FactStatus.Completed } => ItemState.Completed,
        { Status: FactStatus.Incomplete } => ItemState.Incomplete,
        { Response: { IsDone: false } } => ItemState.InProgress,
        _ when said is ItemState.Pending => ItemState.Completed,
        _ => said,
    };

    private static ItemState StateOf(FactStatus status) => status switch
    {
        FactStatus.InProgress => ItemState.InProgress,
        FactStatus.Completed => ItemState.Completed,
        FactStatus.Incomplete => ItemState.Incomplete,
        _ => ItemState.Pending,
    };

    private static ItemRole? RoleOf(MessageItemView message) => message.Role.Value switch
    {
        MessageItemRole.Assistant => ItemRole.Assistant,
        MessageItemRole.System => ItemRole.System,
        MessageItemRole.User => ItemRole.User,
        _ => null,
    };
}
