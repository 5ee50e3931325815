using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// One line of the goals: what ours may cost beside a peer in the same run, or how many times as fast as it ours has to be; or, of what
/// is not held against anybody, what it may cost.
/// </summary>
/// <param name="Id">P1 to P14; several lines share one.</param>
/// <param name="What">What is compared, in words.</param>
/// <param name="Bound">Which side of the value is good.</param>
/// <param name="Targets">The values, row by row.</param>
/// <param name="Comparison">Where both are measured.</param>
/// <param name="Peer">Whom ours is held against; nobody when null.</param>
/// <param name="Ours">Which way is ours.</param>
/// <param name="Floor">The way whose cost is in both and belongs to neither, so it is taken from both before they are divided; null when there is none.</param>
/// <param name="Unit">What the values count: nothing when there is a peer, otherwise what the series counts.</param>
public sealed record Goal(string Id, string What, Bound Bound, Targets Targets, string Comparison, string? Peer, string Ours = Ways.RealtimeProtocol, string? Floor = null, Unit Unit = Unit.Ratio)
{
    /// <summary>It is measured only when that is asked for with patience: it takes minutes.</summary>
    public bool TakesPatience { get; init; }
}

/// <summary>Which side of a goal is good.</summary>
public enum Bound
{
    /// <summary>Ours, or ours ÷ peer, at most.</summary>
    CostAtMost,

    /// <summary>Peer ÷ ours, at least.</summary>
    TimesAsFast,
}
