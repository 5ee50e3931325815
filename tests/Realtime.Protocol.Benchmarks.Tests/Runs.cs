using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Hearing;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Benchmarks.Results;
using Realtime.Protocol.Benchmarks.Sessions;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>Runs that nobody measured: every way of every goal, with figures that can be told apart.</summary>
internal static class Runs
{
    public static Machine Machine { get; } = new("Test Processor", 2, "X64", "Test OS", ".NET 10", "AVX2", GoalRow.Avx2);

    public static Series Series(string comparison, string way, params double[] values) => new(comparison, way, values, BytesAllocated: 0);

    /// <summary>Everything that the chart draws: ours 1,000 ns, the others longer one by one, Newtonsoft a hundred times as long; and of sessions half and two thirds of the other client's.</summary>
    public static MeasuredRun Drawn()
    {
        string[] comparisons = ["audio 19200", "transcript delta", "response.done"];
        string[] ways = [Ways.RealtimeProtocol, Ways.BareBase64, Ways.Utf8JsonReader, Ways.SourceGeneration, Ways.JsonDocument, Ways.OpenAISdk];
        Series[] series =
        [
            .. comparisons.SelectMany(comparison => ways.Select((way, index) => new Series(comparison, way, [1_000 + (index * 100)], index * 1_000))),
            .. comparisons.Select(static comparison => new Series(comparison, Ways.Newtonsoft, [100_000], 23_216)),
            new(LatencyRounds.Usual, Ways.RealtimeProtocol, [144_000], null),
            new(LatencyRounds.Usual, Ways.OpenAISdk, [188_000], null),
            new(LatencyRounds.Usual, Ways.ReceiveOnly, [100_000], null),
            new(RestingSessions.Comparison, Ways.RealtimeProtocol, [34.5 * 1_024], null, Unit.Bytes),
            new(RestingSessions.Comparison, Ways.OpenAISdk, [51.75 * 1_024], null, Unit.Bytes),
        ];
        Goal goal = Goals.All.First(goal => goal.Comparison == comparisons[0] && goal.Peer == Ways.BareBase64);
        return new(new DateTimeOffset(2026, 11, 21, 4, 5, 6, TimeSpan.Zero), "the command", Machine, [Verdict.Of(goal, GoalRow.Avx2, series)], [new SkippedGoal(Goals.All[^1], "what is missing")], series);
    }
}
