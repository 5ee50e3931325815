using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>
/// Every field of <c>response.done</c>, down to the cached tokens. The SDK has no member for what never varies
/// (<c>object</c>, the discriminating <c>type</c>): it tells them by the class.
/// </summary>
public static class ResponseDoneMembers
{
    private const string Type = "response.done";

    /// <summary>What the SDK hands over of what a message says.</summary>
    public static Answer ExpectedOfSdk(Answer says) =>
        new([.. says.Members.Where(static member => !member.Member.EndsWith(".object", StringComparison.Ordinal) && !member.Member.EndsWith(".type", StringComparison.Ordinal))]);

    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.TryGetResponseDone(out ResponseDoneView done))
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Slice(done.EventId.Raw);
            ResponseView response = done.Response;
            sink.Slice(response.Object.Raw.Raw);
            sink.Slice(response.Id.Raw);
            sink.Slice(response.Status.Raw.Raw);
            sink.Number(response.StatusDetails.HasValue ? 1 : 0);
            foreach (ItemView item in response.Output)
            {
                if (!item.TryGetMessage(out MessageItemView message))
                {
                    throw AnotherEvent.Than("a message");
                }

                sink.Slice(message.Id.Raw);
                sink.Slice(message.Object.Raw.Raw);
                sink.Slice(message.Type.Raw);
                sink.Slice(message.Status.Raw.Raw);
                sink.Slice(message.Role.Raw.Raw);
                foreach (ContentPartView part in message.Content)
                {
                    sink.Slice(part.Type.Raw.Raw);
                    sink.Slice(part.Transcript.Raw);
                }
            }

            sink.Slice(response.ConversationId.Raw);
            foreach (EnumView<Modality> modality in response.OutputModalities)
            {
                sink.Slice(modality.Raw.Raw);
            }

            sink.Number(response.MaxOutputTokens.Value.IsInfinity ? 1 : 0);
            ResponseAudioOutputView output = response.Audio.Output;
            sink.Slice(output.Format.Type.Raw.Raw);
            sink.Number(output.Format.Rate.Value);
            sink.Slice(output.Voice.Text.Raw.Raw);
            UsageView usage = response.Usage;
            sink.Number(usage.TotalTokens.Value);
            sink.Number(usage.InputTokens.Value);
            sink.Number(usage.OutputTokens.Value);
            InputTokenDetailsView input = usage.InputTokenDetails;
            sink.Number(input.TextTokens.Value);
            sink.Number(input.AudioTokens.Value);
            sink.Number(input.ImageTokens.Value);
            sink.Number(input.CachedTokens.Value);
            CachedTokensDetailsView cached = input.CachedTokensDetails;
            sink.Number(cached.TextTokens.Value);
            sink.Number(cached.AudioTokens.Value);
            sink.Number(cached.ImageTokens.Value);
            OutputTokenDetailsView spoken = usage.OutputTokenDetails;
            sink.Number(spoken.TextTokens.Value);
            sink.Number(spoken.AudioTokens.Value);
            sink.Number(response.Metadata.HasValue ? 1 : 0);
        }
    }

    /// <summary>The class that a serializer filled.</summary>
    public readonly struct OfClass : IMembers<ResponseEvent>
    {
        public void HandOver<TSink>(scoped in ResponseEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.Type != Type)
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(read.EventId);
            ResponseClass response = read.Response;
            sink.Text(response.Object);
            sink.Text(response.Id);
            sink.Text(response.Status);
            sink.Number(response.StatusDetails is null ? 0 : 1);
            foreach (ItemClass item in response.Output)
            {
                sink.Text(item.Id);
                sink.Text(item.Object);
                sink.Text(item.Type);
                sink.Text(item.Status);
                sink.Text(item.Role);
                foreach (ContentPartClass part in item.Content)
                {
                    sink.Text(part.Type);
                    sink.Text(part.Transcript);
                }
            }

            sink.Text(response.ConversationId);
            foreach (string modality in response.OutputModalities)
            {
                sink.Text(modality);
            }

            sink.Number(response.MaxOutputTokens == "inf" ? 1 : 0);
            OutputClass output = response.Audio!.Output!;
            sink.Text(output.Format!.Type);
            sink.Number(output.Format.Rate);
            sink.Text(output.Voice);
            UsageClass usage = response.Usage!;
            sink.Number(usage.TotalTokens);
            sink.Number(usage.InputTokens);
            sink.Number(usage.OutputTokens);
            TokenDetailsClass input = usage.InputTokenDetails!;
            sink.Number(input.TextTokens);
            sink.Number(input.AudioTokens);
            sink.Number(input.ImageTokens);
            sink.Number(input.CachedTokens);
            TokenDetailsClass cached = input.CachedTokensDetails!;
            sink.Number(cached.TextTokens);
            sink.Number(cached.AudioTokens);
            sink.Number(cached.ImageTokens);
            TokenDetailsClass spoken = usage.OutputTokenDetails!;
            sink.Number(spoken.TextTokens);
            sink.Number(spoken.AudioTokens);
            sink.Number(response.Metadata is null ? 0 : 1);
        }
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read is not RealtimeServerUpdateResponseDone done)
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(done.EventId);
            RealtimeResponse response = done.Response;
            sink.Text(response.Id);
            sink.Text(response.Status.ToString());
            sink.Number(response.StatusDetails is null ? 0 : 1);
            foreach (RealtimeItem item in response.OutputItems)
            {
                var message = (RealtimeMessageItem)item;
                sink.Text(message.Id);
                sink.Text(message.Status.ToString());
                sink.Text(message.Role.ToString());
                foreach (RealtimeMessageContentPart part in message.Content)
                {
                    sink.Text(((RealtimeOutputAudioMessageContentPart)part).Transcript);
                }
            }

            sink.Text(response.ConversationId);
            foreach (RealtimeOutputModality modality in response.OutputModalities)
            {
                sink.Text(modality.ToString());
            }

            sink.Number(response.MaxOutputTokenCount.DefaultMaxOutputTokenCount is null ? 0 : 1);
            RealtimeResponseOutputAudioOptions output = response.AudioOptions.OutputAudioOptions;
            sink.Number(((RealtimePcmAudioFormat)output.AudioFormat).Rate);
            sink.Text(output.Voice.ToString());
            RealtimeResponseUsage usage = response.Usage;
            sink.Number(usage.TotalTokenCount ?? 0);
            sink.Number(usage.InputTokenCount ?? 0);
            sink.Number(usage.OutputTokenCount ?? 0);
            RealtimeResponseInputTokenUsageDetails input = usage.InputTokenDetails;
            sink.Number(input.TextTokenCount ?? 0);
            sink.Number(input.AudioTokenCount ?? 0);
            sink.Number(input.ImageTokenCount ?? 0);
            sink.Number(input.CachedTokenCount ?? 0);
            RealtimeResponseInputCachedTokenUsageDetails cached = input.CachedTokenDetails;
            sink.Number(cached.TextTokenCount ?? 0);
            sink.Number(cached.AudioTokenCount ?? 0);
            sink.Number(cached.ImageTokenCount ?? 0);
            RealtimeResponseOutputTokenUsageDetails spoken = usage.OutputTokenDetails;
            sink.Number(spoken.TextTokenCount ?? 0);
            sink.Number(spoken.AudioTokenCount ?? 0);
            sink.Number(response.Metadata is { Count: > 0 } ? 1 : 0);
        }
    }

    /// <summary>A parsed document.</summary>
    public readonly struct OfElement : IMembers<JsonElement>
    {
        public void HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.GetProperty("type"u8).ValueEquals("response.done"u8))
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(read.GetProperty("event_id"u8).GetString());
            JsonElement response = read.GetProperty("response"u8);
            sink.Text(response.GetProperty("object"u8).GetString());
            sink.Text(response.GetProperty("id"u8).GetString());
            sink.Text(response.GetProperty("status"u8).GetString());
            sink.Number(IsThere(response.GetProperty("status_details"u8)));
            foreach (JsonElement item in response.GetProperty("output"u8).EnumerateArray())
            {
                sink.Text(item.GetProperty("id"u8).GetString());
                sink.Text(item.GetProperty("object"u8).GetString());
                sink.Text(item.GetProperty("type"u8).GetString());
                sink.Text(item.GetProperty("status"u8).GetString());
                sink.Text(item.GetProperty("role"u8).GetString());
                foreach (JsonElement part in item.GetProperty("content"u8).EnumerateArray())
                {
                    sink.Text(part.GetProperty("type"u8).GetString());
                    sink.Text(part.GetProperty("transcript"u8).GetString());
                }
            }

            sink.Text(response.GetProperty("conversation_id"u8).GetString());
            foreach (JsonElement modality in response.GetProperty("output_modalities"u8).EnumerateArray())
            {
                sink.Text(modality.GetString());
            }

            sink.Number(response.GetProperty("max_output_tokens"u8).ValueEquals("inf"u8) ? 1 : 0);
            JsonElement output = response.GetProperty("audio"u8).GetProperty("output"u8);
            JsonElement format = output.GetProperty("format"u8);
            sink.Text(format.GetProperty("type"u8).GetString());
            sink.Number(format.GetProperty("rate"u8).GetInt64());
            sink.Text(output.GetProperty("voice"u8).GetString());
            JsonElement usage = response.GetProperty("usage"u8);
            sink.Number(usage.GetProperty("total_tokens"u8).GetInt64());
            sink.Number(usage.GetProperty("input_tokens"u8).GetInt64());
            sink.Number(usage.GetProperty("output_tokens"u8).GetInt64());
            JsonElement input = usage.GetProperty("input_token_details"u8);
            sink.Number(input.GetProperty("text_tokens"u8).GetInt64());
            sink.Number(input.GetProperty("audio_tokens"u8).GetInt64());
            sink.Number(input.GetProperty("image_tokens"u8).GetInt64());
            sink.Number(input.GetProperty("cached_tokens"u8).GetInt64());
            JsonElement cached = input.GetProperty("cached_tokens_details"u8);
            sink.Number(cached.GetProperty("text_tokens"u8).GetInt64());
            sink.Number(cached.GetProperty("audio_tokens"u8).GetInt64());
            sink.Number(cached.GetProperty("image_tokens"u8).GetInt64());
            JsonElement spoken = usage.GetProperty("output_token_details"u8);
            sink.Number(spoken.GetProperty("text_tokens"u8).GetInt64());
            sink.Number(spoken.GetProperty("audio_tokens"u8).GetInt64());
            sink.Number(IsThere(response.GetProperty("metadata"u8)));
        }
    }

    private static long IsThere(JsonElement member) => member.ValueKind == JsonValueKind.Null ? 0 : 1;
}
