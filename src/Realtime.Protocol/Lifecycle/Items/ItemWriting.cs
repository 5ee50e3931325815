namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Makes the item of the wire of a value, without an id: the conversation's items get theirs from <see cref="Named"/>, and what a response is to read has none (RC-23). Sound stays raw until it is
/// written; no status is sent, since it has no effect (IT-12). What the model said is sent as text (IT-11), and so is the transcript of sound that is not there; a part without either is left out.
/// </summary>
internal static class ItemWriting
{
    /// <summary>The item as the wire has it; null for a message of which nothing can be sent. The items of MCP keep their id, since they are nothing without it.</summary>
    public static Item? ToWire(ConversationItem item) => item switch
    {
        ConversationItem.Message message => Parts(message) is { Length: > 0 } parts ? new MessageItem { Role = RoleOf(message.Role), Content = parts } : null,
        ConversationItem.FunctionCall call => new FunctionCallItem { CallId = call.CallId, Name = call.Name, Arguments = call.Arguments },
        ConversationItem.FunctionOutput output => new FunctionCallOutputItem { CallId = output.CallId, Output = output.Output },
        ConversationItem.McpCall call => new McpCallItem { Id = call.Id, ServerLabel = call.Server, Name = call.Name, Arguments = call.Arguments, Output = call.Output is null ? default : new Text(call.Output) },
        ConversationItem.McpApproval approval => new McpApprovalRequestItem { Id = approval.Id, ServerLabel = approval.Server, Name = approval.Name, Arguments = approval.Arguments },
        ConversationItem.Other other => new ItemJson { Value = other.Json },
        _ => null,
    };

    /// <summary>The same item under an id.</summary>
    public static Item Named(Item item, string id)
    {
        switch (item)
        {
            case MessageItem message:
                message.Id = new Text(id);
                break;
            case FunctionCallItem call:
                call.Id = new Text(id);
                break;
            case FunctionCallOutputItem output:
                output.Id = new Text(id);
                break;
        }

        return item;
    }

    private static ContentPart[] Parts(ConversationItem.Message message)
    {
        var parts = new List<ContentPart>(message.Content.Count);
        foreach (ItemContent content in message.Content)
        {
            if (Part(content, message.Role) is { } part)
            {
                parts.Add(part);
            }
        }

        return [.. parts];
    }

    private static ContentPart? Part(ItemContent content, ItemRole role) => content switch
    {
        ItemContent.Text text => Written(role, text.Value),
        ItemContent.Audio { Bytes.IsEmpty: false } audio when role is ItemRole.User => new()
        {
            Type = ContentPartType.InputAudio,
            Audio = audio.Bytes,
            Transcript = audio.Transcript is null ? default : new Text(audio.Transcript),
        },
        ItemContent.Audio { Transcript: { Length: > 0 } words } => Written(role, words),
        ItemContent.Image { Bytes.IsEmpty: false } image => new()
        {
            Type = ContentPartType.InputImage,
            ImageUrl = Picture.Write(image),
            Detail = image.Detail is null ? default : new OpenEnum<ContentPartDetail>(image.Detail),
        },
        _ => null,
    };

    private static ContentPart Written(ItemRole role, string text) => new() { Type = role is ItemRole.Assistant ? ContentPartType.OutputText : ContentPartType.InputText, Text = text };

    private static MessageItemRole RoleOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => MessageItemRole.Assistant,
        ItemRole.System => MessageItemRole.System,
        _ => MessageItemRole.User,
    };
}
