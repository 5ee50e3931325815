namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>Makes a failing tape short and plain: takes blocks out, sets blocks to zero, makes numbers smaller, for as long as the tape still fails in the same way.</summary>
internal static class TapeShrinker
{
    private const int MostRuns = 4_000;

    /// <param name="tape">A tape that fails.</param>
    /// <param name="failsAlike">Whether another tape fails as this one does.</param>
    public static ushort[] Shrink(IEnumerable<ushort> tape, Func<ushort[], bool> failsAlike)
    {
        ushort[] best = [.. tape];
        int runs = 0;
        bool Try(ushort[] candidate)
        {
            if (runs >= MostRuns || candidate.AsSpan().SequenceEqual(best))
            {
                return false;
            }

            runs++;
            bool fails = failsAlike(candidate);
            best = fails ? candidate : best;
            return fails;
        }

        for (bool improved = true; improved && runs < MostRuns;)
        {
            improved = false;
            for (int block = Math.Max(1, best.Length / 2); block > 0; block /= 2)
            {
                for (int at = 0; at < best.Length;)
                {
                    bool removed = Try([.. best.AsSpan(0, at), .. best.AsSpan(Math.Min(at + block, best.Length))]);
                    improved |= removed;
                    at += removed ? 0 : block;
                }

                for (int at = 0; at < best.Length; at += block)
                {
                    ushort[] zeroed = [.. best];
                    zeroed.AsSpan(at, Math.Min(block, best.Length - at)).Clear();
                    improved |= Try(zeroed);
                }
            }

            for (int at = 0; at < best.Length; at++)
            {
                foreach (ushort smaller in (ushort[])[1, (ushort)(best[at] / 2), (ushort)Math.Max(best[at] - 1, 0)])
                {
                    if (at < best.Length && smaller < best[at])
                    {
                        ushort[] reduced = [.. best];
                        reduced[at] = smaller;
                        improved |= Try(reduced);
                    }
                }
            }
        }

        return best;
    }
}
