namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Makes what a response is to read of the application's values: each item in full and without an id, since it becomes no item of the conversation (RC-23). Sound and pictures that are not there are
/// written as their words, or left out, and what the model says is text (IT-11).
/// </summary>
internal static class InputWriting
{
    /// <summary>The item as the wire has it; null for a message of which nothing is left to read.</summary>
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
        ItemContent.Text text => Words(text.Value, role),
        ItemContent.Audio { Bytes.Length: > 0 } audio when role is ItemRole.User => new ContentPart
        {
            Type = ContentPartType.InputAudio,
            Audio = audio.Bytes,
            Transcript = audio.Transcript is null ? default : new Text(audio.Transcript),
        },
        ItemContent.Audio { Transcript: { } transcript } => Words(transcript, role),
        ItemContent.Image { Bytes.Length: > 0 } image => new ContentPart
        {
            Type = ContentPartType.InputImage,
            ImageUrl = $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Bytes.Span)}",
            Detail = image.Detail is null ? default : new OpenEnum<ContentPartDetail>(image.Detail),
        },
        _ => null,
    };

    private static ContentPart Words(string text, ItemRole role) => new() { Type = role is ItemRole.Assistant ? ContentPartType.OutputText : ContentPartType.InputText, Text = text };

    private static MessageItemRole RoleOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => MessageItemRole.Assistant,
        ItemRole.System => MessageItemRole.System,
        _ => MessageItemRole.User,
    };
}
