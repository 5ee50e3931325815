namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a message may hold is a matter of who speaks: of the user text, sound and pictures; of the system text; of the model text, also where its sound comes with a transcript, for a voice can't be
/// put into its mouth. And one item is one event, of which the service takes 15 MiB.
/// </summary>
internal static class SendWhatTheServiceTakes
{
    /// <summary>The most that the service takes of sound in one event, in base64; pictures go by the same measure.</summary>
    public const long MaxEncodedBytes = 15 * 1024 * 1024;

    /// <summary>Null when the service takes it.</summary>
    [LifecycleRule("BP-05")]
    public static SubmitResult? Refusal(ConversationItem item)
    {
        if (item is not ConversationItem.Message message)
        {
            return null;
        }

        long encoded = 0;
        for (int i = 0; i < message.Content.Count; i++)
        {
            ItemContent part = message.Content[i];
            if (!IsTaken(message.Role, part))
            {
                return SessionIntents.Refuse("IT-11", $"You added a message of the {message.Role} with {(part is ItemContent.Image ? "a picture" : "sound")} in part {i}; the service takes {(message.Role is ItemRole.Assistant ? "text, or sound that has a transcript" : "text")} there.");
            }

            encoded += EncodedLength(part);
        }

        return encoded > MaxEncodedBytes
            ? SessionIntents.Refuse("BP-05", $"You added a message whose sound and pictures are {encoded} bytes in base64; the service takes {MaxEncodedBytes} in one event.")
            : null;
    }

    private static bool IsTaken(ItemRole role, ItemContent part) => (role, part) switch
    {
        (ItemRole.User, _) or (_, ItemContent.Text) => true,
        (_, ItemContent.Audio { Transcript.Length: > 0 } audio) => role is ItemRole.Assistant || audio.Bytes.IsEmpty,
        _ => false,
    };

    private static long EncodedLength(ItemContent part) => part switch
    {
        ItemContent.Audio audio => (audio.Bytes.Length + 2L) / 3 * 4,
        ItemContent.Image image => (image.Bytes.Length + 2L) / 3 * 4,
        _ => 0,
    };
}
