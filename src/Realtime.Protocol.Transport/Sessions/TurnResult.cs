using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol;

/// <summary>How a turn ended, and what it brought. Its text leaves the transcript out.</summary>
public sealed record TurnResult
{
    /// <summary>The one way in which the turn ended.</summary>
    public required TurnOutcome Outcome { get; init; }

    /// <summary>
    /// What the model said or wrote, in all responses of the turn, one line for each item. After an interruption it is what was
    /// received, which may be more than what was heard.
    /// </summary>
    public required string Transcript { get; init; }

    /// <summary>How many bytes of audio were received for <see cref="Turn.Audio"/>.</summary>
    public required long AudioBytes { get; init; }

    /// <summary>From the beginning of the turn to its first audio; null when there was none.</summary>
    public required TimeSpan? TimeToFirstAudio { get; init; }

    /// <summary>How many responses the turn took: one, and one more after every tool round.</summary>
    public required int Responses { get; init; }

    /// <summary>The tool calls of the turn, in the order in which the model made them.</summary>
    public required IReadOnlyList<ToolCall> ToolCalls { get; init; }

    /// <summary>The tokens of all responses together; null when the server reported none.</summary>
    public required TurnUsage? Usage { get; init; }

    /// <summary>The turn that answers this one as well, when the outcome is <see cref="TurnOutcome.Merged"/>; null otherwise.</summary>
    public Turn? MergedInto { get; init; }

    /// <summary>Outcome and counts.</summary>
    public override string ToString() => $"{Outcome}: {Responses} responses, {ToolCalls.Count} tool calls, {AudioBytes} bytes of audio";
}

/// <summary>Tokens, as the server counted them. Cached tokens are among the input tokens.</summary>
/// <param name="TotalTokens">All.</param>
/// <param name="InputTokens">What the model read.</param>
/// <param name="OutputTokens">What it made.</param>
/// <param name="CachedTokens">What it had read before.</param>
/// <param name="InputAudioTokens">What it heard.</param>
/// <param name="OutputAudioTokens">What it spoke.</param>
public sealed record TurnUsage(long TotalTokens, long InputTokens, long OutputTokens, long CachedTokens, long InputAudioTokens, long OutputAudioTokens)
{
    internal static TurnUsage? Add(TurnUsage? sum, UsageView usage)
    {
        if (!usage.HasValue)
        {
            return sum;
        }

        TurnUsage old = sum ?? new(0, 0, 0, 0, 0, 0);
        return new(
            old.TotalTokens + usage.TotalTokens.GetValueOrDefault(),
            old.InputTokens + usage.InputTokens.GetValueOrDefault(),
            old.OutputTokens + usage.OutputTokens.GetValueOrDefault(),
            old.CachedTokens + usage.InputTokenDetails.CachedTokens.GetValueOrDefault(),
            old.InputAudioTokens + usage.InputTokenDetails.AudioTokens.GetValueOrDefault(),
            old.OutputAudioTokens + usage.OutputTokenDetails.AudioTokens.GetValueOrDefault());
    }
}
