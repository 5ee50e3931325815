namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// What a host bears. Each limit ends with a code and a sentence, never with a host that stops. The numbers are the host's own: the service has published none of them.
/// Times are those of the system's clock, whatever paces the answers.
/// </summary>
public sealed record SimulatorHostLimits
{
    /// <summary>The longest message of a client, in bytes; above it the connection ends with 1009. 16 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one, or more than 512 MiB.</exception>
    public int MaxMessageBytes { get; init => field = InRange(value, 1, 512 * 1024 * 1024); } = 16 * 1024 * 1024;

    /// <summary>How many fragments a message of a client may be cut into; above it the connection ends with 1008. 65,536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxFragments { get; init => field = InRange(value, 1, int.MaxValue); } = 65_536;

    /// <summary>How many connections there may be at once; the next is refused with 503. 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxConnections { get; init => field = InRange(value, 1, int.MaxValue); } = 10_000;

    /// <summary>How many bytes may wait for one client that reads slowly. Above a quarter of it nothing more is read from that client; above all of it what waits is thrown away, and the connection ends with 1008, or with a reset when the goodbye does not get through within <see cref="Patience"/>. 4 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxQueuedBytes { get; init => field = InRange(value, 1, int.MaxValue); } = 4 * 1024 * 1024;

    /// <summary>How many bytes may wait for all clients together; above it the client for whom most waits is given up. 256 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public long MaxQueuedBytesInAll { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1."); } = 256L * 1024 * 1024;

    /// <summary>How many bytes of their users' sound all sessions keep for whoever retrieves it, where their options do not say how much (<see cref="Simulation.SimulatorOptions.KeptAudioBytes"/>): each keeps the same part of it, and no more than 256 KiB. 4 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than zero.</exception>
    public long KeptAudioBytesInAll { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 0."); } = 4 * 1024 * 1024;

    /// <summary>How long a client for whom too much waits may take nothing of it, and how long it may take for a goodbye, before its connection is reset. 2 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than a day.</exception>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(2);

    /// <summary>How long a client may take for its HTTP request. 10 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than a day.</exception>
    public TimeSpan HandshakeTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may be silent before it is pinged. 20 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than a day.</exception>
    public TimeSpan PingAfter { get; init => field = Positive(value); } = TimeSpan.FromSeconds(20);

    /// <summary>How long a client may take to answer the ping before it is taken for dead and its connection reset. 20 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than a day.</exception>
    public TimeSpan PongTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(20);

    private static int InRange(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
        return value;
    }
}
