namespace Realtime.Protocol;

/// <summary>Whether and how a session connects anew after it lost its connection. It begins with the session: connecting the first time is yours to try again. A value: <c>ReconnectPolicy.Standard with { MaxAttempts = 3 }</c>.</summary>
public sealed record ReconnectPolicy
{
    // A timer of .NET takes no longer wait.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>A lost connection ends the session.</summary>
    public static ReconnectPolicy None => new() { MaxAttempts = 0, HandOverBeforeExpiry = TimeSpan.Zero };

    /// <summary>Five attempts, the first after about half a second; a session that is about to expire is handed over ten minutes before.</summary>
    public static ReconnectPolicy Standard => new();

    /// <summary>How often it is tried, one after the other, before the session ends. 0 is never. It is counted anew when a turn has completed, or a connection has stood for longer than <see cref="MaxDelay"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxAttempts
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxAttempts), value, "The attempts cannot be fewer than none.");
    } = 5;

    /// <summary>About how long it waits before the first attempt; each later one waits twice as long, up to <see cref="MaxDelay"/>. Half of each wait is by chance, so that many sessions do not come back at one moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    public TimeSpan FirstDelay
    {
        get;
        init => field = Fits(value, nameof(FirstDelay));
    } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between two attempts. One that is shorter than <see cref="FirstDelay"/> holds for the first as well.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    public TimeSpan MaxDelay
    {
        get;
        init => field = Fits(value, nameof(MaxDelay));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long before the service ends the session a second connection is made, told what was said, and taken at the first moment at which nobody notices (SE-08); a minute before the end it is taken in any case, as after
    /// a loss. When it cannot be had, the end is an ordinary loss. Of a session that has less left, and more than two minutes, half of the time is let pass first. Zero: never; nor where <see cref="MaxAttempts"/> is 0, nor beside a call, which
    /// ends with its session.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    public TimeSpan HandOverBeforeExpiry
    {
        get;
        init => field = Fits(value, nameof(HandOverBeforeExpiry));
    } = TimeSpan.FromMinutes(10);

    private static TimeSpan Fits(TimeSpan value, string name) => value >= TimeSpan.Zero && value <= Longest
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "It has to be between zero and 24 days.");
}
