namespace Realtime.Protocol;

/// <summary>Tokens, as the server counted them. Usage that the server did not report is null where it could stand, and never a usage of zero.</summary>
/// <param name="Input">What the model read, by modality; what the server did not assign to a modality is text.</param>
/// <param name="CachedInput">What of it the model had read before: a part of <paramref name="Input"/>, never more than that.</param>
/// <param name="Output">What the model made. Reasoning is among its text.</param>
/// <param name="ReasoningOutput">What of the output was reasoning; 0 where the server does not tell it apart.</param>
public readonly record struct TokenUsage(ModalityTokens Input, ModalityTokens CachedInput, ModalityTokens Output, long ReasoningOutput = 0)
{
    /// <summary>Input and output together.</summary>
    public long Total => ModalityTokens.Sum(Input.Total, Output.Total);

    /// <summary>The tokens of two reports together.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => Add(left, right);

    /// <summary>The tokens of two reports together.</summary>
    public static TokenUsage Add(TokenUsage left, TokenUsage right) => new(
        left.Input + right.Input,
        left.CachedInput + right.CachedInput,
        left.Output + right.Output,
        ModalityTokens.Sum(left.ReasoningOutput, right.ReasoningOutput));

    /// <summary>What these tokens cost, in the currency of the prices. Exact: decimal numbers, not rounded.</summary>
    /// <param name="prices">For a million tokens of each kind.</param>
    public decimal Cost(TokenPrices prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        return (CostOf(Input.Text, CachedInput.Text, prices.TextInput, prices.CachedTextInput)
            + CostOf(Input.Audio, CachedInput.Audio, prices.AudioInput, prices.CachedAudioInput)
            + CostOf(Input.Image, CachedInput.Image, prices.ImageInput, prices.CachedImageInput)
            + (Math.Max(0, Output.Text) * prices.TextOutput)
            + (Math.Max(0, Output.Audio) * prices.AudioOutput)) / TokenPrices.Tokens;
    }

    // A count that an application made up may be negative, or claim more cached tokens than there were; nobody is paid for that.
    private static decimal CostOf(long all, long cached, decimal price, decimal? cachedPrice)
    {
        all = Math.Max(0, all);
        cached = Math.Clamp(cached, 0, all);
        return ((all - cached) * price) + (cached * (cachedPrice ?? price));
    }
}
