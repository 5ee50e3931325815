using System.Globalization;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>What a message asks of a response, as a request of the session. A message that states nothing makes a request that states nothing, so that several become one (RC-07).</summary>
internal static class ResponseMapping
{
    /// <exception cref="NotSupportedException">It states what a voice session does not have.</exception>
    public static ResponseRequest Of(CreateResponseRealtimeClientMessage message, VoiceSession session, VoiceSessionOptions options)
    {
        ResponseRequest seed = message.RawRepresentation switch
        {
            null => new(),
            ResponseRequest own => own,
            var other => throw new NotSupportedException($"CreateResponseRealtimeClientMessage.RawRepresentation: a voice session takes a ResponseRequest, and this is a {other.GetType().Name}."),
        };
        if (message.OutputAudioOptions is { } format && MediaTypes.ToEncoding(format, nameof(message.OutputAudioOptions)) != options.OutputEncoding)
        {
            throw new NotSupportedException("OutputAudioOptions: the encoding is fixed for the life of a voice session, and another one is asked for.");
        }

        return seed with
        {
            IsOutOfBand = message.ExcludeFromConversation ?? seed.IsOutOfBand,
            Input = message.Items is { } items ? [.. items.Select(item => InputOf(item, session, options.InputEncoding))] : seed.Input,
            Instructions = message.Instructions ?? seed.Instructions,
            Modality = SessionOptionsMapping.Modality(message.OutputModalities, nameof(message.OutputModalities)) ?? seed.Modality,
            Voice = message.OutputVoice is { } voice ? new VoiceName(voice) : seed.Voice,
            MaxOutputTokens = message.MaxOutputTokens ?? seed.MaxOutputTokens,
            Tools = message.Tools is { } tools ? ToolMapping.Of(tools, nameof(message.Tools)) : seed.Tools,
            ToolUse = message.ToolMode is { } mode ? ToolMapping.Of(mode, nameof(message.ToolMode)) : seed.ToolUse,
            Metadata = message.AdditionalProperties is { Count: > 0 } pairs ? pairs.ToDictionary(static pair => pair.Key, static pair => TextOf(pair.Key, pair.Value), StringComparer.Ordinal) : seed.Metadata,
        };
    }

    // An item of the conversation goes as a reference to it.
    private static ConversationItem InputOf(RealtimeConversationItem item, VoiceSession session, AudioEncoding encoding) =>
        item is { Id: { Length: > 0 } id } && session.Conversation.TryGet(id, out ConversationItem? known) ? known! : ItemToServer.Of(item, encoding);

    private static string TextOf(string key, object? value) => value switch
    {
        string text => text,
        bool or byte or short or int or long or float or double or decimal => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw new NotSupportedException($"AdditionalProperties: they go as metadata, which are texts, and \"{key}\" is {(value is null ? "null" : $"a {value.GetType().Name}")}."),
    };
}
