namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>What a figure counts.</summary>
public enum Unit
{
    /// <summary>Nothing: one figure divided by another.</summary>
    Ratio,

    Nanoseconds,

    Bytes,
}
