namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>What came of one deed.</summary>
/// <param name="Deed">Which.</param>
/// <param name="Calls">How many calls ran.</param>
/// <param name="Resumed">From the end of a line to <c>ready</c> on the next, one for each call that had to go on.</param>
/// <param name="FirstSound">From <c>ready</c> to the first sound, where an answer was due.</param>
/// <param name="SaidAgain">How many questions were lost with the line, and said again.</param>
/// <param name="Note">What is particular, in words; empty for nothing.</param>
internal sealed record DeedReport(Deed Deed, int Calls, IReadOnlyList<TimeSpan> Resumed, IReadOnlyList<TimeSpan> FirstSound, int SaidAgain, string Note);

/// <summary>Many times as three.</summary>
internal readonly record struct Spread(double P50, double P95, double Max)
{
    /// <summary>In milliseconds; null of none.</summary>
    public static Spread? Of(IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0)
        {
            return null;
        }

        double[] sorted = [.. times.Select(static time => time.TotalMilliseconds).Order()];
        return new(At(0.5), At(0.95), sorted[^1]);

        // The smallest that as many are not above.
        double At(double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }
}
