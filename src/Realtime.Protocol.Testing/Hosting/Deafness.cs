namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Until when a plan of faults has nothing read from a client. It counts from where the fault stands, whenever the client speaks.
/// It reads no clock and waits for nothing: its owner tells it the time, in milliseconds of the system's clock.
/// </summary>
internal struct Deafness
{
    /// <summary>When it ends, or ended; zero where there was none, <see cref="long.MaxValue"/> when it does not end.</summary>
    public long Until { get; private set; }

    /// <summary>Begins one; of two at once, the one that lasts longer counts.</summary>
    public void Begin(int milliseconds, long now) => Until = Math.Max(Until, milliseconds == Timeout.Infinite ? long.MaxValue : now + milliseconds);

    /// <summary>How long it still lasts: zero when it is over, <see cref="Timeout.InfiniteTimeSpan"/> when it does not end.</summary>
    public readonly TimeSpan Left(long now) => Until == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, Until - now));
}
