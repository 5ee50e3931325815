namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// One line of the goals: what ours may cost beside a peer in the same run, or how many times as fast as it ours has to be.
/// </summary>
/// <param name="Id">P1 to P10; several lines share one.</param>
/// <param name="What">What is compared, in words.</param>
/// <param name="Bound">Which side of the value is good.</param>
/// <param name="Value">The goal on a machine with AVX-512, and on any other unless there is one for it.</param>
/// <param name="WithoutAvx512">The goal on other machines; null when it is the same there.</param>
/// <param name="Comparison">Where both are measured.</param>
/// <param name="Peer">Whom ours is held against.</param>
/// <param name="Ours">Which way is ours.</param>
public sealed record Goal(string Id, string What, Bound Bound, double Value, double? WithoutAvx512, string Comparison, string Peer, string Ours)
{
    public double ValueOn(bool hasAvx512) => hasAvx512 ? Value : WithoutAvx512 ?? Value;
}

/// <summary>Which side of a goal is good.</summary>
public enum Bound
{
    /// <summary>Ours ÷ peer, at most.</summary>
    CostAtMost,

    /// <summary>Peer ÷ ours, at least.</summary>
    TimesAsFast,
}
