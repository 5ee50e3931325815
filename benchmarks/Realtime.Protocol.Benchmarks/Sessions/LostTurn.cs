using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>A turn that was not heard to its end, told so that its cause can be looked for: whose it was, what became of it, and when.</summary>
/// <param name="Session">Its session, counted from 0.</param>
/// <param name="Turn">Its number in the session, counted from 1.</param>
/// <param name="Fate">Its outcome with the reason and what was heard of it; or that it never came, or never ended.</param>
/// <param name="AtMs">When that was known, in milliseconds since the talk began.</param>
/// <param name="Place">Where its speaker was at that moment.</param>
public sealed record LostTurn(int Session, int Turn, string Fate, double AtMs, string Place)
{
    private const double MillisecondsInSecond = 1_000;

    /// <summary>The fate of a turn that ended, but not as it should have.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="heardMs">How much of it was heard, in milliseconds.</param>
    public static string FateOf(TurnResult result, double heardMs)
    {
        string outcome = result.Outcome switch
        {
            TurnOutcome.Interrupted(var reason) => $"Interrupted by {reason}",
            TurnOutcome.Incomplete(var reason) => $"Incomplete: {reason}",
            TurnOutcome.Failed(var error) => $"Failed: {error}",
            TurnOutcome.Rejected(var error) => $"Rejected: {error}",
            TurnOutcome.Merged(var into) => $"Merged into turn {into}",
            TurnOutcome.Disconnected(var reason) => $"Disconnected: {reason}",
            var other => other.ToString(),
        };
        TurnTimings timings = result.Timings;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome}; heard {Seconds(heardMs)}, found after {Seconds(timings.Detection)}, first sound after {Seconds(timings.FirstAudio)}, ended after {Seconds(timings.Total)}");
    }

    /// <summary>One line.</summary>
    public override string ToString() => $"session {Session}, turn {Turn}: {Fate}; {Seconds(AtMs)} into the talk, {Place}";

    private static string Seconds(TimeSpan? time) => time is { } known ? Seconds(known.TotalMilliseconds) : "never";

    private static string Seconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / MillisecondsInSecond:F2} s");
}
