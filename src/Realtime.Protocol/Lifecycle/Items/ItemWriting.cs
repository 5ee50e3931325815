namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Makes the item of the wire of a value. Sound stays raw until it is written; no status is sent, since it has no effect (IT-12). Sound with a transcript is sent as text where it cannot be sent as
/// sound: of the model it never can (IT-11), and what the conversation tells of has no bytes.
/// </summary>
internal static class ItemWriting
{
    /// <summary>The item under this id; an empty one is left out.</summary>
    public static Item ToWire(ConversationItem item, string id)
    {
        Text wireId = id.Length == 0 ? default : new Text(id);
        return item switch
        {
            ConversationItem.Message message => new MessageItem { Id = wireId, Role = RoleOf(message.Role), Content = Parts(message) },
            ConversationItem.FunctionCall call => new FunctionCallItem { Id = wireId, CallId = new Text(call.CallId), Name = new Text(call.Name), Arguments = new Text(call.Arguments) },
            ConversationItem.FunctionOutput output => new FunctionCallOutputItem { Id = wireId, CallId = new Text(output.CallId), Output = new Text(output.Output) },
            _ => throw new InvalidOperationException("This kind of item is not written."),
        };
    }

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
        var parts = new ContentPart[message.Content.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = message.Content[i] switch
            {
                ItemContent.Audio { Transcript: { Length: > 0 } words } audio when message.Role is ItemRole.Assistant || audio.Bytes.IsEmpty => Written(message.Role, words),
                ItemContent.Audio audio => new ContentPart { Type = ContentPartType.InputAudio, Audio = audio.Bytes, Transcript = audio.Transcript is null ? default : new Text(audio.Transcript) },
                ItemContent.Image image => new ContentPart
                {
                    Type = ContentPartType.InputImage,
                    ImageUrl = Picture.Write(image),
                    Detail = image.Detail is null ? default : new OpenEnum<ContentPartDetail>(image.Detail),
                },
                ItemContent.Text text => Written(message.Role, text.Value),
                _ => throw new InvalidOperationException("This kind of part is not written."),
            };
        }

        return parts;
    }

    private static ContentPart Written(ItemRole role, string text) => new() { Type = role is ItemRole.Assistant ? ContentPartType.OutputText : ContentPartType.InputText, Text = new Text(text) };

    private static MessageItemRole RoleOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => MessageItemRole.Assistant,
        ItemRole.System => MessageItemRole.System,
        _ => MessageItemRole.User,
    };
}
