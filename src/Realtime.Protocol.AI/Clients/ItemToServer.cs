using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>
/// Contents of Microsoft.Extensions.AI as items of a conversation: a call, or a message of texts, sound and pictures. What a conversation does not hold is refused by its name. The outputs of calls are no items here: they end a call
/// (<see cref="ClientMessages"/>).
/// </summary>
internal static class ItemToServer
{
    /// <exception cref="NotSupportedException">A content is none of a conversation.</exception>
    /// <exception cref="ArgumentException">There is none, or one cannot be written.</exception>
    public static ConversationItem Of(RealtimeConversationItem item, AudioEncoding encoding)
    {
        if (item.RawRepresentation is { } raw)
        {
            return raw as ConversationItem ?? throw new NotSupportedException($"RealtimeConversationItem.RawRepresentation: a voice session takes a ConversationItem, and this is a {raw.GetType().Name}.");
        }

        string id = item.Id ?? "";
        return item.Contents switch
        {
            null or [] => throw new ArgumentException("The item has no content.", nameof(item)),
            [FunctionCallContent call] => new ConversationItem.FunctionCall(call.CallId, call.Name, FunctionArguments.Write(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions)) { Id = id },
            [FunctionResultContent output] => new ConversationItem.FunctionOutput(output.CallId, OutputOf(output).Text) { Id = id },
            var contents => new ConversationItem.Message(RoleOf(item.Role), [.. contents.Select(content => PartOf(content, encoding))]) { Id = id },
        };
    }

    /// <summary>What a function gave, as the model reads it. One that failed without a word fails here as every tool does, and its exception stays where it is.</summary>
    public static ToolCallOutput OutputOf(FunctionResultContent output) =>
        output is { Result: null, Exception: not null } ? """{"error":"The tool failed."}""" : FunctionResult.ToOutput(output.Result, AIJsonUtilities.DefaultOptions);

    private static ItemRole RoleOf(ChatRole? role) => role?.Value switch
    {
        null or "user" => ItemRole.User,
        "system" => ItemRole.System,
        "assistant" => ItemRole.Assistant,
        var other => throw new NotSupportedException($"RealtimeConversationItem.Role: a conversation has messages of user, system and assistant, and not of {other}."),
    };

    private static ItemContent PartOf(AIContent content, AudioEncoding encoding)
    {
        switch (content)
        {
            case TextContent text:
                return new ItemContent.Text(text.Text);
            case DataContent sound when sound.HasTopLevelMediaType("audio"):
                MediaTypes.ThrowIfOther(sound, encoding, nameof(RealtimeConversationItem.Contents));
                return new ItemContent.Audio(sound.Data);
            case DataContent picture when picture.HasTopLevelMediaType("image"):
                return new ItemContent.Image(picture.Data, picture.MediaType);
            case DataContent other:
                throw new NotSupportedException($"RealtimeConversationItem.Contents: a message holds text, sound and pictures, and not {other.MediaType}.");
            case null:
                throw new ArgumentException("A content of the item is null.", nameof(content));
            default:
                throw new NotSupportedException($"RealtimeConversationItem.Contents: a message holds text, sound and pictures, and no {content.GetType().Name}.");
        }
    }
}
