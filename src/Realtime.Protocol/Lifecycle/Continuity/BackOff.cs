namespace Realtime.Protocol.Lifecycle;

/// <summary>How long the next attempt waits: a pure function of its number and of chance. Doubling spares a server that is in trouble; chance keeps many sessions from coming back at one moment.</summary>
public static class BackOff
{
    // Beyond it the doubled wait is longer than any that a policy can have.
    private const int MostDoublings = 62;

    /// <summary>The wait before an attempt: between half of the doubled delay and all of it.</summary>
    /// <param name="policy">Its first and its longest delay.</param>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="random">At least 0 and less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such attempt, or no such chance.</exception>
    public static TimeSpan Delay(ReconnectPolicy policy, int attempt, double random)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        if (random is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(random), random, "Chance is at least 0 and less than 1.");
        }

        var doubled = (Int128)policy.FirstDelay.Ticks << Math.Min(attempt - 1, MostDoublings);
        long whole = (long)Int128.Min(doubled, policy.MaxDelay.Ticks);
        return TimeSpan.FromTicks((whole / 2) + (long)(random * (whole - (whole / 2))));
    }

    /// <summary>Whether there is another attempt after so many that failed.</summary>
    public static bool IsAnotherLeft(ReconnectPolicy policy, int failed)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return failed < policy.MaxAttempts;
    }
}
