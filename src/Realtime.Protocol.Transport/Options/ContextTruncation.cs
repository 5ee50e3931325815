namespace Realtime.Protocol;

/// <summary>What the service does when the conversation outgrows what the model can read.</summary>
public sealed record ContextTruncation
{
    private ContextTruncation(string kind) => Kind = kind;

    /// <summary>The oldest messages are left out, as few as possible.</summary>
    public static ContextTruncation Auto { get; } = new("auto");

    /// <summary>A response that would need it fails instead.</summary>
    public static ContextTruncation Disabled { get; } = new("disabled");

    /// <summary>The share that is kept, 0 to 1; null for the two others.</summary>
    public double? Ratio { get; private init; }

    /// <summary>What the conversation may hold behind the instructions; null leaves it to the service.</summary>
    public long? TokenLimit { get; private init; }

    internal string Kind { get; }

    /// <summary>More is left out at once than must be, so that what is left stays the same for longer and is billed as cached.</summary>
    /// <param name="ratio">The share of the limit that is kept, 0 to 1.</param>
    /// <param name="tokenLimit">How many tokens the conversation may hold behind the instructions, at least zero; null leaves it to the service.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not between 0 and 1, or the limit is negative.</exception>
    public static ContextTruncation Retain(double ratio, long? tokenLimit = null)
    {
        if (!(ratio is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The share that is kept is between 0 and 1.");
        }

        if (tokenLimit is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(tokenLimit));
        }

        return new("retention_ratio") { Ratio = ratio, TokenLimit = tokenLimit };
    }

    /// <summary>The kind, with the share that is kept.</summary>
    public override string ToString() => Ratio is { } ratio ? $"{Kind} {ratio.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : Kind;
}
