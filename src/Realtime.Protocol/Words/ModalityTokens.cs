namespace Realtime.Protocol;

/// <summary>Tokens by what they stand for. A value; sums stop at <see cref="long.MaxValue"/> instead of turning negative.</summary>
/// <param name="Text">Text: words, instructions, tools, reasoning.</param>
/// <param name="Audio">Sound.</param>
/// <param name="Image">Images.</param>
public readonly record struct ModalityTokens(long Text, long Audio, long Image = 0)
{
    /// <summary>All of them.</summary>
    public long Total => Sum(Sum(Text, Audio), Image);

    /// <summary>The tokens of two counts together.</summary>
    public static ModalityTokens operator +(ModalityTokens left, ModalityTokens right) => Add(left, right);

    /// <summary>The tokens of two counts together.</summary>
    public static ModalityTokens Add(ModalityTokens left, ModalityTokens right) =>
        new(Sum(left.Text, right.Text), Sum(left.Audio, right.Audio), Sum(left.Image, right.Image));

    /// <summary>The sum of two counts that are not negative.</summary>
    internal static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
