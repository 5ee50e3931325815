using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>A response's beginning and end as messages. What the server does not state is null.</summary>
internal static class ResponseMessages
{
    public static ResponseCreatedRealtimeServerMessage Of(RealtimeServerMessageType type, TextView eventId, ResponseView response)
    {
        var message = new ResponseCreatedRealtimeServerMessage(type) { MessageId = eventId.OrNull() };
        if (!response.HasValue)
        {
            return message;
        }

        message.ResponseId = response.Id.OrNull();
        message.Status = response.Status.Raw.OrNull();
        message.Usage = response.Usage.OrNull();
        message.MaxOutputTokens = !response.MaxOutputTokens.HasValue ? null : response.MaxOutputTokens.Value.IsInfinity ? int.MaxValue : response.MaxOutputTokens.Value.Value.ToInt();
        message.Error = ErrorOf(response.StatusDetails);
        message.AdditionalProperties = Pairs(response.Metadata);
        message.OutputModalities = Modalities(response);
        message.Items = Items(response.Output);
        if (response.Audio.HasValue && response.Audio.Output.HasValue)
        {
            ResponseAudioOutputView output = response.Audio.Output;
            message.OutputAudioOptions = output.Format.OrNull();
            message.OutputVoice = output.Voice.TryGetCustomVoice(out CustomVoiceView own) ? own.Id.OrNull() : output.Voice.Text.Raw.OrNull();
        }

        return message;
    }

    private static ErrorContent? ErrorOf(ResponseStatusDetailsView stated)
    {
        if (!stated.HasValue)
        {
            return null;
        }

        if (!stated.TryGetStatusDetails(out StatusDetailsView details))
        {
            return ErrorMessages.Content(stated.Text.OrNull(), null, null);
        }

        string? reason = details.Reason.Raw.OrNull();
        if (!details.Error.HasValue)
        {
            return reason is null ? null : ErrorMessages.Content(null, reason, null);
        }

        return details.Error.TryGetResponseError(out ResponseErrorView error)
            ? ErrorMessages.Content(error.Message.OrNull(), error.Code.OrNull() ?? error.Type.OrNull(), reason)
            : ErrorMessages.Content(details.Error.Text.OrNull(), null, reason);
    }

    private static AdditionalPropertiesDictionary? Pairs(StringMapView metadata)
    {
        if (!metadata.HasValue || metadata.Count == 0)
        {
            return null;
        }

        var pairs = new AdditionalPropertiesDictionary();
        foreach (StringMapView.Pair pair in metadata)
        {
            pairs[pair.Key.ToString()] = pair.Value.ToString();
        }

        return pairs;
    }

    private static List<string>? Modalities(ResponseView response)
    {
        if (!response.OutputModalities.HasValue)
        {
            return null;
        }

        var modalities = new List<string>();
        foreach (EnumView<Modality> modality in response.OutputModalities)
        {
            modalities.Add(modality.Raw.ToString());
        }

        return modalities;
    }

    private static List<RealtimeConversationItem>? Items(ListView<ItemView> output)
    {
        if (!output.HasValue)
        {
            return null;
        }

        var items = new List<RealtimeConversationItem>();
        foreach (ItemView item in output)
        {
            items.Add(ItemFromServer.Of(item, calls: null));
        }

        return items;
    }
}
