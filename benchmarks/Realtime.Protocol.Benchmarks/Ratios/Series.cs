namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>What one way cost, round by round. Round n of a comparison is round n of all of its ways: they ran one after the other.</summary>
/// <param name="Comparison">The job.</param>
/// <param name="Way">How it was done.</param>
/// <param name="Values">For one operation, in each round.</param>
/// <param name="BytesAllocated">For one operation; null where that was not asked.</param>
/// <param name="Unit">What the values count.</param>
public sealed record Series(string Comparison, string Way, IReadOnlyList<double> Values, double? BytesAllocated, Unit Unit = Unit.Nanoseconds);
