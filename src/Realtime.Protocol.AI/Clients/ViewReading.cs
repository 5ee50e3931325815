using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>What is optional on the wire, as what is optional in .NET.</summary>
internal static class ViewReading
{
    public static string? OrNull(this TextView text) => text.HasValue ? text.ToString() : null;

    public static long? OrNull(this Field<long> number) => number.HasValue ? number.Value : null;

    public static int? ToInt(this Field<long> number) => number.HasValue ? ToInt(number.Value) : null;

    /// <summary>An index or a rate: what no list can have is the largest.</summary>
    public static int ToInt(this long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);

    public static RealtimeAudioFormat? OrNull(this AudioFormatView format) =>
        format.HasValue && format.Type.Raw.OrNull() is { } type ? new(type, format.Rate.ToInt() ?? (type == MediaTypes.Pcm ? 24_000 : 8_000)) : null;

    public static UsageDetails? OrNull(this UsageView usage)
    {
        if (!usage.HasValue)
        {
            return null;
        }

        InputTokenDetailsView input = usage.InputTokenDetails;
        OutputTokenDetailsView output = usage.OutputTokenDetails;
        var details = new UsageDetails
        {
            InputTokenCount = usage.InputTokens.OrNull(),
            OutputTokenCount = usage.OutputTokens.OrNull(),
            TotalTokenCount = usage.TotalTokens.OrNull(),
            CachedInputTokenCount = input.HasValue ? input.CachedTokens.OrNull() : null,
            InputAudioTokenCount = input.HasValue ? input.AudioTokens.OrNull() : null,
            InputTextTokenCount = input.HasValue ? input.TextTokens.OrNull() : null,
            OutputAudioTokenCount = output.HasValue ? output.AudioTokens.OrNull() : null,
            OutputTextTokenCount = output.HasValue ? output.TextTokens.OrNull() : null,
            ReasoningTokenCount = output.HasValue ? output.ReasoningTokens.OrNull() : null,
        };
        if (input.HasValue && input.ImageTokens.OrNull() is { } images)
        {
            details.AdditionalCounts = new() { ["InputImageTokenCount"] = images };
        }

        return details;
    }

    public static UsageDetails? OrNull(this TranscriptionUsageView usage)
    {
        if (!usage.HasValue || !usage.TryGetTokens(out TranscriptionTokenUsageView tokens))
        {
            return null; // by length: there is no word for it
        }

        TranscriptionInputTokenDetailsView input = tokens.InputTokenDetails;
        return new()
        {
            InputTokenCount = tokens.InputTokens,
            OutputTokenCount = tokens.OutputTokens,
            TotalTokenCount = tokens.TotalTokens,
            InputAudioTokenCount = input.HasValue ? input.AudioTokens.OrNull() : null,
            InputTextTokenCount = input.HasValue ? input.TextTokens.OrNull() : null,
        };
    }
}
