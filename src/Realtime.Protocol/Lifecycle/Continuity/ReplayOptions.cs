using System.Collections.Immutable;

namespace Realtime.Protocol.Lifecycle;

/// <summary>How much of a checkpoint a new connection gets, and what it may do anew.</summary>
public sealed record ReplayOptions
{
    /// <summary>The most items, the newest first. A call and its output are two. Default: 200.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxItems
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxItems), value, "There cannot be fewer items than none.");
    } = 200;

    /// <summary>The most bytes of words, names, arguments and outputs in UTF-8, the newest first. Default: 65,536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxBytes
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxBytes), value, "There cannot be fewer bytes than none.");
    } = 65_536;

    /// <summary>Whether the question whose answer was not heard out is asked again, once. Default: true.</summary>
    public bool AsksAgain { get; init; } = true;

    /// <summary>The functions that say of themselves that running twice does no more than running once.</summary>
    public ImmutableHashSet<string> IdempotentTools { get; init; } = [];
}
