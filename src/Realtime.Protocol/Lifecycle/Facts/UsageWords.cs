namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a report of tokens says. Services leave out parts of it, so it counts when it tells what was read and what was made, and is no report otherwise: a part would be taken for all.
/// </summary>
public static class UsageWords
{
    /// <summary>The tokens of a response; null when none were reported.</summary>
    /// <param name="usage">As it stands in the event.</param>
    [LifecycleRule("CX-07")]
    public static TokenUsage? Of(UsageView usage)
    {
        if (!usage.HasValue)
        {
            return null;
        }

        InputTokenDetailsView read = usage.InputTokenDetails;
        OutputTokenDetailsView made = usage.OutputTokenDetails;
        long? total = Count(usage.TotalTokens);
        long? inputTokens = Count(usage.InputTokens) ?? Stated(Count(read.TextTokens), Count(read.AudioTokens), Count(read.ImageTokens));
        long? outputTokens = Count(usage.OutputTokens) ?? Stated(Count(made.TextTokens), Count(made.AudioTokens), null);
        if ((inputTokens ?? Rest(total, outputTokens), outputTokens ?? Rest(total, inputTokens)) is not ({ } input, { } output))
        {
            return null;
        }

        ModalityTokens inputs = Split(input, Count(read.TextTokens), Count(read.AudioTokens), Count(read.ImageTokens));
        ModalityTokens outputs = Split(output, Count(made.TextTokens), Count(made.AudioTokens), null);
        return new(inputs, Cached(read, inputs), outputs, Math.Min(Count(made.ReasoningTokens) ?? 0, outputs.Total));
    }

    /// <summary>The tokens of a transcript of the user; null when none were reported.</summary>
    /// <param name="usage">As it stands in the event.</param>
    public static TokenUsage? Of(TranscriptionTokenUsageView usage)
    {
        // Its members are required, so one that is missing reads as 0; and nothing is written down for nothing.
        if ((Count(usage.InputTokens), Count(usage.OutputTokens)) is not ({ } input, { } output) || (input == 0 && output == 0))
        {
            return null;
        }

        TranscriptionInputTokenDetailsView read = usage.InputTokenDetails;
        return new(Split(input, Count(read.TextTokens), Count(read.AudioTokens), null), default, new(output, 0));
    }

    // What is below zero is no count.
    private static long? Count(Field<long> stated) => stated.HasValue && stated.Value >= 0 ? stated.Value : null;

    private static long? Stated(long? text, long? audio, long? image) =>
        text is null && audio is null && image is null ? null : new ModalityTokens(text ?? 0, audio ?? 0, image ?? 0).Total;

    private static long? Rest(long? total, long? part) => total >= part ? total - part : null;

    /// <summary>What is assigned to a modality stays there; what is not is text.</summary>
    private static ModalityTokens Split(long all, long? text, long? audio, long? image)
    {
        var stated = new ModalityTokens(text ?? 0, audio ?? 0, image ?? 0);
        return stated with { Text = ModalityTokens.Sum(stated.Text, Math.Max(0, all - stated.Total)) };
    }

    /// <summary>Never more than was read. What is not assigned to a modality counts as text as far as there was text, since instructions and tools come first; then as sound, then as images.</summary>
    private static ModalityTokens Cached(InputTokenDetailsView read, ModalityTokens input)
    {
        CachedTokensDetailsView details = read.CachedTokensDetails;
        long text = Math.Min(Count(details.TextTokens) ?? 0, input.Text);
        long audio = Math.Min(Count(details.AudioTokens) ?? 0, input.Audio);
        long image = Math.Min(Count(details.ImageTokens) ?? 0, input.Image);
        long rest = Math.Max(0, (Count(read.CachedTokens) ?? 0) - new ModalityTokens(text, audio, image).Total);
        long moreText = Math.Min(rest, input.Text - text);
        long moreAudio = Math.Min(rest - moreText, input.Audio - audio);
        long moreImage = Math.Min(rest - moreText - moreAudio, input.Image - image);
        return new(text + moreText, audio + moreAudio, image + moreImage);
    }
}
