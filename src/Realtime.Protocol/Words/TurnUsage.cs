namespace Realtime.Protocol;

/// <summary>Tokens, as the server counted them. Cached tokens are among the input tokens.</summary>
/// <param name="TotalTokens">All.</param>
/// <param name="InputTokens">What the model read.</param>
/// <param name="OutputTokens">What it made.</param>
/// <param name="CachedTokens">What it had read before.</param>
/// <param name="InputAudioTokens">What it heard.</param>
/// <param name="OutputAudioTokens">What it spoke.</param>
public sealed record TurnUsage(long TotalTokens, long InputTokens, long OutputTokens, long CachedTokens, long InputAudioTokens, long OutputAudioTokens)
{
    /// <summary>The tokens of two responses together.</summary>
    public static TurnUsage operator +(TurnUsage left, TurnUsage right) => Add(left, right);

    /// <summary>The tokens of two responses together.</summary>
    public static TurnUsage Add(TurnUsage left, TurnUsage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.TotalTokens + right.TotalTokens,
            left.InputTokens + right.InputTokens,
            left.OutputTokens + right.OutputTokens,
            left.CachedTokens + right.CachedTokens,
            left.InputAudioTokens + right.InputAudioTokens,
            left.OutputAudioTokens + right.OutputAudioTokens);
    }
}
