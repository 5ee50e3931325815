namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>What became of a long talk.</summary>
/// <param name="Heard">How many turns were heard to their end.</param>
/// <param name="Lost">What became of the others, in the order in which it was known.</param>
/// <param name="SlowestMs">How late the slowest piece was said, in milliseconds.</param>
/// <param name="LongestWaitMs">How long a speaker waited for an answer that was late, in milliseconds: how far the machine was behind.</param>
public sealed record TalkReport(int Heard, IReadOnlyList<LostTurn> Lost, double SlowestMs, double LongestWaitMs);
